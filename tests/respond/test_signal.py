"""The fold of a signal: the kind tells where it stands, whatever is erased."""

from hypothesis import given
from hypothesis import strategies as st

from muster.detect.rule import Level
from muster.record.body import Body
from muster.respond.signal import (
    SIGNAL,
    HitEvidence,
    HitRule,
    Outcome,
    Signal,
    SignalAcknowledged,
    SignalAttached,
    SignalDismissed,
    SignalHit,
    SignalRaised,
    SignalRepeated,
    SignalReportedAgain,
    SignalState,
    Source,
)
from tests.access.world import entry, erased, refs

RULE = HitRule(key="k", id="i", author="a", level=Level.HIGH)
RAISED = SignalRaised(source=Source.PERSON, title="t", group="g")
BY_HITS = SignalRaised(source=Source.HITS, title="t", group="g", rule=RULE)
HIT = SignalHit(
    key="h",
    batch="b",
    events=9,
    rule=RULE,
    title="t",
    rows=(1,),
    count=1,
    evidence=HitEvidence(sha256="0" * 64, events=(1,)),
)
ATTACHED = SignalAttached(incident="INC-7Q4KM2")
DISMISSED = SignalDismissed(outcome=Outcome.FALSE_ALARM, reason="r")


def folded(*bodies: Body) -> Signal:
    signal = SIGNAL.empty
    for seq, body in enumerate(bodies):
        signal = SIGNAL.evolve(signal, entry(body, seq=seq, refs=refs(("attached-to", "INC-7Q4KM2", 3))))
    return signal


def test_a_report_counts_as_one_and_hits_count_themselves() -> None:
    assert folded(RAISED) == Signal(state=SignalState.NEW, source=Source.PERSON, group="g", count=1)
    assert folded(RAISED, SignalReportedAgain(receipt_sha256="r")).count == 2
    assert folded(RAISED, SignalRepeated(count=2, title="t")).count == 2
    assert folded(BY_HITS, HIT, HIT) == Signal(
        state=SignalState.NEW, source=Source.HITS, group="g", count=2, blobs=2
    )
    assert folded(BY_HITS, HIT.model_copy(update={"evidence": None})).blobs == 0


def test_it_waits_until_it_has_an_outcome() -> None:
    assert not SIGNAL.empty.waiting
    assert folded(RAISED).waiting
    assert folded(RAISED, SignalAcknowledged()).waiting
    assert not folded(RAISED, DISMISSED).waiting
    assert not folded(RAISED, ATTACHED).waiting


def test_its_outcomes() -> None:
    assert folded(RAISED, DISMISSED).outcome is Outcome.FALSE_ALARM
    attached = folded(RAISED, ATTACHED)
    assert (attached.outcome, attached.incident) == (Outcome.INCIDENT, "INC-7Q4KM2")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    RAISED,
                    BY_HITS,
                    HIT,
                    SignalReportedAgain(receipt_sha256="r"),
                    SignalAcknowledged(),
                    ATTACHED,
                    DISMISSED,
                ]
            ),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_erased_words_do_not_move_it(story: list[tuple[Body, bool]]) -> None:
    told = untold = SIGNAL.empty
    for seq, (body, withheld) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("attached-to", "INC-7Q4KM2", 3)))
        told = SIGNAL.evolve(told, one)
        untold = SIGNAL.evolve(untold, erased(one) if withheld else one)
    assert (told.state, told.incident, told.waiting) == (untold.state, untold.incident, untold.waiting)
