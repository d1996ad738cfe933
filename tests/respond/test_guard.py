"""The guard by a table of situations with the expected answer; more at stake never makes it milder."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.respond.guard import (
    MANY_DEPENDENTS,
    MANY_TARGETS,
    EvidenceEffect,
    Ground,
    Level,
    Situation,
    TargetKind,
    weigh,
)
from muster.respond.posture import Posture, Stance

GO, WARN, HOLD = Level.GO, Level.WARN, Level.HOLD
CHANGES, DESTROYS, NONE = EvidenceEffect.CHANGES, EvidenceEffect.DESTROYS, EvidenceEffect.NONE
WATCH = Stance(posture=Posture.WATCH)
EVICTION = Stance(posture=Posture.EVICTION)
BEGUN = Stance(posture=Posture.EVICTION, begun=True)


def host(decision: str = "disconnect", **more: object) -> Situation:
    return replace(Situation(decision, "web-1", TargetKind.HOST), **more)


def service(decision: str = "disconnect", **more: object) -> Situation:
    return replace(Situation(decision, "portal", TargetKind.SERVICE), **more)


def account(**more: object) -> Situation:
    return replace(Situation("disable-account", "anna", TargetKind.ACCOUNT), **more)


def names(*found: str) -> frozenset[str]:
    return frozenset(found)


# What is done, to what; how much stands against it; the reasons; and words of the milder alternative.
TABLE: list[tuple[str, Situation, Level, tuple[Ground, ...], str]] = [
    ("a laptop off the network, its memory saved", host(evidence=True, evidence_effect=CHANGES), GO, (), ""),
    ("a laptop that is in no plan", host(evidence=True, known=False), WARN, (Ground.UNKNOWN,), "one host"),
    (
        "a laptop of which nothing was saved",
        host(evidence_effect=CHANGES),
        HOLD,
        (Ground.NO_EVIDENCE,),
        "Save memory and logs of web-1",
    ),
    ("blocking an address touches no evidence", host("block", evidence_effect=NONE), GO, (), ""),
    (
        "wiping a host of which nothing was saved",
        host("wipe", evidence_effect=DESTROYS, undo=False, second_person=True),
        HOLD,
        (Ground.NO_EVIDENCE, Ground.FINAL),
        "Save memory",
    ),
    (
        "wiping a host that was imaged, a second person agrees",
        host("wipe", evidence=True, evidence_effect=DESTROYS, undo=False, second_person=True),
        WARN,
        (Ground.FINAL,),
        "second person",
    ),
    (
        "wiping a host that was imaged, alone",
        host("wipe", evidence=True, evidence_effect=DESTROYS, undo=False),
        HOLD,
        (Ground.FINAL,),
        "Ask a second person",
    ),
    (
        "the identity provider off the network",
        service(
            evidence=True,
            dependents=names("portal", "mail", "build", "files"),
            critical=names("sign-in", "portal"),
        ),
        HOLD,
        (Ground.CRITICAL, Ground.BLAST),
        "one host",
    ),
    (
        "a service on which one ordinary service depends",
        service(evidence=True, dependents=names("wiki")),
        WARN,
        (Ground.BLAST,),
        "one host",
    ),
    (
        "a service on which two ordinary services depend",
        service(evidence=True, dependents=names("wiki", "mail")),
        WARN,
        (Ground.BLAST,),
        "one host",
    ),
    (
        "a service on which three ordinary services depend",
        service(evidence=True, dependents=names("wiki", "mail", "files")),
        HOLD,
        (Ground.BLAST,),
        "one host",
    ),
    (
        "switching a critical service off",
        service("shut-down", evidence=True, critical=names("portal")),
        HOLD,
        (Ground.CRITICAL,),
        "Disconnect it and leave it running",
    ),
    ("an ordinary service that nothing needs", service(evidence=True), GO, (), ""),
    (
        "a service that the plan does not know",
        service(evidence=True, known=False),
        HOLD,
        (Ground.UNKNOWN,),
        "one host",
    ),
    (
        "the system that carries our call",
        service(evidence=True, ours=True),
        HOLD,
        (Ground.OUR_CHANNEL,),
        "second place",
    ),
    ("an account is disabled, for a day", account(evidence=True, evidence_effect=CHANGES), GO, (), ""),
    ("an account is disabled, without an end", account(ends=False), WARN, (Ground.NO_END,), "when it ends"),
    (
        "an account is disabled while we only watch",
        account(tips_off=True, stance=WATCH),
        HOLD,
        (Ground.TIPS_OFF,),
        "when the eviction begins",
    ),
    (
        "an account is disabled before the eviction begins",
        account(tips_off=True, stance=EVICTION),
        HOLD,
        (Ground.TIPS_OFF,),
        "when the eviction begins",
    ),
    ("an account is disabled in the eviction", account(tips_off=True, stance=BEGUN), GO, (), ""),
    ("something that nobody notices while we watch", account(tips_off=False, stance=WATCH), GO, (), ""),
    ("something noticed while we clean as we go", account(tips_off=True), GO, (), ""),
    ("five passwords at once", account(count=5), WARN, (Ground.MASS,), "privileged"),
    ("all passwords at once", account(count=4_000), HOLD, (Ground.MASS,), "privileged"),
    (
        "everything against it at once",
        service(
            "other",
            evidence_effect=DESTROYS,
            dependents=names("a", "b", "c"),
            critical=names("a"),
            known=False,
            ours=True,
            stance=WATCH,
            tips_off=True,
            undo=False,
            count=MANY_TARGETS,
        ),
        HOLD,
        (
            Ground.NO_EVIDENCE,
            Ground.OUR_CHANNEL,
            Ground.CRITICAL,
            Ground.BLAST,
            Ground.UNKNOWN,
            Ground.MASS,
            Ground.TIPS_OFF,
            Ground.FINAL,
        ),
        "Save memory",
    ),
    (
        "something of no known sort with dependents",
        service("other", evidence=True, critical=names("portal")),
        HOLD,
        (Ground.CRITICAL,),
        "smallest part",
    ),
]


@pytest.mark.parametrize(
    ("situation", "level", "grounds", "milder"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_table(situation: Situation, level: Level, grounds: tuple[Ground, ...], milder: str) -> None:
    weighed = weigh(situation)
    assert weighed.level is level
    assert weighed.held is (level is HOLD)
    assert tuple(reason.ground for reason in weighed.reasons) == grounds
    assert [reason.level for reason in weighed.reasons] == sorted(
        (reason.level for reason in weighed.reasons), reverse=True
    )
    assert milder in (weighed.milder or "")
    assert (weighed.milder is None) is (level is GO)
    assert all(reason.sentence.endswith(".") for reason in weighed.reasons)


def test_the_table_is_long_enough_and_tells_every_ground() -> None:
    assert len(TABLE) >= 20
    assert {ground for row in TABLE for ground in row[3]} == set(Ground)


def test_the_reasons_make_one_line_with_names() -> None:
    line = weigh(service(dependents=names("wiki", "mail"), evidence_effect=CHANGES)).line()
    assert line == (
        "No evidence was captured of portal, and this changes it. These fail with it: mail, wiki."
    )


NAMES = st.frozensets(st.sampled_from(["a", "b", "c", "d", "e"]))
SITUATIONS = st.builds(
    Situation,
    decision=st.sampled_from(["disconnect", "shut-down", "disable-account", "other"]),
    target=st.just("x"),
    kind=st.sampled_from(TargetKind),
    evidence_effect=st.sampled_from(EvidenceEffect),
    evidence=st.booleans(),
    dependents=NAMES,
    critical=NAMES,
    known=st.booleans(),
    ours=st.booleans(),
    stance=st.sampled_from([Stance(), WATCH, EVICTION, BEGUN]),
    tips_off=st.booleans(),
    undo=st.booleans(),
    second_person=st.booleans(),
    count=st.integers(1, 2 * MANY_TARGETS),
    ends=st.booleans(),
)


@given(SITUATIONS, st.sampled_from(["a", "f", "g"]), st.booleans())
def test_adding_a_dependent_never_lowers_it(situation: Situation, added: str, critical: bool) -> None:
    more = replace(
        situation,
        dependents=situation.dependents | {added},
        critical=situation.critical | ({added} if critical else set[str]()),
    )
    assert weigh(more).level >= weigh(situation).level
    assert {reason.ground for reason in weigh(situation).reasons} <= {
        reason.ground for reason in weigh(more).reasons
    }


@given(SITUATIONS)
def test_no_other_loss_lowers_it_either(situation: Situation) -> None:
    level = weigh(situation).level
    worse = (
        replace(situation, evidence=False),
        replace(situation, known=False),
        replace(situation, ours=True),
        replace(situation, tips_off=True),
        replace(situation, second_person=False),
        replace(situation, count=situation.count + 1),
    )
    assert all(weigh(one).level >= level for one in worse)


def test_so_many_are_many() -> None:
    few = service(evidence=True, dependents=names("a", "b"))
    assert len(few.dependents) == MANY_DEPENDENTS - 1
    assert not weigh(few).held
