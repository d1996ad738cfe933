"""An incident as people see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping

from muster.access.may import Visible
from muster.app import signal_view
from muster.app.registry import KINDS
from muster.app.telling import told
from muster.app.views import (
    EntryView,
    FactView,
    IncidentRow,
    IncidentView,
    PersonView,
    RoleView,
    SeverityView,
)
from muster.core.people import Role
from muster.record.entry import Entry
from muster.record.state import StreamState
from muster.respond.facts import FACTS
from muster.respond.incident import INCIDENT
from muster.respond.log import SUMMARY
from muster.respond.roles import ROLES
from muster.respond.secrecy import SIGHT
from muster.respond.severity import SEVERITIES, SeverityRated
from muster.store import lists, schema
from muster.store.entries_at import entries_at
from muster.store.read_stream import StoredEntry

Names = Mapping[str, str]


def row(found: RowMapping, names: Names, *, hidden: bool = False) -> IncidentRow:
    """An incident's row. hidden: its first entry is, and with it what is said here."""
    commander = found["commander"]
    return IncidentRow(
        incident=found["stream"],
        what="(hidden)" if hidden else found["what"] or "(erased)",
        state=found["state"],
        severity=found["severity"],
        commander=names.get(commander) if commander else None,
        declared_at=found["declared_at"],
        secrecy=found["secrecy"],
        lane=found["lane"],
    )


@dataclass(frozen=True)
class Gathered:
    """What lists hold of an incident. covered: attached signals whose first entry is hidden."""

    row: RowMapping
    accounts: Sequence[RowMapping]
    attached: Sequence[RowMapping]
    hidden: Mapping[int, RowMapping]
    covered: frozenset[str]
    facts: Sequence[RowMapping]
    settlements: Sequence[RowMapping]

    @property
    def names(self) -> dict[str, str]:
        """The name of every account."""
        return {row["account"]: row["name"] for row in self.accounts}

    @property
    def what(self) -> str:
        """What the incident is about."""
        return "(hidden)" if 0 in self.hidden else (self.row["what"] or "(erased)")


def gather(connection: Connection, state: StreamState, seen: Visible) -> Gathered:
    """The lists of one incident, of what may be seen: six statements."""
    found = lists.one(connection, schema.incidents, state.stream)
    if found is None:
        raise RuntimeError("an incident has no row; the projection is damaged")
    attached = lists.signals_of(connection, seen, state.stream)
    hidden, covered = lists.hidden_with(connection, state.stream, [signal["stream"] for signal in attached])
    return Gathered(
        row=found,
        accounts=lists.accounts(connection),
        attached=attached,
        hidden=hidden,
        covered=covered,
        facts=lists.facts(connection, state.stream),
        settlements=lists.settlements(connection, state.stream),
    )


def view(
    connection: Connection, state: StreamState, entries: list[StoredEntry], seen: Visible, start: int
) -> IncidentView:
    """One incident with the entries that were read, the first of them with number `start`."""
    found = gather(connection, state, seen)
    rated = found.row["severity_seq"]
    last = entries_at(connection, {state.stream: [rated] if rated >= 0 else []}, KINDS)[state.stream]
    return shown(state, found, entries, start, last.get(rated))


def shown(
    state: StreamState, found: Gathered, entries: list[StoredEntry], start: int, rated: Entry | None
) -> IncidentView:
    """One incident from what was gathered and read. rated: the entry of its last rating."""
    names, hidden = found.names, found.hidden
    summary, sight, incident = state.slice(SUMMARY), state.slice(SIGHT), state.slice(INCIDENT)
    told_entries = _entries(entries, names, hidden, frozenset(signal["stream"] for signal in found.attached))
    return IncidentView(
        incident=state.stream,
        what=found.what,
        state=incident.state.value if incident.state else "",
        state_version=incident.version,
        secrecy=sight.secrecy.value,
        secrecy_version=sight.version,
        people=tuple(PersonView(account=one, name=names.get(one, "somebody")) for one in sight.people),
        lane=state.lane or "real",
        plan=state.pinned or "",
        declared_at=found.row["declared_at"],
        summary="" if found.row["summary_seq"] in hidden else summary.text,
        summary_version=summary.version,
        severity=_severity(state, rated),
        roles=roles(state, names),
        facts=tuple(_facts(state, found, names)),
        signals=tuple(
            signal_view.row(signal, frozenset({state.stream}), hidden=signal["stream"] in found.covered)
            for signal in found.attached
        ),
        entries=told_entries,
        entries_total=state.seq + 1,
        earlier=start if start > 0 else None,
        clock_warning=any(entry.late for entry in told_entries),
    )


def _entries(
    entries: list[StoredEntry], names: Names, hidden: Mapping[int, RowMapping], attached: frozenset[str]
) -> tuple[EntryView, ...]:
    views: list[EntryView] = []
    newest = None
    for item in entries:
        head = item.entry.header
        late = newest is not None and head.recorded_at < newest
        newest = head.recorded_at if newest is None or head.recorded_at > newest else newest
        signal = getattr(item.entry.body, "signal", None)
        unseen = frozenset({str(signal)} if signal and signal not in attached else ())
        standing = hidden[head.seq]["state"] if head.seq in hidden else "shown"
        note = hidden[head.seq]["reason"] if head.seq in hidden else ""
        views.append(told(item.entry, names, standing=standing, note=note, late=late, unseen=unseen))
    return tuple(views)


def _severity(state: StreamState, rated: Entry | None) -> SeverityView:
    levels = state.slice(SEVERITIES)
    body = rated.body if rated is not None and isinstance(rated.body, SeverityRated) else None
    return SeverityView(
        current=levels.current.value if levels.current else "unknown",
        initial=levels.initial.value if levels.initial else "unknown",
        peak=levels.peak.value if levels.peak else "unknown",
        version=levels.version,
        why=body.why if body else "",
        rule=body.rule if body else "",
        overridden=body.overridden if body else False,
        ratings=body.ratings.model_dump(mode="json") if body else {},
    )


def roles(state: StreamState, names: Names) -> tuple[RoleView, ...]:
    """Every role with its holder, or to whom it is offered."""
    return tuple(_role(state, role, names) for role in Role)


def _role(state: StreamState, role: Role, names: Names) -> RoleView:
    roles = state.slice(ROLES)
    holder, offer = roles.holders.get(role), roles.offers.get(role)
    return RoleView(
        role=role.value,
        holder=names.get(holder, "somebody") if holder else None,
        holder_account=holder,
        offered=names.get(offer.to, "somebody") if offer else None,
        offered_account=offer.to if offer else None,
        version=roles.version(role),
    )


def _facts(state: StreamState, found: Gathered, names: Names) -> list[FactView]:
    ends: dict[int, RowMapping] = {item["seq"]: item for item in found.settlements}
    hidden = found.hidden
    standing = state.slice(FACTS).things
    views: list[FactView] = []
    for made in found.facts:
        seq, end = made["seq"], ends.get(made["seq"])
        thing = standing.get(seq)
        confirmed = end is not None and end["ending"] == "confirmed"
        end_hidden = end is not None and end["by"] in hidden
        views.append(
            FactView(
                seq=seq,
                standing=thing.standing.value if thing else made["standing"],
                text="(hidden)" if seq in hidden else (made["text"] or "(erased)"),
                source=end["source"] if end is not None and confirmed and not end_hidden else made["source"],
                who=names.get(made["who"], "somebody"),
                at=made["at"],
                ending=end["ending"] if end is not None else None,
                ended_text="" if end is None else "(hidden)" if end_hidden else end["text"],
                ended_by=names.get(end["who"], "somebody") if end is not None else "",
                ended_at=end["at"] if end is not None else None,
                version=thing.version if thing else 0,
            )
        )
    return views
