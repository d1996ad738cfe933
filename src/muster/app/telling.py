"""Entries told to people: from a stored entry to one sentence and further named values, with names for ids."""

from collections.abc import Callable, Mapping
from typing import Any

from muster.app import telling_after, telling_due, telling_work
from muster.app.views import EntryView
from muster.core.time import TimeSource, stored
from muster.record.entry import Entry

_UNSEEN = "one that you may not see"
Names = Mapping[str, str]
Tree = dict[str, Any]

# The heading of each kind. A kind that is not here is told by its name, so that nothing is ever left out.
TITLES: Mapping[str, str] = {
    "incident.declared": "Incident declared",
    "incident.active": "Active",
    "incident.recovering": "Recovering",
    "incident.watching": "Watching",
    "incident.in-review": "In review",
    "incident.closed": "Closed",
    "incident.stood-down": "Stood down",
    "incident.reopened": "Reopened",
    "incident.signal-attached": "Signal attached",
    "reason.given": "Reason",
    "log.written": "Log",
    "summary.replaced": "Summary replaced",
    "fact.stated": "Fact",
    "assumption.made": "Assumption",
    "question.asked": "Question",
    "thing.confirmed": "Confirmed",
    "thing.refuted": "Refuted",
    "thing.answered": "Answered",
    "thing.withdrawn": "Withdrawn",
    "role.offered": "Role offered",
    "role.accepted": "Role accepted",
    "role.declined": "Role declined",
    "severity.rated": "Severity",
    "secrecy.set": "Who may see this",
    "entry.redacted": "Entry hidden",
    "entry.erased": "Entry erased",
    "signal.raised": "Signal raised",
    "signal.reported-again": "Reported again",
    "signal.repeated": "Sent again",
    "signal.hit": "Rule matched",
    "signal.acknowledged": "Acknowledged",
    "signal.dismissed": "Dismissed",
    "signal.attached": "Attached to an incident",
    **telling_due.TITLES,
    **telling_work.TITLES,
    **telling_after.TITLES,
}


def _plain(tree: Tree, names: Names) -> str:
    del names
    return str(tree.get("text") or tree.get("what") or tree.get("reason") or "")


def _role(tree: Tree, names: Names) -> str:
    whom = names.get(str(tree.get("to", "")), "")
    return f"{tree['role']}: {whom}" if whom else str(tree["role"])


def _severity(tree: Tree, names: Names) -> str:
    del names
    over = " (set by a person, not by the table)" if tree["overridden"] else ""
    return f"{tree['severity']}{over}. {tree['why']}"


def _secrecy(tree: Tree, names: Names) -> str:
    if tree["secrecy"] != "named":
        return str(tree["secrecy"])
    return "named people: " + ", ".join(names.get(account, "somebody") for account in tree["people"])


def _hit(tree: Tree, names: Names) -> str:
    del names
    events = "event" if tree["count"] == 1 else "events"
    found = ", found by a hunt over stored events" if tree.get("origin") == "retro" else ""
    return f"{tree['title']}: {tree['count']} {events} of a batch of {tree['events']}{found}"


def _raised(tree: Tree, names: Names) -> str:
    del names
    return str(tree["text"] or tree["title"])


def _closed(tree: Tree, names: Names) -> str:
    del names
    return f"{tree['summary']} (how we learned of it: {tree['how_learned']})"


def _dismissed(tree: Tree, names: Names) -> str:
    del names
    other = f" of {tree['duplicate_of']}" if tree.get("duplicate_of") else ""
    return f"{tree['outcome']}{other}: {tree['reason']}"


_SENTENCES: Mapping[str, Callable[[Tree, Names], str]] = {
    "role.offered": _role,
    "role.accepted": _role,
    "severity.rated": _severity,
    "secrecy.set": _secrecy,
    "signal.hit": _hit,
    "signal.raised": _raised,
    "signal.dismissed": _dismissed,
    "incident.closed": _closed,
    "signal.repeated": _raised,
    **telling_due.SENTENCES,
    **telling_work.SENTENCES,
    **telling_after.SENTENCES,
}
# An entry says about which other one it is by one of these.
_ABOUT = frozenset(
    {
        "corrects",
        "settles",
        "hides",
        "erases",
        "explains",
        "task",
        "decision",
        "decides",
        "evidence",
        "revokes",
        "run",
        "action",
        "withdraws",
        "statement",
        "revises",
        "receipt-of",
    }
)
_DETAILS: Mapping[str, str] = {
    "source": "source",
    "contact": "contact",
    "signal": "signal",
    "incident": "incident",
}


def told(
    entry: Entry,
    names: Names,
    *,
    standing: str = "shown",
    note: str = "",
    late: bool = False,
    unseen: frozenset[str],
) -> EntryView:
    """An entry for people. standing: shown, hidden or erased; then its words are left out.

    unseen: codes that the reader may not see; they are not named.
    """
    head = entry.header
    tree: Tree = entry.body.tree() if entry.body is not None and standing == "shown" else {}
    tree = {
        name: _UNSEEN if isinstance(value, str) and value in unseen else value for name, value in tree.items()
    }
    text = _SENTENCES.get(head.kind, _plain)(tree, names) if tree else ""
    details = tuple((label, str(tree[field])) for field, label in _DETAILS.items() if tree.get(field))
    corrects = next((ref.seq for ref in head.refs if ref.rel in _ABOUT and ref.stream == head.stream), None)
    return EntryView(
        seq=head.seq,
        kind=head.kind,
        happened_at=stored(head.happened.at),
        precision=head.happened.precision.value,
        stated=head.happened.source is TimeSource.STATED,
        recorded_at=stored(head.recorded_at),
        who=names.get(head.who, {"nobody": "without account", "server": "Muster"}.get(head.who, "somebody")),
        role=head.role,
        through=head.through,
        title=TITLES.get(head.kind, head.kind),
        text=text,
        details=details,
        standing=standing,
        note=note,
        corrects=corrects,
        late=late,
    )
