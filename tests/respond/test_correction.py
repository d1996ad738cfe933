"""Tasks and decisions are corrected by addition; whoever saw the old words is told."""

import pytest

from muster.core.errors import Conflict, Refused
from muster.record.entry import Ref
from muster.respond.correction import CorrectWork
from muster.respond.decisions import AskDecision, Decide
from muster.respond.tasks import FinishTask, GiveTask
from tests.access.world import ANA, BEN
from tests.respond.work_scene import WorkScene


def test_both_words_stay_and_the_task_counts_as_changed() -> None:
    scene = WorkScene()
    incident = scene.declared()
    task = scene.answer(GiveTask(incident=incident, text="Save web-1", owner=BEN.account))["task"]
    answer = scene.answer(CorrectWork(incident=incident, corrects=task, text="Save web-2"), BEN)
    assert answer == {"seq": 5, "corrects": task}
    assert scene.last(incident).header.refs == (Ref("corrects", incident, task),)
    assert scene.kinds(incident)[3:] == ["task.given", "task.assigned", "work.corrected"]
    with pytest.raises(Conflict, match="changed this task first"):
        scene.do(FinishTask(incident=incident, task=task, expected=1, text="x"), BEN)
    scene.do(FinishTask(incident=incident, task=task, expected=2, text="x"), BEN)
    with pytest.raises(Refused, match="by a line of the log"):
        scene.do(CorrectWork(incident=incident, corrects=task, text="x"), BEN)


def test_decisions_asked_and_made_can_be_corrected() -> None:
    scene = WorkScene()
    incident = scene.declared()
    asked = scene.answer(AskDecision(incident=incident, text="x?"), ANA)["decision"]
    made = scene.answer(Decide(incident=incident, text="x", reason="y"), ANA)["decision"]
    for seq in (asked, made):
        scene.do(CorrectWork(incident=incident, corrects=seq, text="y"), BEN)
    with pytest.raises(Refused):
        scene.do(CorrectWork(incident=incident, corrects=0, text="y"), BEN)
