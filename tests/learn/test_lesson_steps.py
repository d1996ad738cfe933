"""A lesson from the first word to a tested line of the plan; and what stops it on the way."""

import pytest

from muster.access.accounts import AccountActivated, AccountInvited, AccountTied
from muster.core.errors import Conflict, MusterError, Refused
from muster.core.ids import ACCOUNTS_STREAM, PLAN_STREAM
from muster.core.people import Duty
from muster.learn.lesson_steps import (
    AgreeLesson,
    ApproveChange,
    ChangeKnown,
    DropLesson,
    LineEdit,
    MarkTested,
    NoLesson,
    NoteLesson,
    OfLesson,
    WriteChange,
)
from muster.learn.lessons import LEARNED, LESSONS, Lesson, LessonState, untested
from muster.learn.plan_change import LineChange, changes_hash, line_changes
from muster.learn.review import HoldReview
from muster.plan.people import People
from muster.plan.plan import InForce, Pinned, Plan
from muster.plan.policy import Policy
from muster.plan.roles import Roles
from muster.prepare.approving import VERSIONS, Proposed
from muster.record.entry import Draft
from muster.respond.declare import Declare
from muster.respond.incident import IncidentState
from tests.access.world import ADA, ANA, BEN, CARO, person
from tests.learn.scene import Scene, plan

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


EDIT = LineEdit(id=PLACE, text="portal-login")
ROLES = Roles.model_validate(
    {
        "roles": {
            "executive": {"title": "Executive", "duties": ["signs"], "primary": "ana", "deputies": ["ben"]}
        }
    }
)
SIGNED = Plan.model_construct(
    pinned=Pinned.model_construct(policy=Policy.model_construct(approved_by=("executive",))),
    in_force=InForce.model_construct(roles=ROLES, people=People(people={})),
)


def told(scene: Scene, *exercised: str, lines: tuple[LineChange, ...] = LINES, problems: int = 0) -> None:
    """What the app reads and writes for a change of the plan; and Ana and Ben are people who may sign it."""
    for one in (ANA, BEN):
        name = "ana" if one is ANA else "ben"
        made = AccountInvited(account=one.account, name=name, sign_in=name, duties=(Duty.RESPONDER,))
        tied = (AccountActivated(account=one.account), AccountTied(account=one.account, person=name))
        scene.write(ADA, *(Draft(ACCOUNTS_STREAM, body) for body in (made, *tied)))
    scene.known = ChangeKnown(
        pinned=plan().pinned,
        proposed=Proposed("c1", "f" * 64, SIGNED, problems),
        lines=lines,
        base=scene.state(PLAN_STREAM).slice(VERSIONS).in_force or "",
        commit="c1",
        exercised=frozenset(exercised),
    )


def written(scene: Scene, seq: int) -> int:
    told(scene)
    scene.act(WriteChange(lesson=seq, expected=lesson(scene, seq).version, lines=(EDIT,)))
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
    told(scene, PLACE)
    wrote = scene.act(WriteChange(lesson=0, expected=2, lines=(EDIT,)), BEN).answer
    assert wrote == {
        "lesson": 0, "state": S.DIFF, "version": 3, "sha256": changes_hash(LINES), "commit": "c1"
    }  # fmt: skip
    scene.act(ApproveChange(lesson=0, expected=3, sha256=changes_hash(LINES)), ANA)
    assert scene.state(PLAN_STREAM).slice(VERSIONS).in_force == "c1"
    assert [one.line.id for one in untested(scene.state(PLAN_STREAM))] == [PLACE]
    tested = MarkTested(lesson=0, expected=4, drill="DRL-7Q4KM2", lines=(PLACE, "another#/line"))
    assert scene.act(tested).answer["state"] is S.TESTED
    assert untested(scene.state(PLAN_STREAM)) == ()
    assert scene.kinds(PLAN_STREAM) == [
        "lesson.noted", "lesson.agreed", "lesson.diffed", "lesson.approved", "plan.approved", "lesson.tested",
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
    approve = ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES))
    with pytest.raises(Refused, match="does not approve it"):
        scene.act(approve, ANA)
    assert refused(scene, approve.model_copy(update={"sha256": "0" * 64})).where == "sha256"
    scene.act(approve, BEN)


def test_a_new_change_voids_the_approval(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    scene.act(ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES)), BEN)
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
    approve = ApproveChange(lesson=seq, expected=1, sha256="0" * 64)
    assert "The lesson is noted" in refused(scene, approve).what
    refused(scene, MarkTested(lesson=seq, expected=1, drill="x", lines=("a",)))
    refused(scene, DropLesson(lesson=99, expected=1, reason="x"))
    refused(scene, AgreeLesson(lesson=seq, expected=1, owner=BEN.account, due="soon"))


def test_a_drill_that_used_none_of_its_lines_tests_nothing(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    scene.act(ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES)), BEN)
    assert (
        refused(scene, MarkTested(lesson=seq, expected=version + 1, drill="x", lines=("y",))).where == "lines"
    )


def test_a_drill_that_did_not_touch_the_line_tests_it_no_more_than_one_that_says_so(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    scene.act(ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES)), BEN)
    mark = MarkTested(lesson=seq, expected=version + 1, drill="DRL-7Q4KM2", lines=(PLACE,))
    assert refused(scene, mark).where == "lines"
    told(scene, PLACE)
    assert scene.act(mark, BEN).answer["state"] is S.TESTED


def test_a_change_that_changes_nothing_or_was_not_written_is_refused(scene: Scene) -> None:
    seq = noted(scene)
    write = WriteChange(lesson=seq, expected=1, lines=(EDIT,))
    assert "has not written" in refused(scene, write).what
    told(scene, lines=())
    assert "changes nothing" in refused(scene, write).what


def test_it_is_signed_by_the_plans_own_people_and_only_without_problems(scene: Scene) -> None:
    seq = noted(scene)
    version = written(scene, seq)
    approve = ApproveChange(lesson=seq, expected=version, sha256=changes_hash(LINES))
    with pytest.raises(Refused, match="tied to nobody"):
        scene.act(approve, CARO)
    told(scene, problems=2)
    assert "2 problems" in refused(scene, approve).what
    told(scene, lines=LINES[:0])
    assert "does not hold these lines" in refused(scene, approve).what


def test_nothing_to_learn_needs_its_reason(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(NoLesson(incident=incident, reason="The plan was right"))
    assert scene.kinds(incident)[-2:] == ["lessons.none", "reason.given"]
    assert scene.state(incident).slice(LEARNED).none


def test_two_lessons_at_once_the_later_one_begins_again(scene: Scene) -> None:
    """Else the plan would lose the lines of the first."""
    one, two = noted(scene), noted(scene)
    versions = {seq: written(scene, seq) for seq in (one, two)}
    approves = {
        seq: ApproveChange(lesson=seq, expected=versions[seq], sha256=changes_hash(LINES)) for seq in versions
    }
    scene.act(approves[one], BEN)
    assert "changed meanwhile" in refused(scene, approves[two]).what
