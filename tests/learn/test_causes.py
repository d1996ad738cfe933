"""Causes: several, each with its evidence, and a person is never one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput, Refused
from muster.learn.causes import (
    CAUSES,
    CauseFound,
    CauseKind,
    CausesNotSought,
    CauseWithdrawn,
    FindCause,
    SeekNoCauses,
    WithdrawCause,
    check_words,
)
from muster.plan.people import People
from muster.plan.plan import InForce
from muster.record.entry import Ref
from tests.access.world import entry, erased, refs
from tests.learn.scene import Scene, plan

NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_several_causes_of_several_kinds(scene: Scene) -> None:
    incident = scene.declared()
    for cause in CauseKind:
        scene.act(FindCause(incident=incident, text="No rule reads the log", cause=cause, evidence=(0, 1, 0)))
    found = scene.state(incident).slice(CAUSES)
    assert list(found.found.values()) == list(CauseKind)
    assert found.answered
    assert scene.last(incident).header.refs == (Ref("evidence", incident, 0), Ref("evidence", incident, 1))


@pytest.mark.parametrize(
    "text",
    [
        "Human error",
        "It was operator error.",
        "a user's mistake",
        "Mistake by an administrator",
        "engineer fault",
        "an error of the staff",
        "PEBKAC",
        "Somebody forgot",
        "He was careless",
        "Negligence",
        "They should have known better",
        "The night shift failed to notice",
        "It is her own fault",
        "Who is to blame",
        "fat-fingered",
    ],
)
def test_a_person_is_no_cause_and_the_next_question_is_asked(scene: Scene, text: str) -> None:
    incident = scene.declared()
    with pytest.raises(Refused) as caught:
        scene.act(FindCause(incident=incident, text=text, cause=CauseKind.PROCESS, evidence=(0,)))
    assert "what made the error easy" in caught.value.mend


@pytest.mark.parametrize(
    "text",
    [
        "The error message did not name the file",
        "The user name was shown in the error log",
        "The administrator account had no second factor",
        "Two buttons lay side by side and only one asked back",
        "A mistake in the rule let the request pass",
        "The default of the operator was unsafe",
    ],
)
def test_what_explains_something_passes(text: str) -> None:
    check_words(text, NOBODY)


def test_nor_is_a_name(scene: Scene) -> None:
    people = People.model_validate(
        {
            "people": {
                "lena": {
                    "name": "Lena Brandt", "title": "Engineer", "verified": "2026-11-01",
                    "channels": {"phone": {"kind": "phone", "address": "+49 30 1"}},
                }
            }
        }
    )  # fmt: skip
    scene.known = plan(in_force=InForce.model_construct(people=people))
    command = FindCause(
        incident=scene.declared(), text="lena brandt restarted it", cause=CauseKind.DECISION, evidence=(0,)
    )
    with pytest.raises(Refused, match="names a person"):
        scene.act(command)
    check_words("The lena brandtish way", frozenset({"lena brandt"}))


def test_without_evidence_it_is_marked_as_an_opinion(scene: Scene) -> None:
    incident = scene.declared()
    cause = FindCause(incident=incident, text="No rule reads the log", cause=CauseKind.DETECTION)
    with pytest.raises(Refused, match="needs its evidence"):
        scene.act(cause)
    scene.act(cause.model_copy(update={"opinion": True}))
    assert scene.body(incident) == CauseFound(text=cause.text, cause=cause.cause, opinion=True)
    with pytest.raises(BadInput, match="no entry with this number"):
        scene.act(cause.model_copy(update={"evidence": (99,)}))


def test_taken_back_the_question_is_open_again(scene: Scene) -> None:
    incident = scene.declared()
    cause = FindCause(incident=incident, text="No rule reads the log", cause=CauseKind.LUCK, opinion=True)
    seq = scene.act(cause).answer["seq"]
    assert isinstance(seq, int)
    scene.act(WithdrawCause(incident=incident, cause=seq, reason="It does"))
    assert not scene.state(incident).slice(CAUSES).answered
    with pytest.raises(Refused, match="no cause that stands"):
        scene.act(WithdrawCause(incident=incident, cause=seq, reason="Twice"))


def test_not_looking_needs_a_reason(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(SeekNoCauses(incident=incident, reason="Known since the incident before"))
    assert scene.kinds(incident)[-2:] == ["causes.not-sought", "reason.given"]
    assert scene.state(incident).slice(CAUSES).answered


BODIES = [
    CauseFound(text="x", cause=CauseKind.PROCESS),
    CauseWithdrawn(),
    CausesNotSought(),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.integers(0, 8), st.booleans()), max_size=12))
def test_words_may_be_erased_and_the_same_causes_stand(
    story: list[tuple[CauseFound | CauseWithdrawn | CausesNotSought, int, bool]],
) -> None:
    told = untold = CAUSES.empty
    for seq, (body, other, withheld) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("withdraws", "INC-000000", other)))
        told = CAUSES.evolve(told, one)
        untold = CAUSES.evolve(untold, erased(one) if withheld else one)
    assert told.found.keys() == untold.found.keys()
    assert told.not_sought == untold.not_sought
