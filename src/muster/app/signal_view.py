"""A signal as people see it."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, RowMapping

from muster.app import signal_assets
from muster.app.telling import told
from muster.app.views import EvidenceView, ReasonView, SignalRow, SignalView
from muster.core.labels import Tlp
from muster.detect.rulebook.tags import techniques
from muster.plan.services import Service
from muster.record.state import StreamState
from muster.respond.secrecy import SIGHT
from muster.respond.signal import SIGNAL, SignalHit, SignalRaised
from muster.store import lists, schema
from muster.store.read_stream import StoredEntry


def row(found: RowMapping, open_to: frozenset[str], *, hidden: bool = False) -> SignalRow:
    """A signal's row; its incident is named only to those who may see that. hidden: its first entry is."""
    incident = found["incident"]
    return SignalRow(
        signal=found["stream"],
        title="(hidden)" if hidden else found["title"] or "(erased)",
        state=found["state"],
        severity=found["severity"],
        source=found["source"],
        count=found["count"],
        raised_at=found["raised_at"],
        last_at=found["last_at"],
        outcome=found["outcome"],
        incident=incident if incident in open_to else None,
        lane=found["lane"],
    )


def incident_of(state: StreamState) -> str | None:
    """The incident that a signal belongs to."""
    return state.slice(SIGNAL).incident


def named_in(state: StreamState, entries: Iterable[StoredEntry]) -> frozenset[str]:
    """The other streams that a signal's words name: its incident, and whose duplicate it is."""
    others = {getattr(item.entry.body, "duplicate_of", None) for item in entries}
    return frozenset(str(one) for one in {incident_of(state), *others} if one)


def evidence_hashes(entries: Iterable[StoredEntry]) -> frozenset[str]:
    """The blobs that a signal's entries name."""
    return frozenset(
        item.entry.body.evidence.sha256
        for item in entries
        if isinstance(item.entry.body, SignalHit) and item.entry.body.evidence is not None
    )


def view(
    connection: Connection,
    state: StreamState,
    entries: list[StoredEntry],
    open_to: frozenset[str],
    services: Mapping[str, Service],
) -> SignalView:
    """One signal with the entries that were read. services: those of the plan in force now."""
    found = lists.one(connection, schema.signals, state.stream)
    if found is None:
        raise RuntimeError("a signal has no row; the projection is damaged")
    names = lists.names(connection)
    hidden = lists.hidden(connection, state.stream)
    first = entries[0].entry.body if entries else None
    raised = first if isinstance(first, SignalRaised) and 0 not in hidden else None
    unseen = named_in(state, entries) - open_to
    assets = signal_assets.joined((one for one in entries if one.entry.header.seq not in hidden), services)
    return SignalView(
        signal=row(found, open_to, hidden=0 in hidden and hidden[0]["state"] == "hidden"),
        secrecy=state.slice(SIGHT).secrecy.value,
        secrecy_version=state.slice(SIGHT).version,
        text=raised.text if raised else "",
        contact=raised.contact if raised else None,
        rule_id=raised.rule.id if raised and raised.rule else None,
        rule_key=raised.rule.key if raised and raised.rule else None,
        rule_license=raised.rule.license if raised and raised.rule else "",
        rule_techniques=techniques(raised.rule.tags) if raised and raised.rule else (),
        rule_references=raised.rule.references if raised and raised.rule else (),
        rule_author=raised.rule.author if raised and raised.rule else None,
        rule_level=raised.rule.level.value if raised and raised.rule else None,
        tlp=(raised.tlp if raised else Tlp.AMBER).value,
        evidence=tuple(_evidence(entries)),
        assets=assets.shown,
        more_assets=assets.more,
        entries=tuple(
            told(
                item.entry,
                names,
                standing=hidden[seq]["state"] if (seq := item.entry.header.seq) in hidden else "shown",
                note=hidden[seq]["reason"] if seq in hidden else "",
                unseen=unseen,
            )
            for item in entries
        ),
    )


def _evidence(entries: list[StoredEntry]) -> Iterable[EvidenceView]:
    for item in entries:
        body = item.entry.body
        if isinstance(body, SignalHit) and body.evidence is not None:
            yield EvidenceView(
                sha256=body.evidence.sha256,
                seq=item.entry.header.seq,
                batch=body.batch,
                events=body.evidence.events,
                why=tuple(ReasonView(**one.model_dump()) for one in body.why),
            )
