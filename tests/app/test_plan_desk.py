"""The plan from the first approval to a tested line, on a whole server with a repository."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.core.errors import BadInput, Conflict, MusterError, NotFound, Refused
from muster.core.ids import PLAN_STREAM
from muster.learn.lessons import LESSONS, untested
from muster.record.state import StreamState
from muster.store.append import load
from muster.store.plan_repository import PlanRepository, StaleDraft
from tests.app.company import Company, company

STAFF = "severity.yaml#/levels/SEV2/brief_every_minutes"
STEP = "playbooks/stolen-credentials.yaml#/steps/ask-the-owner/do"
EDIT = [{"id": STAFF, "text": "90"}]


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Company]:
    made = company(tmp_path)
    yield made
    made.stage.close()


def plan_state(made: Company) -> StreamState:
    ledger = made.stage.muster.record.ledger
    with ledger.database.read() as connection:
        return load(connection, [PLAN_STREAM], ledger.folds, lock=False)[PLAN_STREAM]


def in_force(made: Company) -> str:
    return made.stage.muster.world.now().commits.in_force


def refused(made: Company, verb: Verb, who: str, **fields: Any) -> MusterError:
    """A refusal; it writes nothing into the plan's stream."""
    before = plan_state(made).seq
    with pytest.raises(MusterError) as caught:
        made.do(verb, who, **fields)
    assert plan_state(made).seq == before
    return caught.value


def approve_change(made: Company, who: str, lesson: int, wrote: dict[str, Any]) -> dict[str, Any]:
    fields = {"lesson": lesson, "expected": wrote["version"], "sha256": wrote["sha256"]}
    return made.do(Verb.APPROVE_CHANGE, who, **fields)


# --- approving ------------------------------------------------------------------------------------------


def test_approved_by_a_named_person_exactly_as_it_was_read(one: Company) -> None:
    two = one.committed({STAFF: "90"})
    fields = {"commit": two, "sha256": one.version(two).sha256, "expected": 1}
    assert "does not let you sign" in refused(one, Verb.APPROVE_PLAN, "noor", **fields).what
    assert "tied to nobody" in refused(one, Verb.APPROVE_PLAN, "ada", **fields).what
    wrong = fields | {"sha256": one.version(one.first).sha256}
    assert "not the files" in refused(one, Verb.APPROVE_PLAN, "ines", **wrong).what
    assert one.do(Verb.APPROVE_PLAN, "ines", **fields) == {"commit": two, "version": 2}
    assert in_force(one) == two
    assert isinstance(refused(one, Verb.APPROVE_PLAN, "claire", **fields), Conflict)


def test_a_broken_plan_is_refused_and_the_one_in_force_stays(one: Company) -> None:
    for data, words in ((b"roles: [", "cannot be read as a plan"), (b"roles: {}\n", "linter finds")):
        broken = one.committed(roles__yaml=data, branch=f"draft-{len(data)}")
        fields = {"commit": broken, "sha256": one.version(broken).sha256, "expected": 1}
        assert words in refused(one, Verb.APPROVE_PLAN, "claire", **fields).what
    assert in_force(one) == one.first
    assert one.told().in_force is not None
    assert isinstance(refused(one, Verb.APPROVE_PLAN, "claire", **fields | {"commit": "f" * 40}), NotFound)
    assert isinstance(refused(one, Verb.APPROVE_PLAN, "claire", **fields | {"commit": "main"}), BadInput)


def test_one_goes_back_by_approving_an_older_one(one: Company) -> None:
    two = one.committed({STAFF: "90"})
    one.approve(two)
    one.approve(one.first, "ines")
    assert in_force(one) == one.first
    with PlanRepository(one.place) as repository:
        assert repository.tip("main") == two, "no branch of theirs is put back"
        assert repository.tip("in-force") == one.first


def test_what_became_of_the_repository_changes_nothing(one: Company) -> None:
    two = one.committed({STAFF: "90"})
    one.approve(two)
    incident = one.declared()
    sha256 = one.version(one.first).sha256
    shutil.rmtree(one.place)
    one.stage.muster.world.changed()
    one.stage.muster.world.versions._kept.clear()
    assert one.told(incident).pinned is not None
    levels = one.told(incident).pinned
    assert levels is not None
    assert next(iter(levels.severity.levels.values())).brief_every_minutes == 60
    one.do(Verb.RUN, "noor", incident=incident, playbook="web-intrusion")
    # Even the way back is there: what was approved once lies in the blobs.
    one.approve(one.first, sha256=sha256)
    assert in_force(one) == one.first
    assert isinstance(
        refused(one, Verb.APPROVE_PLAN, "claire", commit="2" * 40, sha256=sha256, expected=3), MusterError
    )


def test_two_approve_at_once_and_one_is_told(one: Company) -> None:
    two, three = one.committed({STAFF: "90"}), one.committed({STAFF: "100"})
    one.approve(two, "claire", expected=1)
    found = refused(
        one, Verb.APPROVE_PLAN, "ines", commit=three, sha256=one.version(three).sha256, expected=1
    )
    assert isinstance(found, Conflict)
    assert (found.theirs, found.yours) == (two, three)


def test_the_same_approval_under_one_key_is_answered_twice_and_done_once(one: Company) -> None:
    lesson, wrote = one.lesson(lines=EDIT)
    fields = {"lesson": lesson, "expected": 2, "sha256": wrote["sha256"]}
    doing, claire = one.stage.muster.doing, one.who("claire").caller
    first = doing.do(Verb.APPROVE_CHANGE, fields, claire, "key-number-1")
    before = one.stage.feed
    assert doing.do(Verb.APPROVE_CHANGE, fields, claire, "key-number-1") == first
    assert one.stage.feed == before
    with pytest.raises(Refused, match="another request"):
        doing.do(Verb.APPROVE_CHANGE, fields | {"expected": 3}, claire, "key-number-1")


def test_who_may_not_use_a_verb_of_the_plan_reaches_no_file_and_is_on_the_record_once(one: Company) -> None:
    caro = one.stage.person("caro")
    with pytest.raises(MusterError):
        one.stage.do(Verb.WRITE_CHANGE, caro, lesson=0, expected=0, lines=EDIT)
    assert len(one.stage.entries("access.denied")) == 1
    with PlanRepository(one.place) as repository:
        assert not [name for name in repository.branches() if name.startswith("drafts/")]


def test_another_server_approved_meanwhile(one: Company) -> None:
    """The world as this server read it a moment ago is not what an approval is measured by."""
    world = one.stage.muster.world
    seen = world.now()
    two = one.committed({"policy.md#/approved_by": "commander"})
    one.approve(two)
    world._read = seen
    world._at += 3600
    three = one.committed({STAFF: "90"})
    fields = {"commit": three, "sha256": one.version(three).sha256, "expected": 2}
    assert "signed by Noor Lindgren" in refused(one, Verb.APPROVE_PLAN, "claire", **fields).mend
    world._read = seen
    one.do(Verb.APPROVE_PLAN, "noor", **fields)
    assert in_force(one) == three


# --- from a lesson to a tested line ---------------------------------------------------------------------


def test_the_whole_way_of_a_lesson(one: Company) -> None:
    lesson, wrote = one.lesson(lines=[{"id": STEP, "text": "Call the owner twice."}])
    found = plan_state(one).slice(LESSONS).lessons[lesson]
    assert (wrote["version"], found.commit) == (2, wrote["commit"])
    one.stage.clock.turn(seconds=5)
    answer = approve_change(one, "claire", lesson, wrote)
    assert in_force(one) == answer["commit"] == wrote["commit"]
    assert [line.line.id for line in untested(plan_state(one))] == [STEP]
    told = one.told().pinned
    assert told is not None
    assert told.playbooks["stolen-credentials"].steps["ask-the-owner"].do == "Call the owner twice."
    # Whoever asks why the line is there comes to the lesson and the incident.
    with PlanRepository(one.place) as repository:
        blamed = repository.blame_line(in_force(one), STEP)
        assert blamed.id == wrote["commit"]
        assert blamed.author.name == "Noor Lindgren"
        assert blamed.trailers["Lesson"] == (f"PLN-PLAN/{lesson}",)
        (incident,) = blamed.trailers["Incident"]
        assert one.stage.entries("incident.declared", incident)
        assert (repository.tip("main"), repository.tip("in-force")) == (one.first, wrote["commit"])
    # A drill uses it.
    drill = drilled(one)
    fields = {"lesson": lesson, "drill": drill, "lines": [STEP]}
    tested = one.do(Verb.MARK_TESTED, "mika", expected=3, **fields)
    assert (tested["state"], untested(plan_state(one))) == ("tested", ())


def drilled(made: Company, *, under: str = "stolen-credentials", finish: bool = True) -> str:
    """A drill in which somebody follows a playbook and does its first step."""
    drill = str(made.do(Verb.START_DRILL, "mika", exercise="Stolen password")["drill"])
    lane = f"drill:{drill}"
    mika = made.who("mika").caller
    inside = type(mika)(
        type(mika.actor)(mika.actor.account, mika.actor.duties, mika.actor.through, None, lane)
    )
    incident = str(made.stage.do(Verb.DECLARE, inside, what="Odd sign-ins")["incident"])
    run = made.stage.do(Verb.RUN, inside, incident=incident, playbook=under)["run"]
    if finish:
        made.stage.do(Verb.FINISH_STEP, inside, incident=incident, run=run, step="ask-the-owner")
    return drill


def test_a_drill_under_the_words_before_tests_nothing_of_the_new_ones(one: Company) -> None:
    drill = drilled(one)
    lesson, wrote = one.lesson(lines=[{"id": STEP, "text": "Call the owner twice."}])
    approve_change(one, "claire", lesson, wrote)
    fields = {"lesson": lesson, "expected": 3, "lines": [STEP]}
    assert "used none" in refused(one, Verb.MARK_TESTED, "mika", drill=drill, **fields).what
    assert (
        "used none" in refused(one, Verb.MARK_TESTED, "mika", drill=drilled(one, finish=False), **fields).what
    )
    one.do(Verb.MARK_TESTED, "mika", drill=drilled(one), **fields)


def test_a_draft_whose_parent_is_no_longer_in_force_is_refused_with_the_diff(one: Company) -> None:
    lesson, wrote = one.lesson(lines=EDIT)
    two = one.committed({"roles.yaml#/roles/scribe/title": "Writer"})
    one.approve(two)
    fields = {"lesson": lesson, "expected": 2, "sha256": wrote["sha256"]}
    found = refused(one, Verb.APPROVE_CHANGE, "claire", **fields)
    assert isinstance(found, StaleDraft)
    assert "Writer" in found.what
    assert (found.in_force, [change.id for change in found.changes]) == (
        two,
        ["roles.yaml#/roles/scribe/title"],
    )
    again = one.do(Verb.WRITE_CHANGE, "noor", lesson=lesson, expected=2, lines=EDIT)
    approve_change(one, "claire", lesson, again)
    assert one.version(in_force(one)).files["roles.yaml"] == one.version(two).files["roles.yaml"]


def test_approving_what_was_changed_meanwhile(one: Company) -> None:
    lesson, wrote = one.lesson(lines=EDIT)
    other = one.do(Verb.WRITE_CHANGE, "noor", lesson=lesson, expected=2, lines=[{"id": STAFF, "text": "100"}])
    fields = {"lesson": lesson, "sha256": wrote["sha256"]}
    assert isinstance(refused(one, Verb.APPROVE_CHANGE, "claire", expected=2, **fields), Conflict)
    assert (
        "not the lines as they stand"
        in refused(one, Verb.APPROVE_CHANGE, "claire", expected=3, **fields).what
    )
    # Whoever wrote it does not approve it, and somebody whom the plan does not name neither.
    mine = {"lesson": lesson, "expected": 3, "sha256": other["sha256"]}
    assert "Whoever wrote" in refused(one, Verb.APPROVE_CHANGE, "noor", **mine).what
    assert "does not let you sign" in refused(one, Verb.APPROVE_CHANGE, "mika", **mine).what
    approve_change(one, "ines", lesson, other)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"lines": [{"id": STAFF, "text": "120"}]}, "changes nothing"),
        ({"lines": [{"id": "roles.yaml#/roles/gardener", "text": "x"}]}, "no such line"),
        ({"lines": [{"id": "roles.yaml#/roles/scribe/primary", "text": "nobody-here"}]}, "linter would refuse"),
        ({"files": [{"path": "../x.yaml", "text": "x"}]}, "no place in a plan"),
        ({"files": [{"path": "playbooks/none.yaml"}]}, "no such file"),
        ({"files": [{"path": "roles.yaml"}]}, "linter would refuse"),
    ],
)  # fmt: skip
def test_a_change_that_does_not_hold_is_refused(shared: Company, edit: dict[str, Any], words: str) -> None:
    lesson = shared.do(Verb.LESSON, "noor", incident=shared.declared(), text="Look more often")["lesson"]
    assert words in refused(shared, Verb.WRITE_CHANGE, "noor", lesson=lesson, expected=1, **edit).what


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = company(tmp_path_factory.mktemp("desk"))
    yield made
    made.stage.close()


def test_whole_files_come_and_go(shared: Company) -> None:
    text = shared.version(shared.first).files["playbooks/stolen-credentials.yaml"].decode()
    new = {"path": "playbooks/lost-laptop.yaml", "text": text.replace("a stolen password", "a lost laptop")}
    lesson, wrote = shared.lesson(files=[new])
    found = shared.version(wrote["commit"]).plan
    assert found is not None
    assert set(found.pinned.playbooks) >= {"lost-laptop", "stolen-credentials"}
    again = {"lesson": lesson, "expected": 2, "files": [new, {"path": "README.md"}]}
    wrote = shared.do(Verb.WRITE_CHANGE, "noor", **again)
    assert "README.md" not in shared.version(wrote["commit"]).files


def test_a_lesson_that_is_not_there_or_has_no_draft(shared: Company) -> None:
    for verb, more in ((Verb.WRITE_CHANGE, {"lines": EDIT}), (Verb.APPROVE_CHANGE, {"sha256": "a" * 64})):
        assert "no lesson" in refused(shared, verb, "claire", lesson=9999, expected=1, **more).what
    lesson = shared.do(Verb.LESSON, "noor", incident=shared.declared(), text="Look more often")["lesson"]
    fields = {"lesson": lesson, "expected": 1, "sha256": "a" * 64}
    assert "no draft" in refused(shared, Verb.APPROVE_CHANGE, "claire", **fields).what


def test_without_a_plan_in_force_or_a_repository_nothing_is_changed(tmp_path: Path) -> None:
    made = company(tmp_path, approved=False)
    lesson = made.do(Verb.LESSON, "noor", incident=made.declared(), text="Look more often")["lesson"]
    assert (
        "No plan is in force"
        in refused(made, Verb.WRITE_CHANGE, "noor", lesson=lesson, expected=1, lines=EDIT).what
    )
    made.stage.muster.world.versions.repository = None
    fields = {"commit": made.first, "sha256": "a" * 64, "expected": 0}
    assert "no plan repository" in refused(made, Verb.APPROVE_PLAN, "claire", **fields).what
    made.stage.close()


def test_main_goes_forward_where_nobody_has_it_checked_out(tmp_path: Path) -> None:
    made = company(tmp_path, bare=True)
    lesson, wrote = made.lesson(lines=EDIT)
    approve_change(made, "claire", lesson, wrote)
    with PlanRepository(made.place) as repository:
        assert repository.tip("main") == repository.tip("in-force") == wrote["commit"]
    made.approve(made.first)
    with PlanRepository(made.place) as repository:
        assert repository.tip("main") == wrote["commit"], "never back"
        assert repository.tip("in-force") == made.first
    made.stage.close()
