"""The states of an action: kinds and refs tell them; the hash names exactly what was proposed."""

from hypothesis import given
from hypothesis import strategies as st

from muster.record.body import Body
from muster.respond.actions import (
    ACTIONS,
    Action,
    ActionApproved,
    ActionDone,
    ActionFailed,
    ActionMadePermanent,
    ActionProposed,
    Actions,
    ActionStarted,
    ActionState,
    ActionUndone,
    ActionVerified,
    ActionWithdrawn,
)
from muster.respond.guard import EvidenceEffect, TargetKind
from tests.access.world import ANA, BEN, entry, erased, refs

UNTIL = "2026-11-24T06:10:00.000000Z"
PROPOSED = ActionProposed(
    action="isolate-host", decision="disconnect", target_kind=TargetKind.HOST, target="web-1", purpose="x",
    harm="y", evidence_effect=EvidenceEffect.CHANGES,
)  # fmt: skip
APPROVED = ActionApproved(sha256=PROPOSED.sha256, role="commander", until=UNTIL)
STARTED = ActionStarted(sha256=PROPOSED.sha256)


def folded(*bodies: Body) -> Actions:
    state = ACTIONS.empty
    for seq, body in enumerate(bodies, 3):
        at = () if seq == 3 else refs(("action", "INC-000000", 3))
        state = ACTIONS.evolve(state, entry(body, seq=seq, refs=at))
    return state


def stage(*bodies: Body) -> ActionState | None:
    found = folded(PROPOSED, *bodies).pending.get(3)
    return found.state if found else None


def test_the_way_of_an_action() -> None:
    assert folded(PROPOSED).pending == {3: Action(sha256=PROPOSED.sha256, by=ANA.account)}
    assert stage(APPROVED) is ActionState.APPROVED
    assert stage(APPROVED, STARTED) is ActionState.RUNNING
    assert stage(APPROVED, STARTED, ActionDone()) is ActionState.DONE
    assert stage(APPROVED, STARTED, ActionFailed()) is ActionState.PROPOSED
    assert stage(APPROVED, STARTED, ActionDone(), ActionVerified()) is ActionState.VERIFIED
    for end in (ActionUndone(), ActionMadePermanent(), ActionWithdrawn()):
        assert stage(APPROVED, STARTED, ActionDone(), ActionVerified(), end) is None


def test_its_end_is_kept_through_the_look() -> None:
    done = folded(PROPOSED, APPROVED, STARTED, ActionDone(until=UNTIL), ActionVerified())
    assert done.pending[3].until == UNTIL


def test_a_change_takes_approval_away() -> None:
    changed = PROPOSED.model_copy(update={"target": "web-2"})
    state = folded(PROPOSED, APPROVED, changed)
    assert state.pending == {3: Action(sha256=changed.sha256, by=ANA.account, at=5, version=3)}


@given(st.sampled_from(sorted(set(ActionProposed.model_fields))))
def test_any_change_gives_another_hash(field: str) -> None:
    others: dict[str, object] = {
        "target_kind": TargetKind.ACCOUNT, "count": 2, "evidence_effect": EvidenceEffect.NONE, "minutes": 5,
        "payload": {"a": "b"}, "may_repeat": True,
    }  # fmt: skip
    changed = PROPOSED.model_copy(update={field: others.get(field, "other")})
    assert changed.sha256 != PROPOSED.sha256
    assert ActionProposed.model_validate(PROPOSED.tree()).sha256 == PROPOSED.sha256


BODIES: list[Body] = [
    PROPOSED,
    APPROVED,
    STARTED,
    ActionDone(until=UNTIL),
    ActionFailed(),
    ActionVerified(),
    ActionUndone(),
    ActionMadePermanent(),
    ActionWithdrawn(),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans(), st.integers(0, 6)), max_size=25))
def test_states_do_not_depend_on_words(story: list[tuple[Body, bool, int]]) -> None:
    kept, without = ACTIONS.empty, ACTIONS.empty
    for seq, (body, gone, at) in enumerate(story):
        one = entry(body, seq=seq, who=BEN.account, refs=refs(("action", "INC-000000", at)))
        kept = ACTIONS.evolve(kept, one)
        without = ACTIONS.evolve(without, erased(one) if gone else one)
    assert {seq: (one.state, one.version, one.by) for seq, one in kept.pending.items()} == {
        seq: (one.state, one.version, one.by) for seq, one in without.pending.items()
    }
