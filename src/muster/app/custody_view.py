"""Evidence as people see it: what it is, who holds it, to whom it is offered, and whether it is sound."""

from muster.app.look import ERASED, HIDDEN, Look
from muster.app.views import View
from muster.record.state import StreamState
from muster.respond.custody import CUSTODY, EvidenceDescribed, EvidenceReceived, Exhibit

MOST = 60


class ExhibitView(View):
    """One piece of evidence. mine: whoever looks holds it; for_me: it is offered to them."""

    seq: int
    name: str
    place: str
    collector: str
    text: str
    of: tuple[str, ...]
    sha256: str
    size: int | None
    at: str
    holder: str
    mine: bool
    offered: str
    for_me: bool
    damaged: bool
    version: int


class CustodyView(View):
    """The evidence of an incident: what is offered first, then the newest; more: how much there is besides."""

    exhibits: tuple[ExhibitView, ...]
    more: int


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows: what was received, and directly after it its description."""
    seqs = [seq for seq, _ in _in_order(state)[:MOST]]
    return {*seqs, *(seq + 1 for seq in seqs)}


def _in_order(state: StreamState) -> list[tuple[int, Exhibit]]:
    """What somebody has to accept first, then the newest."""
    return sorted(state.slice(CUSTODY).exhibits.items(), key=lambda item: (item[1].offered is None, -item[0]))


def view(look: Look) -> CustodyView:
    """The evidence of an incident, for whoever looks."""
    every = _in_order(look.state)
    shown = every[:MOST]
    return CustodyView(
        exhibits=tuple(_exhibit(look, seq, one) for seq, one in shown),
        more=len(every) - len(shown),
    )


def _exhibit(look: Look, seq: int, exhibit: Exhibit) -> ExhibitView:
    received, described = look.words.body(seq), look.words.body(seq + 1)
    found = described if isinstance(described, EvidenceDescribed) else None
    missing = HIDDEN if seq + 1 in look.words.hidden else ERASED
    return ExhibitView(
        seq=seq,
        name=found.name if found else missing,
        place=found.place if found else "",
        collector=look.names.get(found.collector, found.collector) if found else "",
        text=(found.text or "") if found else "",
        of=exhibit.of,
        sha256=exhibit.sha256,
        size=received.size if isinstance(received, EvidenceReceived) else None,
        at=look.words.at(seq),
        holder=look.name(exhibit.holder),
        mine=exhibit.holder == look.account,
        offered=look.name(exhibit.offered) if exhibit.offered else "",
        for_me=exhibit.offered == look.account,
        damaged=exhibit.damaged,
        version=exhibit.version,
    )
