"""Facts need sources, assumptions and questions are settled, and the state keeps no words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.core.errors import BadInput, Conflict, Refused
from muster.core.time import TimeSource
from muster.record.body import Body
from muster.record.entry import Ref
from muster.record.state import to_bytes
from muster.respond.facts import (
    FACTS,
    Answered,
    AskQuestion,
    AssumptionMade,
    Confirmed,
    Ending,
    Facts,
    FactStated,
    MakeAssumption,
    OpenThing,
    QuestionAsked,
    Refuted,
    Settle,
    Standing,
    StateFact,
    Withdrawn,
)
from tests.access.world import ANA, BEN, entry, erased, refs
from tests.respond.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def facts(scene: Scene, incident: str) -> Facts:
    return scene.state(incident).slice(FACTS)


def settle(incident: str, thing: int, ending: Ending, expected: int = 1, **more: str) -> Settle:
    return Settle.model_validate(
        {
            "incident": incident,
            "thing": thing,
            "expected": expected,
            "ending": ending,
            "text": "so it is",
            **more,
        }
    )


def test_a_fact_needs_its_source(scene: Scene) -> None:
    incident = scene.declared()
    for source in ("", "  "):
        with pytest.raises(ValidationError):
            StateFact(incident=incident, text="x", source=source)
    with pytest.raises(ValidationError):
        StateFact.model_validate({"incident": incident, "text": "x"})
    answer = scene.do(StateFact(incident=incident, text="The disk is full", source="df on web-1"), ANA).answer
    assert answer == {"seq": 3, "version": 1}
    assert scene.body(incident) == FactStated(text="The disk is full", source="df on web-1")
    assert facts(scene, incident).things == {3: OpenThing(standing=Standing.FACT)}


def test_facts_and_assumptions_may_state_their_time(scene: Scene) -> None:
    incident = scene.declared()
    when = "2026-11-24T01:00Z"
    scene.do(StateFact(incident=incident, text="x", source="y", happened_at=when), ANA)
    scene.do(MakeAssumption(incident=incident, text="x", happened_at=when), ANA)
    assert [one.header.happened.source for one in scene.entries[incident][3:]] == [TimeSource.STATED] * 2
    with pytest.raises(BadInput):
        scene.do(MakeAssumption(incident=incident, text="x", happened_at="2027-01-01T00:00Z"), ANA)


def test_an_assumption_becomes_a_fact_with_its_source(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(MakeAssumption(incident=incident, text="It was the disk"), ANA)
    with pytest.raises(Refused, match="needs its source"):
        scene.do(settle(incident, 3, Ending.CONFIRMED), ANA)
    answer = scene.do(settle(incident, 3, Ending.CONFIRMED, source="df"), BEN).answer
    assert answer == {"thing": 3, "ending": "confirmed", "version": 2}
    assert scene.last(incident).header.refs == (Ref("settles", incident, 3),)
    assert facts(scene, incident).things == {3: OpenThing(standing=Standing.FACT, version=2)}


def test_two_people_settle_at_once(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(MakeAssumption(incident=incident, text="It was the disk"), ANA)
    scene.do(settle(incident, 3, Ending.CONFIRMED, source="df"), BEN)
    with pytest.raises(Conflict) as caught:
        scene.do(settle(incident, 3, Ending.REFUTED), ANA)
    assert caught.value.theirs == "it stands as a fact"
    assert caught.value.yours == "refuted: so it is"
    assert caught.value.version == 2
    scene.do(settle(incident, 3, Ending.WITHDRAWN, 2), ANA)
    with pytest.raises(Refused, match="settled already"):
        scene.do(settle(incident, 3, Ending.WITHDRAWN, 2), BEN)


@pytest.mark.parametrize(
    ("standing", "fitting"),
    [
        (Standing.FACT, {Ending.REFUTED, Ending.WITHDRAWN}),
        (Standing.ASSUMPTION, {Ending.CONFIRMED, Ending.REFUTED, Ending.WITHDRAWN}),
        (Standing.QUESTION, {Ending.ANSWERED, Ending.WITHDRAWN}),
    ],
)
def test_each_ends_in_its_own_ways(scene: Scene, standing: Standing, fitting: set[Ending]) -> None:
    for ending in Ending:
        incident = scene.declared()
        command = {
            Standing.FACT: StateFact(incident=incident, text="x", source="y"),
            Standing.ASSUMPTION: MakeAssumption(incident=incident, text="x"),
            Standing.QUESTION: AskQuestion(incident=incident, text="x"),
        }[standing]
        scene.do(command, ANA)
        assert facts(scene, incident).count(standing) == 1
        if ending in fitting:
            scene.do(settle(incident, 3, ending, source="df"), ANA)
            assert scene.kinds(incident)[-1] == f"thing.{ending}"
            assert facts(scene, incident).things.keys() == ({3} if ending is Ending.CONFIRMED else set())
        else:
            with pytest.raises(Refused, match=f"A {standing} cannot be {ending}"):
                scene.do(settle(incident, 3, ending, source="df"), ANA)


BODIES: list[Body] = [
    FactStated(text="x", source="y"),
    AssumptionMade(text="x"),
    QuestionAsked(text="x"),
    Confirmed(text="x", source="y"),
    Refuted(text="x"),
    Answered(text="x"),
    Withdrawn(text="x"),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.integers(0, 10), st.booleans()), max_size=15))
def test_words_may_be_erased_and_what_stands_is_the_same(story: list[tuple[Body, int, bool]]) -> None:
    told = untold = FACTS.empty
    for seq, (body, settled, withheld) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("settles", "INC-000000", settled)))
        told = FACTS.evolve(told, one)
        untold = FACTS.evolve(untold, erased(one) if withheld else one)
    assert told == untold


def test_other_refs_settle_nothing() -> None:
    stated = FACTS.evolve(FACTS.empty, entry(QuestionAsked(text="x"), seq=3))
    other = entry(Answered(text="x"), seq=4, refs=refs(("corrects", "INC-000000", 3)))
    assert FACTS.evolve(stated, other) == stated


def test_a_fact_costs_at_most_200_bytes(scene: Scene) -> None:
    incident = scene.declared()
    before = len(to_bytes(scene.state(incident)))
    scene.do(StateFact(incident=incident, text="x" * 4000, source="y" * 200), ANA)
    assert len(to_bytes(scene.state(incident))) - before <= 200
