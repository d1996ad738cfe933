"""Severity by a visible rule: the first that holds, doubt one step up, and the answer to "why SEV2?"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.core.labels import Severity
from muster.plan.builtin import SEVERITY_TABLE
from muster.plan.severity import (
    UNKNOWN,
    Activity,
    Axis,
    Functional,
    Information,
    Ratings,
    Recoverability,
    YesNo,
    derive,
)

CLEAN = Ratings(
    functional=Functional.NONE,
    information=(Information.NONE,),
    recoverability=Recoverability.REGULAR,
    activity=Activity.NONE,
    safety=YesNo.NO,
    critical=YesNo.NO,
)


def rated(**changes: object) -> Ratings:
    """Everything known and harmless, but for these."""
    return Ratings.model_validate({**CLEAN.model_dump(), **changes})


@pytest.mark.parametrize(
    ("rule", "severity", "changes"),
    [
        ("sev1-safety", "SEV1", {"safety": "yes"}),
        ("sev1-credentials", "SEV1", {"information": ["core-credentials"]}),
        ("sev1-acting", "SEV1", {"activity": "effect", "critical": "yes"}),
        ("sev1-lost-to-all", "SEV1", {"functional": "high"}),
        ("sev1-breach", "SEV1", {"information": ["privacy"]}),
        ("sev1-breach", "SEV1", {"information": ["integrity", "key-customer"]}),
        ("sev1-no-recovery", "SEV1", {"recoverability": "not-recoverable"}),
        ("sev2-lost-to-some", "SEV2", {"functional": "medium"}),
        ("sev2-presence", "SEV2", {"activity": "presence", "critical": "yes"}),
        ("sev2-data-lost", "SEV2", {"information": ["proprietary"]}),
        ("sev2-data-lost", "SEV2", {"information": ["integrity"]}),
        ("sev2-extended", "SEV2", {"recoverability": "extended"}),
        ("sev2-breach-suspected", "SEV2", {"information": ["privacy-suspected"]}),
        ("sev3-service-down", "SEV3", {"functional": "low"}),
        ("sev3-presence-ordinary", "SEV3", {"activity": "presence"}),
        ("sev3-presence-ordinary", "SEV3", {"activity": "effect"}),
        ("sev3-data-suspected", "SEV3", {"information": ["proprietary-suspected"]}),
        ("sev3-extra-means", "SEV3", {"recoverability": "supplemented"}),
        ("sev4-otherwise", "SEV4", {"activity": "engage"}),
        ("sev4-otherwise", "SEV4", {"activity": "prepare", "critical": "yes"}),
        ("sev5-near-miss", "SEV5", {}),
        ("sev5-near-miss", "SEV5", {"critical": "yes"}),
    ],
)
def test_each_cell_of_the_table(rule: str, severity: str, changes: dict[str, object]) -> None:
    derived = derive(SEVERITY_TABLE, rated(**changes))
    assert (derived.rule, derived.severity) == (rule, severity)
    assert derived.raised_by == ()


def test_all_blank_is_unknown_and_one_step_up() -> None:
    assert all(Ratings().of(axis) == {UNKNOWN} for axis in Axis)
    derived = derive(SEVERITY_TABLE, Ratings())
    assert (derived.rule, derived.severity) == ("sev4-otherwise", Severity.SEV3)
    assert set(derived.raised_by) == set(Axis)
    assert "unknown: functional, information, recoverability, activity, safety, critical" in derived.why


def test_why_prints_the_rule_what_matched_and_what_doubt_did() -> None:
    assert derive(SEVERITY_TABLE, rated(functional="medium")).why == (
        "A critical service is degraded or lost to some. (rule sev2-lost-to-some) Rated functional: medium."
    )
    assert derive(SEVERITY_TABLE, rated(activity="presence", critical="unknown")).why == (
        "An attacker is present on an ordinary asset. (rule sev3-presence-ordinary) Rated activity: presence."
        " Raised one step from SEV3 to SEV2, because this is unknown: critical."
    )


def test_doubt_raises_by_one_step_only_and_never_past_the_worst() -> None:
    assert derive(SEVERITY_TABLE, rated(functional="low", safety="unknown")).severity is Severity.SEV2
    worst = derive(SEVERITY_TABLE, Ratings(safety=YesNo.YES))
    assert worst.severity is Severity.SEV1
    assert worst.raised_by == ()


def test_doubt_that_could_change_nothing_raises_nothing() -> None:
    derived = derive(SEVERITY_TABLE, rated(activity="engage", critical="unknown"))
    assert (derived.severity, derived.raised_by) == (Severity.SEV4, ())


def test_something_known_and_more_unknown_is_still_doubt() -> None:
    derived = derive(SEVERITY_TABLE, rated(information=["proprietary", "unknown"]))
    assert (derived.severity, derived.raised_by) == (Severity.SEV1, (Axis.INFORMATION,))


def test_no_information_given_is_unknown_and_none_excludes_the_others() -> None:
    assert Ratings(information=()).information == (Information.UNKNOWN,)
    with pytest.raises(ValidationError, match="none excludes the others"):
        Ratings(information=(Information.NONE, Information.PRIVACY))


def test_a_table_without_a_rule_for_the_rest_is_refused() -> None:
    with pytest.raises(ValueError, match="does not end with a rule for everything else"):
        derive(SEVERITY_TABLE[:1], CLEAN)


RATINGS = st.builds(
    Ratings,
    functional=st.sampled_from(Functional),
    information=st.lists(
        st.sampled_from([one for one in Information if one is not Information.NONE]), max_size=4
    ).map(tuple),
    recoverability=st.sampled_from(Recoverability),
    activity=st.sampled_from(Activity),
    safety=st.sampled_from(YesNo),
    critical=st.sampled_from(YesNo),
)


@given(RATINGS)
def test_every_rating_has_a_level_and_a_reason(ratings: Ratings) -> None:
    derived = derive(SEVERITY_TABLE, ratings)
    rule = next(rule for rule in SEVERITY_TABLE if rule.id == derived.rule)
    assert rule.sentence in derived.why
    assert rule.severity.rank - derived.severity.rank == (1 if derived.raised_by else 0)
    assert all(UNKNOWN in ratings.of(axis) for axis in derived.raised_by)


@given(
    RATINGS,
    st.sampled_from([Axis.FUNCTIONAL, Axis.RECOVERABILITY, Axis.ACTIVITY, Axis.SAFETY, Axis.CRITICAL]),
)
def test_not_knowing_is_never_milder_than_the_mildest(ratings: Ratings, axis: Axis) -> None:
    mildest = {
        Axis.FUNCTIONAL: "none",
        Axis.RECOVERABILITY: "regular",
        Axis.ACTIVITY: "none",
        Axis.SAFETY: "no",
        Axis.CRITICAL: "no",
    }
    tree = ratings.model_dump()
    unknown = derive(SEVERITY_TABLE, Ratings.model_validate({**tree, axis.value: UNKNOWN}))
    known = derive(SEVERITY_TABLE, Ratings.model_validate({**tree, axis.value: mildest[axis]}))
    assert not known.severity.worse_than(unknown.severity)
