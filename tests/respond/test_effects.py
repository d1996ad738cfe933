"""Effects by their rules: an outcome only of the open attempt, growing waits, a limit, and what a person settles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import Refused
from muster.core.time import from_stored
from muster.record.entry import Draft
from muster.respond.due import DUE, DueState, Item
from muster.respond.effects import (
    WAITS,
    Became,
    EffectAsked,
    EffectTried,
    Outcome,
    Settle,
    begin,
    ended,
    key_of,
)
from tests.access.world import ANA, BEN, refusal
from tests.respond.scene import Scene

TOKEN, OTHER = "a" * 32, "b" * 32
GOOD, BAD = Outcome(done=True, words="taken"), Outcome(done=False, words="No answer.")


class Sending(Scene):
    """An incident with one effect in it."""

    def __init__(self, **more: Any) -> None:
        super().__init__()
        self.incident = self.declared()
        body = EffectAsked.model_validate({"effect": "c" * 32, "channel": "mail"} | more)
        self.write(ANA, Draft(self.incident, body))
        self.seq = self.state(self.incident).seq

    @property
    def item(self) -> Item:
        return self.state(self.incident).slice(DUE).items[self.seq]

    def tries(self, token: str = TOKEN) -> EffectTried:
        draft = begin(self.state(self.incident), self.seq, token, self.context(ANA))
        assert draft is not None
        self.write(ANA, draft)
        assert isinstance(draft.body, EffectTried)
        return draft.body

    def ends(self, tried: EffectTried, outcome: Outcome) -> None:
        self.write(ANA, *ended(self.state(self.incident), self.seq, tried, outcome, self.context(ANA)))


def test_the_key_is_stream_and_number_unless_one_is_given() -> None:
    body = EffectAsked(effect="c" * 32, channel="mail")
    assert key_of(body, "INC-7Q4KM2", 4) == "INC-7Q4KM2/4"
    assert key_of(body.model_copy(update={"key": "mine"}), "INC-7Q4KM2", 4) == "mine"


def test_it_does_not_begin_before_its_time() -> None:
    scene = Sending(not_before="2026-11-24T02:20:00.000000Z")
    assert begin(scene.state(scene.incident), scene.seq, TOKEN, scene.context(ANA)) is None
    scene.wait(10)
    assert scene.tries().attempt == 1


@pytest.mark.parametrize("outcome", [GOOD, BAD])
def test_an_outcome_counts_once_and_only_of_the_open_attempt(outcome: Outcome) -> None:
    scene = Sending()
    first = scene.tries()
    second = scene.tries(OTHER)  # the lease of the first was over
    assert (second.attempt, second.repeat) == (2, True)
    with pytest.raises(Refused, match="not the open one"):
        scene.ends(first, outcome)
    scene.ends(second, outcome)
    for one in (first, second):
        with pytest.raises(Refused):
            scene.ends(one, outcome)


def test_waits_grow_up_to_a_limit() -> None:
    scene = Sending()
    for wait in WAITS:
        scene.ends(scene.tries(), BAD)
        assert (from_stored(scene.item.due) - scene.now).total_seconds() == wait
        scene.now = from_stored(scene.item.due)
    scene.ends(scene.tries(), BAD)
    assert scene.item.state is DueState.GIVEN_UP
    assert begin(scene.state(scene.incident), scene.seq, TOKEN, scene.context(ANA)) is None


def test_what_takes_its_executor_down_each_time_is_given_up() -> None:
    scene = Sending()
    for _ in range(len(WAITS) + 1):
        scene.tries()
    draft = begin(scene.state(scene.incident), scene.seq, TOKEN, scene.context(ANA))
    assert draft is not None
    scene.write(ANA, draft)
    assert scene.item.state is DueState.GIVEN_UP


@pytest.mark.parametrize(
    ("became", "state"), [(Became.DONE, None), (Became.DROPPED, None), (Became.AGAIN, DueState.WAITING)]
)
def test_a_person_settles_what_nobody_is_sure_about(became: Became, state: DueState | None) -> None:
    scene = Sending(sort="statement")
    scene.ends(scene.tries(), Outcome(done=False, words="It broke off.", unclear=True))
    assert scene.item.state is DueState.UNSURE
    settle = Settle(stream=scene.incident, effect=scene.seq, became=became, reason="They called")
    scene.do(settle, BEN)
    found = scene.state(scene.incident).slice(DUE).items.get(scene.seq)
    assert (found.state if found else None) is state
    if found:
        assert scene.tries().repeat, "it may have arrived the first time"


def test_only_what_is_open_and_not_being_tried_is_settled() -> None:
    scene = Sending()
    settle = Settle(stream=scene.incident, effect=scene.seq, became=Became.DROPPED, reason="x")
    assert "no effect" in refusal(scene, settle.model_copy(update={"effect": 0}), BEN)
    scene.tries()
    assert "being tried" in refusal(scene, settle, BEN)


MOVES = st.lists(st.sampled_from(["tries", "takes over", "done", "failed", "unclear", "late"]), max_size=14)


@given(MOVES, st.sampled_from(["notification", "statement", "action"]), st.booleans())
def test_there_are_never_two_open_attempts_and_every_repeat_is_marked(
    moves: list[str], sort: str, repeats: bool
) -> None:
    scene = Sending(sort=sort, may_repeat=repeats)
    made: list[EffectTried] = []
    unknown = False  # whether an earlier attempt may have succeeded
    for move in moves:
        scene.wait(600)
        state = scene.state(scene.incident)
        item = state.slice(DUE).items.get(scene.seq)
        if move in ("tries", "takes over"):
            before = item.state if item else None
            draft = begin(state, scene.seq, f"{len(made):032}", scene.context(ANA))
            if draft is None:
                continue
            scene.write(ANA, draft)
            if isinstance(draft.body, EffectTried):
                unknown = unknown or before is DueState.TRYING
                assert draft.body.repeat == (unknown and repeats)
                made.append(draft.body)
        elif made:
            tried = made[0] if move == "late" else made[-1]
            outcome = Outcome(done=move in ("done", "late"), unclear=move == "unclear")
            open_ = item is not None and item.state is DueState.TRYING and item.attempt == tried.attempt
            if open_:
                scene.ends(tried, outcome)
                unknown = unknown or outcome.unclear
            else:
                with pytest.raises(Refused):
                    scene.ends(tried, outcome)
    if sort != "notification" and repeats:
        assert not any(tried.repeat for tried in made)
