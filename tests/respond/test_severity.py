"""The severity of an incident: first, worst and current; override with a reason; lowered by command only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.access.may import Allow, Deny
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.core.labels import Severity
from muster.core.people import Role
from muster.plan.severity import Functional, Information, Ratings
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Ref
from muster.respond.incident import ReasonGiven
from muster.respond.severity import SEVERITIES, RateSeverity, Severities, SeverityRated, permission, rated
from tests.access.world import ANA, BEN, entry, erased
from tests.respond.scene import Scene

HARMLESS = Ratings.model_validate(
    {
        "functional": "none",
        "information": ["none"],
        "recoverability": "regular",
        "activity": "none",
        "safety": "no",
        "critical": "no",
    }
)
WORST = Ratings(functional=Functional.HIGH)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def levels(scene: Scene, incident: str) -> Severities:
    return scene.state(incident).slice(SEVERITIES)


def test_rating_answers_the_level_and_why(scene: Scene) -> None:
    incident = scene.declared()
    answer = scene.do(RateSeverity(incident=incident, ratings=WORST, expected=1), BEN).answer
    assert answer["severity"] == "SEV1"
    assert "sev1-lost-to-all" in str(answer["why"])
    assert answer["version"] == 2
    assert levels(scene, incident) == Severities(
        initial=Severity.SEV3, peak=Severity.SEV1, current=Severity.SEV1, version=2
    )


def test_an_analyst_does_not_lower_the_commander_does_and_the_peak_is_kept(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(RateSeverity(incident=incident, ratings=WORST, expected=1), BEN)
    lower = RateSeverity(incident=incident, ratings=HARMLESS, expected=2)
    assert permission(lower, scene.states, NOTHING_KNOWN) is Verb.LOWER_SEVERITY
    for actor in (ANA, BEN):
        answer = scene.allowed(lower, actor)
        assert isinstance(answer, Deny)
        assert "Only the commander" in answer.reason
    scene.commanded(incident, ANA)
    assert isinstance(scene.allowed(lower, BEN), Deny)
    assert scene.allowed(lower, ANA) == Allow(Role.COMMANDER)
    scene.do(lower, ANA)
    assert levels(scene, incident) == Severities(
        initial=Severity.SEV3, peak=Severity.SEV1, current=Severity.SEV5, version=3
    )


def test_rating_as_high_or_higher_is_open_to_responders(scene: Scene) -> None:
    incident = scene.declared()
    same = RateSeverity(incident=incident, expected=1)
    assert permission(same, scene.states, NOTHING_KNOWN) is Verb.SEVERITY
    assert (
        permission(RateSeverity(incident=incident, ratings=WORST, expected=1), scene.states, NOTHING_KNOWN)
        is Verb.SEVERITY
    )
    assert permission(same, {}, NOTHING_KNOWN) is Verb.SEVERITY


def test_an_override_needs_a_reason_of_its_own_entry(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(ValidationError, match="override needs a reason"):
        RateSeverity(incident=incident, override=Severity.SEV1, expected=1)
    command = RateSeverity(incident=incident, override=Severity.SEV1, reason="The press calls", expected=1)
    scene.do(command, ANA)
    assert scene.kinds(incident)[-2:] == ["severity.rated", "reason.given"]
    assert scene.body(incident) == ReasonGiven(text="The press calls")
    assert scene.last(incident).header.refs == (Ref("explains", incident, 3),)
    body = scene.body(incident, 3)
    assert isinstance(body, SeverityRated)
    assert (body.derived, body.severity, body.overridden) == (Severity.SEV3, Severity.SEV1, True)


def test_an_override_by_what_the_table_gives_is_none(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="Leave the override out"):
        scene.do(RateSeverity(incident=incident, override=Severity.SEV3, reason="x", expected=1), ANA)


def test_overriding_downwards_is_lowering(scene: Scene) -> None:
    incident = scene.declared()
    command = RateSeverity(incident=incident, override=Severity.SEV4, reason="x", expected=1)
    assert permission(command, scene.states, NOTHING_KNOWN) is Verb.LOWER_SEVERITY


def test_two_people_rate_at_once(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(RateSeverity(incident=incident, ratings=WORST, expected=1), BEN)
    with pytest.raises(Conflict) as caught:
        scene.do(RateSeverity(incident=incident, ratings=WORST, expected=1), ANA)
    assert (caught.value.theirs, caught.value.yours, caught.value.version) == ("SEV1", "SEV1", 2)


def test_what_is_rated_is_told_without_words_of_a_person() -> None:
    body = rated(Ratings(information=(Information.PRIVACY,)), NOTHING_KNOWN)
    assert (body.severity, body.rule, body.overridden) == (Severity.SEV1, "sev1-breach", False)


@given(st.lists(st.tuples(st.sampled_from(Severity), st.booleans()), max_size=12))
def test_the_peak_is_the_worst_and_withheld_ratings_count(story: list[tuple[Severity, bool]]) -> None:
    folded = SEVERITIES.empty
    for seq, (severity, withheld) in enumerate(story):
        one = entry(rated(Ratings(), NOTHING_KNOWN, severity), seq=seq)
        folded = SEVERITIES.evolve(folded, erased(one) if withheld else one)
    told = [severity for severity, withheld in story if not withheld]
    assert folded.version == len(story)
    assert folded.initial == (told[0] if told else None)
    assert folded.current == (told[-1] if told else None)
    assert folded.peak == (min(told) if told else None)
    assert SEVERITIES.evolve(folded, entry(ReasonGiven(text="x"))) == folded
