"""A task has one owner, is taken up, reported, handed over and ended once; its words are not in the state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.access.may import Deny
from muster.core.errors import Conflict, Refused
from muster.core.people import Actor, Role
from muster.record.body import Body
from muster.record.state import to_bytes
from muster.respond.correction import CorrectWork
from muster.respond.progress import StandDown
from muster.respond.tasks import (
    TASKS,
    AcceptTask,
    DropTask,
    FinishTask,
    GiveTask,
    HandOverTask,
    ReportTask,
    Task,
    TaskAccepted,
    TaskAssigned,
    TaskDone,
    TaskDropped,
    TaskGiven,
    TaskReported,
    late,
)
from muster.respond.work import WorkCorrected
from tests.access.world import ANA, BEN, CARO, account_id, entry, erased, refs
from tests.respond.work_scene import WorkScene


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene()


def task(scene: WorkScene, incident: str, owner: Actor = BEN, by: Actor = ANA, **more: object) -> int:
    command = GiveTask.model_validate(
        {"incident": incident, "text": "Save the logs of web-1", "owner": owner.account, **more}
    )
    return int(scene.answer(command, by)["task"])


def opened(scene: WorkScene, incident: str) -> dict[int, Task]:
    return scene.state(incident).slice(TASKS).pending


def test_a_task_is_given_taken_up_and_done(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident, minutes=45, check_back=15)
    assert scene.kinds(incident)[-2:] == ["task.given", "task.assigned"]
    assert opened(scene, incident)[seq] == Task(
        owner=BEN.account,
        due="2026-11-24T02:55:00.000000Z",
        check="2026-11-24T02:25:00.000000Z",
        every=15,
        version=1,
    )
    assert scene.answer(AcceptTask(incident=incident, task=seq, expected=1), BEN)["version"] == 2
    assert opened(scene, incident)[seq].accepted
    with pytest.raises(Refused, match="taken it up already"):
        scene.do(AcceptTask(incident=incident, task=seq, expected=2), BEN)
    scene.do(FinishTask(incident=incident, task=seq, expected=2, text="Saved as exhibit 4"), BEN)
    assert opened(scene, incident) == {}
    with pytest.raises(Refused, match="no open task"):
        scene.do(FinishTask(incident=incident, task=seq, expected=3, text="again"), BEN)


def test_what_somebody_gives_themselves_is_taken_up(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident, ANA)
    assert opened(scene, incident)[seq].accepted
    assert opened(scene, incident)[seq].due == opened(scene, incident)[seq].check


def test_hands_on_work_for_the_commander_warns_and_is_marked(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    hands_on = GiveTask(incident=incident, text="Take the server apart", owner=ANA.account)
    assert "nobody leads meanwhile" in scene.answer(hands_on, ANA)["warnings"][0]
    body = scene.body(incident)
    assert isinstance(body, TaskAssigned)
    assert body.to_commander
    calls = GiveTask(incident=incident, text="Call the bank", owner=ANA.account, hands_on=False)
    assert scene.answer(calls, ANA)["warnings"] == ()
    seq = task(scene, incident, BEN)
    over = HandOverTask(incident=incident, task=seq, to=ANA.account, expected=1)
    assert scene.answer(over, BEN)["warnings"]


def test_handing_over_leaves_one_owner_who_has_yet_to_take_it_up(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident)
    scene.do(AcceptTask(incident=incident, task=seq, expected=1), BEN)
    over = HandOverTask(incident=incident, task=seq, to=CARO.account, expected=2, minutes=10)
    assert scene.answer(over, BEN) == {
        "task": seq, "version": 3, "due": "2026-11-24T02:20:00.000000Z", "warnings": (),
    }  # fmt: skip
    assert (opened(scene, incident)[seq].owner, opened(scene, incident)[seq].accepted) == (
        CARO.account,
        False,
    )
    with pytest.raises(Refused, match="somebody else's"):
        scene.do(AcceptTask(incident=incident, task=seq, expected=3), BEN)
    with pytest.raises(Refused, match="own this task already"):
        scene.do(over.model_copy(update={"expected": 3}), ANA)
    assert scene.state(incident).slice(TASKS).of(CARO.account) == (seq,)
    assert scene.state(incident).slice(TASKS).of(BEN.account) == ()


def test_two_change_one_task_at_once(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident)
    scene.do(AcceptTask(incident=incident, task=seq, expected=1), BEN)
    with pytest.raises(Conflict) as caught:
        scene.do(DropTask(incident=incident, task=seq, expected=1, reason="not needed"), ANA)
    assert caught.value.yours == "dropped: not needed"
    assert caught.value.theirs == f"it is {BEN.account}'s"
    assert caught.value.version == 2


def test_only_owner_and_command_end_or_report_it(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident)
    scene.commanded(incident, ANA)
    commands = (
        ReportTask(incident=incident, task=seq, text="x"),
        FinishTask(incident=incident, task=seq, expected=1, text="x"),
        DropTask(incident=incident, task=seq, expected=1, reason="x"),
        HandOverTask(incident=incident, task=seq, to=CARO.account, expected=1),
    )
    for command in commands:
        with pytest.raises(Refused, match="Ask its owner, or the commander"):
            scene.do(command, CARO)
    scene.do(commands[2], ANA)
    assert opened(scene, incident) == {}


def test_nobody_who_cannot_see_it_gets_a_task(scene: WorkScene) -> None:
    incident = scene.declared(secrecy="named")
    give = GiveTask(incident=incident, text="x", owner=BEN.account)
    with pytest.raises(Refused, match="may not see this incident"):
        scene.do(give, ANA)
    with pytest.raises(Refused, match="active account"):
        scene.do(give.model_copy(update={"owner": account_id("nobody")}), ANA)
    with pytest.raises(ValidationError):
        GiveTask(incident=incident, text=" ", owner=BEN.account)
    assert isinstance(scene.allowed(GiveTask(incident=incident, text="x", owner=ANA.account), BEN), Deny)


def test_a_task_rises_when_nobody_takes_it_up_reports_it_or_ends_it(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident, minutes=60, check_back=20)
    assert late(scene.state(incident), scene.now) == {}
    scene.wait(20)
    assert late(scene.state(incident), scene.now) == {seq: "nobody has taken it up"}
    scene.do(AcceptTask(incident=incident, task=seq, expected=1), BEN)
    assert late(scene.state(incident), scene.now) == {seq: "its check-back is due"}
    assert scene.answer(ReportTask(incident=incident, task=seq, text="half of it"), BEN)["version"] == 2
    assert late(scene.state(incident), scene.now) == {}
    scene.wait(20)
    assert late(scene.state(incident), scene.now) == {seq: "its check-back is due"}
    scene.wait(20)
    assert late(scene.state(incident), scene.now) == {seq: "its time box is over"}


def test_no_task_after_the_end(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    for command in (
        GiveTask(incident=incident, text="x", owner=BEN.account),
        FinishTask(incident=incident, task=seq, expected=1, text="x"),
    ):
        with pytest.raises(Refused, match="stood down"):
            scene.do(command, ANA)


ASSIGNED = TaskAssigned(owner=BEN.account, due="2026-11-24T02:55:00.000000Z", every=15)
BODIES: list[Body] = [
    TaskGiven(text="x"),
    ASSIGNED,
    TaskAccepted(),
    TaskReported(text="x"),
    TaskDone(text="x"),
    TaskDropped(text="x"),
    WorkCorrected(text="x"),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans(), st.integers(0, 6)), max_size=25))
def test_words_may_be_erased_without_changing_where_tasks_stand(
    story: list[tuple[Body, bool, int]],
) -> None:
    kept, folded = TASKS.empty, TASKS.empty
    for seq, (body, gone, at) in enumerate(story):
        rel = "corrects" if isinstance(body, WorkCorrected) else "task"
        one = entry(body, seq=seq, refs=refs((rel, "INC-000000", at)))
        kept = TASKS.evolve(kept, one)
        # The one entry without words cannot be hidden; erased by retention, it still reads on.
        folded = TASKS.evolve(folded, erased(one) if gone and not isinstance(body, TaskAssigned) else one)
        TASKS.evolve(kept, erased(one))
    assert folded == kept


def test_a_withheld_owner_is_nobody() -> None:
    open_ = TASKS.evolve(TASKS.empty, entry(TaskGiven(text="x"), seq=3))
    ref = refs(("task", "INC-000000", 3))
    given_ = TASKS.evolve(open_, entry(ASSIGNED, seq=4, refs=ref))
    withheld = TASKS.evolve(given_, erased(entry(ASSIGNED, seq=5, refs=ref)))
    assert (withheld.pending[3].owner, withheld.pending[3].version) == ("", 2)


def test_an_open_task_costs_at_most_200_bytes(scene: WorkScene) -> None:
    incident = scene.declared()
    task(scene, incident)
    before = len(to_bytes(scene.state(incident)))
    seq = task(scene, incident, minutes=90)
    scene.do(AcceptTask(incident=incident, task=seq, expected=1), BEN)
    assert len(to_bytes(scene.state(incident))) - before <= 200


def test_a_task_is_taken_up_by_a_person_without_duties_too(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident, CARO)
    scene.do(AcceptTask(incident=incident, task=seq, expected=1), CARO)
    assert opened(scene, incident)[seq].accepted
    assert Role.COMMANDER not in scene.state(incident).slices


def test_it_knows_where_its_newest_words_and_its_last_report_stand(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = task(scene, incident)
    scene.do(CorrectWork(incident=incident, corrects=seq, text="Save all logs"), ANA)
    corrected = scene.state(incident).seq
    scene.do(ReportTask(incident=incident, task=seq, text="Half of it"), BEN)
    said = scene.state(incident).seq
    version = opened(scene, incident)[seq].version
    scene.do(HandOverTask(incident=incident, task=seq, to=ANA.account, expected=version), BEN)
    at = opened(scene, incident)[seq]
    assert (at.words, at.said) == (corrected, said)
