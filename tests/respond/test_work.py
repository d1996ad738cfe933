"""What verbs of work share: a word with its standing, refs found, both texts in a conflict."""

import pytest

from muster.access.verbs import VERBS, Facts, Standing, Target
from muster.core.errors import Conflict
from muster.record.entry import Ref
from muster.respond.incident import ReasonGiven
from muster.respond.rules_of_work import WORK
from muster.respond.work import Work, after, as_seen, pointed, reasoned
from tests.access.world import START, header, refs


def test_a_verb_of_work_tells_access_what_it_needs() -> None:
    task = WORK["task"]
    assert task.facts == Facts("Give a task to one owner.", Standing.RESPONDER, Target.INCIDENT)


def test_it_becomes_a_rule_once_access_knows_its_word() -> None:
    task = WORK["task"]
    known = Work("log", task.summary, task.standing, task.command, task.decide, task.reads)
    rule = known.rule()
    assert (rule.verb.value, rule.command, rule.decide) == ("log", task.command, task.decide)
    command = task.command.model_construct(incident="INC-7Q4KM2")
    assert rule.acts_on(command) == ("INC-7Q4KM2",)
    assert rule.reads(command) == ("ACC-ACCOUNTS",)
    with pytest.raises(ValueError, match="no-such-word"):
        Work("no-such-word", task.summary, task.standing, task.command, task.decide).rule()


def test_no_word_of_work_is_a_word_of_something_else() -> None:
    for word, one in WORK.items():
        known = {verb.value: facts for verb, facts in VERBS.items()}.get(word)
        assert known in (None, one.facts)
        assert one.summary.endswith(".")
        assert one.command.__doc__


def test_a_ref_is_found_by_its_relation() -> None:
    head = header("x", refs=refs(("task", "INC-000000", 3), ("knew-fact", "INC-000000", 4)))
    assert (pointed(head, "task"), pointed(head, "knew-fact"), pointed(head, "other")) == (3, 4, None)


def test_a_reason_stands_beside_its_entry() -> None:
    draft = reasoned("INC-7Q4KM2", 4, "because")
    assert draft.body == ReasonGiven(text="because")
    assert draft.refs == (Ref("explains", "INC-7Q4KM2", 4),)


def test_minutes_are_added_to_the_time_of_the_context() -> None:
    assert after(START, 90) == "2026-11-24T03:40:00.000000Z"


def test_what_changed_meanwhile_is_shown() -> None:
    as_seen(2, 2, what="task", theirs="a", yours="b")
    with pytest.raises(Conflict, match="changed this task first") as caught:
        as_seen(3, 2, what="task", theirs="a", yours="b")
    assert (caught.value.theirs, caught.value.yours, caught.value.version) == ("a", "b", 3)
