"""From entries to the rows of lists: which entry changes which row. Pure; `verify` does it again and compares."""

from collections.abc import Iterable

from muster.access.accounts import (
    ACCOUNTS,
    AccountActivated,
    AccountDisabled,
    AccountEnabled,
    AccountInvited,
    DutiesChanged,
    TokenMinted,
    TokenRevoked,
)
from muster.core.ids import StreamType, stream_type
from muster.core.people import Duty, Role
from muster.core.time import TimeSource, stored
from muster.detect.rule import severity_hint
from muster.detect.rulebook.tags import tactics, techniques
from muster.record.entry import Entry
from muster.record.lane import REAL
from muster.record.state import StreamState
from muster.rehearse.clock import reached
from muster.respond.due import DUE
from muster.respond.facts import (
    Answered,
    AssumptionMade,
    Confirmed,
    Ending,
    FactStated,
    QuestionAsked,
    Refuted,
    Standing,
    Withdrawn,
)
from muster.respond.incident import INCIDENT, IncidentDeclared
from muster.respond.log import SUMMARY, SummaryReplaced
from muster.respond.redaction import EntryErased, EntryRedacted
from muster.respond.roles import ROLES
from muster.respond.secrecy import SIGHT
from muster.respond.severity import SEVERITIES, SeverityRated
from muster.respond.signal import (
    SIGNAL,
    SignalHit,
    SignalRaised,
    SignalReportedAgain,
)
from muster.store import schema
from muster.store.projection import Change, Drop, Op, Put

# Raised whenever rows change their meaning: older projections are folded anew at the start.
FOLD_VERSION = 4

_STANDING = {
    FactStated.kind: Standing.FACT,
    AssumptionMade.kind: Standing.ASSUMPTION,
    QuestionAsked.kind: Standing.QUESTION,
}
_ENDING = {
    Confirmed.kind: Ending.CONFIRMED,
    Refuted.kind: Ending.REFUTED,
    Answered.kind: Ending.ANSWERED,
    Withdrawn.kind: Ending.WITHDRAWN,
}


def project(before: StreamState, entry: Entry, after: StreamState) -> Iterable[Op]:
    """The changes of one entry."""
    yield from _hidden(entry)
    yield from _due(before, entry, after)
    for at in reached(entry.header):
        row = {"stream": entry.header.stream, "lane": entry.header.lane, "at": at}
        yield Put(schema.lane_times, row)
    match stream_type(entry.header.stream):
        case StreamType.INCIDENT:
            yield from _incident(entry, after)
            yield from _members(before, after)
        case StreamType.SIGNAL:
            yield from _signal(before, entry, after)
            yield from _members(before, after)
        case StreamType.ACCOUNTS:
            yield from _accounts(before, entry, after)
        case StreamType.ACCESS | StreamType.LOG | StreamType.DRILL | StreamType.PLAN:
            return


def _at(entry: Entry) -> str:
    """When it was written, by the clock of its lane; where a person stated another time, by the wall clock."""
    head = entry.header
    return stored(head.happened.at if head.happened.source is TimeSource.CLOCK else head.recorded_at)


def _hidden(entry: Entry) -> Iterable[Op]:
    head = entry.header
    states = {EntryRedacted.kind: ("hides", "hidden"), EntryErased.kind: ("erases", "erased")}
    rel, state = states.get(head.kind, ("", ""))
    reason = entry.body.reason if isinstance(entry.body, EntryRedacted) else ""
    for ref in head.refs:
        if rel and ref.rel == rel:
            row = {"stream": ref.stream, "seq": ref.seq, "state": state, "who": head.who, "reason": reason}
            yield Put(schema.hidden, row)


def _due(before: StreamState, entry: Entry, after: StreamState) -> Iterable[Op]:
    was, now = before.slice(DUE).items, after.slice(DUE).items
    for seq in was.keys() - now.keys():
        yield Drop(schema.due, {"stream": after.stream, "seq": seq})
    for seq, item in now.items():
        if was.get(seq) == item:
            continue
        key = {"stream": after.stream, "seq": seq}
        moves = {"state": item.state.value, "due_at": item.due, "attempt": item.attempt}
        if seq in was:
            yield Change(schema.due, key | moves)
            continue
        first = {"kind": item.kind.value, "name": item.name, "lane": entry.header.lane, "sort": item.sort}
        yield Put(schema.due, key | first | moves | {"asked_at": stored(entry.header.happened.at)})


def _members(before: StreamState, after: StreamState) -> Iterable[Op]:
    was, now = set(before.slice(SIGHT).people), set(after.slice(SIGHT).people)
    for account in sorted(was - now):
        yield Drop(schema.members, {"stream": after.stream, "account": account})
    for account in sorted(now - was):
        yield Put(schema.members, {"stream": after.stream, "account": account})


def _incident(entry: Entry, after: StreamState) -> Iterable[Op]:
    head, body = entry.header, entry.body
    if head.seq == 0:
        what = body.what if isinstance(body, IncidentDeclared) else ""
        first = {"stream": head.stream, "lane": head.lane, "what": what, "declared_at": _at(entry)}
        first |= {"summary_seq": -1, "severity_seq": -1}
        yield Put(schema.incidents, first | _incident_columns(after))
    elif head.kind.startswith(("incident.", "severity.", "secrecy.", "role.", "summary.")):
        yield Change(schema.incidents, {"stream": head.stream} | _incident_columns(after))
    if head.seq == 1:  # of the same command; what was declared may have been stated to have begun earlier
        yield Change(schema.incidents, {"stream": head.stream, "declared_at": _at(entry)})
    if head.kind == SeverityRated.kind:
        yield Change(schema.incidents, {"stream": head.stream, "severity_seq": head.seq})
    if head.kind == SummaryReplaced.kind:
        yield Change(schema.incidents, {"stream": head.stream, "summary_seq": head.seq})
    yield from _facts(entry)


def _incident_columns(after: StreamState) -> dict[str, str | None]:
    incident, severities = after.slice(INCIDENT), after.slice(SEVERITIES)
    return {
        "secrecy": after.slice(SIGHT).secrecy.value,
        "state": incident.state.value if incident.state else "",
        "severity": severities.current.value if severities.current else "",
        "summary": after.slice(SUMMARY).text,
        "commander": after.slice(ROLES).holders.get(Role.COMMANDER),
    }


def _facts(entry: Entry) -> Iterable[Op]:
    head, body = entry.header, entry.body
    text = getattr(body, "text", "")
    common = {
        "stream": head.stream,
        "text": text if isinstance(text, str) else "",
        "source": body.source if isinstance(body, FactStated | Confirmed) else "",
        "who": head.who,
        "at": stored(head.happened.at),
    }
    if head.kind in _STANDING:
        yield Put(schema.facts, common | {"seq": head.seq, "standing": _STANDING[head.kind].value})
    if head.kind in _ENDING:
        for ref in head.refs:
            if ref.rel == "settles":
                row = common | {"seq": ref.seq, "by": head.seq, "ending": _ENDING[head.kind].value}
                yield Put(schema.settlements, row)


def _signal(before: StreamState, entry: Entry, after: StreamState) -> Iterable[Op]:
    head, body = entry.header, entry.body
    if head.seq == 0:
        yield Put(schema.signals, _raised(entry) | _signal_columns(entry, after))
    elif head.kind.startswith(("signal.", "secrecy.")):
        yield Change(schema.signals, {"stream": head.stream} | _signal_columns(entry, after))
    if isinstance(body, SignalRaised) and body.rule is not None:
        rule = body.rule
        row = {"stream": head.stream, "rule_key": rule.key, "rule_id": rule.id, "title": body.title}
        named = {"techniques": " ".join(techniques(rule.tags)), "tactics": " ".join(tactics(rule.tags))}
        yield Put(schema.fired, row | named)
    if isinstance(body, SignalRaised | SignalReportedAgain) and body.receipt_sha256:
        row = {"receipt": body.receipt_sha256, "stream": head.stream, "seq": head.seq}
        yield Put(schema.receipts, row)
    if isinstance(body, SignalHit):
        yield Put(schema.hit_keys, {"key": body.key, "stream": head.stream, "seq": head.seq})
        if body.evidence is not None:
            yield Put(
                schema.evidence, {"stream": head.stream, "seq": head.seq, "sha256": body.evidence.sha256}
            )
    was, now = before.slice(SIGNAL), after.slice(SIGNAL)
    if now.waiting and not was.waiting and now.group:
        yield Put(schema.groups, {"key": now.group, "stream": head.stream})
    if was.waiting and not now.waiting and was.group:
        yield Drop(schema.groups, {"key": was.group})


def _raised(entry: Entry) -> dict[str, str]:
    head, body = entry.header, entry.body
    row = {"stream": head.stream, "lane": head.lane, "raised_at": _at(entry)}
    if not isinstance(body, SignalRaised):
        return row | {"source": "", "title": "", "severity": "", "group_key": ""}
    severity = body.severity.value if body.severity else ""
    if not severity and body.rule is not None:
        severity = severity_hint(body.rule.level).value
    return row | {
        "source": body.source.value,
        "title": body.title,
        "severity": severity,
        "group_key": body.group,
    }


def _signal_columns(entry: Entry, after: StreamState) -> dict[str, str | int | None]:
    signal = after.slice(SIGNAL)
    return {
        "secrecy": after.slice(SIGHT).secrecy.value,
        "state": signal.state.value if signal.state else "",
        "count": signal.count,
        "last_at": _at(entry),
        "outcome": signal.outcome.value if signal.outcome else None,
        "incident": signal.incident,
    }


def _accounts(before: StreamState, entry: Entry, after: StreamState) -> Iterable[Op]:
    body = entry.body
    was, now = before.slice(ACCOUNTS), after.slice(ACCOUNTS)
    match body:
        case AccountInvited():
            row = {
                "account": body.account,
                "name": body.name,
                "sign_in": body.sign_in,
                "duties": _duties(body.duties),
                "state": now.accounts[body.account].state.value,
                "kind": "program" if body.program else "person",
            }
            yield Put(schema.accounts, row)
        case AccountActivated() | AccountDisabled() | AccountEnabled() | DutiesChanged():
            known = now.accounts.get(body.account)
            if known is not None:
                row = {"account": body.account, "state": known.state.value, "duties": _duties(known.duties)}
                yield Change(schema.accounts, row)
        case TokenMinted():
            row = {
                "token": body.token,
                "account": body.account,
                "name": body.name,
                "scope": body.scope.value,
                "lane": body.lane or REAL,
                "state": "valid",
            }
            yield Put(schema.tokens, row)
        case TokenRevoked():
            yield Change(schema.tokens, {"token": body.token, "state": "revoked"})
        case _:
            pass
    for token in sorted(was.tokens.keys() - now.tokens.keys()):
        yield Change(schema.tokens, {"token": token, "state": "revoked"})


def _duties(duties: Iterable[Duty]) -> str:
    return ",".join(sorted(duty.value for duty in duties))
