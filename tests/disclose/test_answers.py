"""Answers to the plan's questions: facts with a source, replaced openly, gone when their words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput, Conflict, Refused
from muster.disclose.answers import ANSWERS, Answer, AnswerFact, FactAnswered, standing_answers
from muster.record.decision import NOTHING_KNOWN
from muster.respond.facts import FACTS, Ending, Settle
from muster.respond.redaction import Erase, Redact
from tests.access.world import ANA, BEN, entry, erased, refs
from tests.disclose.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def answers(scene: Scene, incident: str) -> dict[str, str]:
    return {name: one.answer for name, one in standing_answers(scene.state(incident)).items()}


def test_an_answer_is_a_fact_with_its_source(scene: Scene) -> None:
    incident = scene.declared()
    thing = scene.answered(incident, "what-happened", "Strangers read orders")
    assert scene.kinds(incident)[-2:] == ["fact.stated", "fact.answered"]
    assert thing in scene.state(incident).slice(FACTS).things
    assert answers(scene, incident) == {"what-happened": "Strangers read orders"}
    with pytest.raises(Refused, match="needs its source"):
        scene.act(AnswerFact(incident=incident, fact="since-when", answer="Monday", expected=0))


def test_nobody_knows_is_an_answer_without_a_fact(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(AnswerFact(incident=incident, fact="confirmed", answer="Unknown", expected=0))
    assert scene.kinds(incident)[-1] == "fact.answered"
    assert answers(scene, incident) == {}
    assert scene.state(incident).slice(ANSWERS).facts["confirmed"].answer == "unknown"


def test_answered_anew_the_old_fact_is_withdrawn(scene: Scene) -> None:
    incident = scene.declared()
    old = scene.answered(incident, "confirmed", "no")
    with pytest.raises(Conflict):
        scene.answered(incident, "confirmed", "yes")
    new = scene.answered(incident, "confirmed", "yes", 1)
    assert scene.kinds(incident)[-3:] == ["thing.withdrawn", "fact.stated", "fact.answered"]
    assert scene.state(incident).slice(FACTS).things.keys() == {new}
    assert old != new
    assert answers(scene, incident) == {"confirmed": "yes"}


def test_refuted_it_is_open_again(scene: Scene) -> None:
    incident = scene.declared()
    thing = scene.answered(incident, "confirmed", "yes")
    settle = Settle(incident=incident, thing=thing, expected=1, ending=Ending.REFUTED, text="It was a test")
    scene.do(settle, BEN)
    assert answers(scene, incident) == {}


@pytest.mark.parametrize("number", [0, 1])
def test_hidden_or_erased_words_are_no_answer_any_more(scene: Scene, number: int) -> None:
    incident = scene.declared()
    seq = scene.answered(incident, "what-happened", "the password is x") + number
    scene.do(Redact(stream=incident, seq=seq, reason="A password"), ANA)
    assert answers(scene, incident) == {}
    scene.do(Erase(stream=incident, seq=seq), BEN)
    assert answers(scene, incident) == {}


@pytest.mark.parametrize(
    ("fact", "answer", "kept"),
    [
        ("confirmed", "YES", "yes"),
        ("risk", "high", "high"),
        ("people-affected", "1204", "1204"),
        ("noticed-when", "2026-11-24T02:10Z", "2026-11-24T02:10Z"),
        ("risk", "UNKNOWN", "unknown"),
    ],
)
def test_each_kind_takes_its_own(scene: Scene, fact: str, answer: str, kept: str) -> None:
    incident = scene.declared()
    command = AnswerFact(incident=incident, fact=fact, answer=answer, source="log", expected=0)
    assert scene.act(command).answer["answer"] == kept


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("confirmed", "perhaps"),
        ("risk", "huge"),
        ("people-affected", "about 1000"),
        ("noticed-when", "monday"),
    ],
)
def test_and_nothing_else(scene: Scene, fact: str, answer: str) -> None:
    with pytest.raises(BadInput):
        scene.act(AnswerFact(incident=scene.declared(), fact=fact, answer=answer, source="log", expected=0))


def test_the_plan_asks_no_such_question(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="asks no such question"):
        scene.act(AnswerFact(incident=incident, fact="weather", answer="rain", source="x", expected=0))
    scene.known = NOTHING_KNOWN
    with pytest.raises(Refused, match="asks no such question"):
        scene.act(AnswerFact(incident=incident, fact="confirmed", answer="yes", source="x", expected=0))


def test_an_erased_answer_does_not_bring_the_one_before_back() -> None:
    first = entry(FactAnswered(fact="a", answer="no"), seq=4, refs=refs(("answers", "INC-000000", 3)))
    pairs = refs(("replaces", "INC-000000", 3), ("answers", "INC-000000", 6))
    second = entry(FactAnswered(fact="a", answer="yes"), seq=7, refs=pairs)
    now = ANSWERS.evolve(ANSWERS.empty, first)
    assert ANSWERS.evolve(now, second).facts == {"a": Answer(answer="yes", by=7, thing=6, version=2)}
    assert ANSWERS.evolve(now, erased(second)).facts == {}


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.booleans()), max_size=10))
def test_what_is_withheld_is_never_made_up(story: list[tuple[str, bool]]) -> None:
    state = ANSWERS.empty
    for number, (fact, withheld) in enumerate(story):
        one = entry(
            FactAnswered(fact=fact, answer="yes"), seq=number, refs=refs(("answers", "INC-000000", number))
        )
        state = ANSWERS.evolve(state, erased(one) if withheld else one)
    assert state.facts.keys() == {fact for fact, withheld in story if not withheld}
