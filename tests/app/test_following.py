"""What follows by itself: each rule sees the states as they will be, and what those before it added."""

from typing import Any

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.app import following
from muster.app.following import decide_all, foreseen, with_follows
from muster.app.registry import FOLDS, RULES
from muster.core.ids import StreamType, code
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Draft
from muster.respond.declare import Declare
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.log import LogWritten
from tests.access.world import ANA, World

STREAM = code(StreamType.INCIDENT, "77" * 16)


def world() -> World:
    made = World(RULES, FOLDS)
    made.people(ANA)
    return made


def test_the_states_are_foreseen_without_touching_those_before() -> None:
    one = world()
    context = one.context(ANA)
    drafts = RULES[Verb.DECLARE].decide(one.states, Declare(what="x"), context, NOTHING_KNOWN).drafts
    before = dict(one.states)
    after = foreseen(one.states, drafts, context, FOLDS)
    assert one.states == before
    incident = after[drafts[0].stream]
    assert (incident.seq, incident.lane) == (len(drafts) - 1, "real")
    assert incident.slice(INCIDENT).state is IncidentState.DECLARED


def test_each_follow_sees_what_those_before_it_added_and_not_what_comes_after() -> None:
    one = world()
    context = one.context(ANA)
    seen: list[tuple[int, int]] = []

    def writes(number: int) -> Any:
        def follow(before: Any, after: Any, drafts: Any, _context: Any, _known: Any) -> tuple[Draft, ...]:
            assert STREAM not in before
            seen.append((after[STREAM].seq, len(drafts)))
            return (Draft(STREAM, LogWritten(text=str(number))),) if number else ()

        return follow

    first = (Draft(STREAM, LogWritten(text="first")),)
    found = with_follows(
        one.states, first, context, NOTHING_KNOWN, FOLDS, (writes(1), writes(0), writes(2), writes(0))
    )
    assert seen == [(0, 1), (1, 2), (1, 2), (2, 3)]
    texts = [draft.body.text for draft in found if isinstance(draft.body, LogWritten)]
    assert texts == ["first", "1", "2"]


def test_nothing_follows_from_nothing(monkeypatch: Any) -> None:
    def never(*_: Any) -> tuple[Draft, ...]:
        raise AssertionError

    one = world()
    assert with_follows(one.states, (), one.context(ANA), NOTHING_KNOWN, FOLDS, (never,)) == ()
    monkeypatch.setattr(following, "FOLLOWS", ())
    rule: Rule = RULES[Verb.DECLARE]
    decision = decide_all(rule, one.states, Declare(what="x"), one.context(ANA), NOTHING_KNOWN, FOLDS)
    assert decision.answer["incident"] == decision.drafts[0].stream
