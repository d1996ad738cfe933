"""A lesson from the first word to a tested line of the plan; and what stops it on the way."""

import pytest

from muster.core.errors import BadInput, Conflict, MusterError, Refused
from muster.core.ids import PLAN_STREAM
from muster.core.people import Duty
from muster.learn.lesson_steps import (
    AgreeLesson,
    ApproveChange,
    DropLesson,
    MarkTested,
    NoLesson,
    NoteLesson,
    OfLesson,
    WriteChange,
)
from muster.learn.lessons import LEARNED, LESSONS, Lesson, LessonState, untested
from muster.learn.plan_change import LineChange, changes_hash, line_changes
from muster.learn.review import HoldReview
from muster.respond.declare import Declare
from muster.respond.incident import IncidentState
from tests.access.world import ANA, BEN, person
from tests.learn.scene import Scene

S = LessonState
BEFORE = {"services/portal.yaml": b"logs:\n  access:\n    rules: []\n"}
AFTER = {"services/portal.yaml": b"logs:\n  access:\n    rules: [portal-login]\n"}
LINES = line_changes(BEFORE, AFTER)
PLACE = "services/portal.yaml#/logs/access/rules"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def noted(scene: Scene) -> int:
    incident = scene.declared()
    return int(
        str(scene.act(NoteLesson(incident=incident, text="Read the log of the portal")).answer["lesson"])
    )


def lesson(scene: Scene, seq: int) -> Lesson:
    return scene.state(PLAN_STREAM).slice(LESSONS).lessons[seq]


def written(scene: Scene, seq: int) -> int:
    scene.act(WriteChange(lesson=seq, expected=lesson(scene, seq).version, lines=LINES, base="c0"))
    return lesson(scene, seq).version


def refused(scene: Scene, command: OfLesson) -> MusterError:
    with pytest.raises(MusterError) as caught:
        scene.act(command, BEN)
    assert caught.value.mend
    return caught.value


def test_the_whole_way(scene: Scene) -> None:
    incident = scene.declared()
    answer = scene.act(NoteLesson(incident=incident, text="Read the log of the portal")).answer
    assert answer == {"lesson": 0, "called": "PLN-PLAN/0", "version": 1}
    assert scene.state(incident).slice(LEARNED).taken == (0,)
    scene.act(AgreeLesson(lesson=0, expected=1, owner=BEN.account, due="2026-12-01T00:00Z"))
    wrote = scene.act(WriteChange(lesson=0, expected=2, lines=LINES, base="c0"), BEN).answer
    assert wrote["trailers"] == ["Lesson: PLN-PLAN/0", f"Incident: {incident}"]
    assert wrote["sha256"] == changes_hash(LINES)
    scene.act(ApproveChange(lesson=0, expected=3, sha256=changes_hash(LINES), commit="c1"), ANA)
    assert [one.line.id for one in untested(scene.state(PLAN_STREAM))] == [PLACE]
    tested = MarkTested(lesson=0, expected=4, drill="DRL-7Q4KM2", lines=(PLACE, "another#/line"))
    assert scene.act(tested).answer["state"] is S.TESTED
    assert untested(scene.state(PLAN_STREAM)) == ()
    assert scene.kinds(PLAN_STREAM) == [
        "lesson.noted", "lesson.agreed", "lesson.diffed", "lesson.approved", "lesson.tested",
    ]  # fmt: skip


def test_what_a_drill_teaches_is_real_and_cites_the_drill(scene: Scene) -> None:
    player = person("ana", Duty.RESPONDER, lane="drill:DRL-7Q4KM2")
    incident = str(scene.do(Declare(what="A drill"), player).answer["incident"])
    scene.act(NoteLesson(incident=incident, text="Read the log of the portal"), player)
    assert scene.state(PLAN_STREAM).lane == "real"
    assert scene.state(incident).lane == player.lane
    assert lesson(scene, 0).found_in == incident


def test_no_lesson_of_a_person(scene: Scene) -> None:
    with pytest.raises(Refused, match="where the question begins"):
        scene.act(NoteLesson(incident=scene.declared(), text="Human error: train them"))


def test_a_closed_incident_may_still_teach_but_is_not_touched(scene: Scene) -> None:
    incident = scene.declared()
    scene.onward(incident, IncidentState.REVIEW)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    scene.closed(incident)
    before = len(scene.entries[incident])
    scene.act(NoteLesson(incident=incident, text="Read the log of the portal"))
    assert len(scene.entries[incident]) == before
    assert lesson(scene, 0).found_in == incident
    with pytest.raises(Refused):
        scene.act(NoLesson(incident=incident, reason="x"))


def test_whoever_wrote_the_change_does_not_approve_it(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    approve = ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES), commit="c1")
    with pytest.raises(Refused, match="does not approve it"):
        scene.act(approve, ANA)
    assert refused(scene, approve.model_copy(update={"sha256": "0" * 64})).where == "sha256"
    scene.act(approve, BEN)


def test_a_new_change_voids_the_approval(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    scene.act(ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES), commit="c1"), BEN)
    written(scene, seq)
    assert lesson(scene, seq).state is S.DIFF
    assert untested(scene.state(PLAN_STREAM)) == ()


def test_two_people_at_once(scene: Scene) -> None:
    seq = noted(scene)
    scene.act(DropLesson(lesson=seq, expected=1, reason="Done by hand every night"))
    with pytest.raises(Conflict):
        scene.act(DropLesson(lesson=seq, expected=1, reason="Twice"))
    assert lesson(scene, seq).state is S.DROPPED
    assert scene.kinds(PLAN_STREAM)[-2:] == ["lesson.dropped", "reason.given"]
    assert scene.state(PLAN_STREAM).lane == "real"


def test_what_does_not_fit_its_state_is_refused_with_the_next_step(scene: Scene) -> None:
    seq = noted(scene)
    approve = ApproveChange(lesson=seq, expected=1, sha256="0" * 64, commit="c1")
    assert "The lesson is noted" in refused(scene, approve).what
    refused(scene, MarkTested(lesson=seq, expected=1, drill="x", lines=("a",)))
    refused(scene, DropLesson(lesson=99, expected=1, reason="x"))
    refused(scene, AgreeLesson(lesson=seq, expected=1, owner=BEN.account, due="soon"))


def test_a_drill_that_used_none_of_its_lines_tests_nothing(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    scene.act(ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES), commit="c1"), BEN)
    assert (
        refused(scene, MarkTested(lesson=seq, expected=version + 1, drill="x", lines=("y",))).where == "lines"
    )


@pytest.mark.parametrize("file", ["../x.yaml", "/etc/passwd", "a//b", ".git/config"])
def test_a_change_stays_within_the_plan(scene: Scene, file: str) -> None:
    seq = noted(scene)
    line = LineChange(id="x", file=file, line=1, before="a", after="b")
    with pytest.raises(BadInput):
        scene.act(WriteChange(lesson=seq, expected=1, lines=(line,), base="c0"))
    same = LineChange(id="x", file="a.yaml", line=1, before="a", after="a")
    with pytest.raises(BadInput, match="changes nothing"):
        scene.act(WriteChange(lesson=seq, expected=1, lines=(same,), base="c0"))


def test_nothing_to_learn_needs_its_reason(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(NoLesson(incident=incident, reason="The plan was right"))
    assert scene.kinds(incident)[-2:] == ["lessons.none", "reason.given"]
    assert scene.state(incident).slice(LEARNED).none
