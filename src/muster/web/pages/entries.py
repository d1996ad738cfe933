"""The entries of a log as a page tells them: which one corrects which, and which may be hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.app.views import EntryView
from muster.disclose import rules as disclose_rules
from muster.learn import rules as learn_rules
from muster.respond import rules_of_due, rules_of_work

# Kinds without words of a person: there is nothing to hide in them.
_WORDLESS = frozenset(
    {
        "role.offered",
        "role.accepted",
        "secrecy.set",
        "severity.rated",
        "entry.redacted",
        "entry.erased",
        "incident.signal-attached",
        "signal.acknowledged",
        "signal.attached",
    }
) | {
    body.kind
    for body in (
        *rules_of_due.FIXED,
        *rules_of_work.FIXED,
        *disclose_rules.FIXED,
        *learn_rules.FIXED,
    )
}
# What these say stands in the place of what another entry said.
_CORRECTIONS = frozenset({"log.written", "work.corrected"})


@dataclass(frozen=True)
class Told:
    """One entry, the number of the later line that corrects it, and what can be done with its words."""

    entry: EntryView
    corrected_by: int | None
    can_hide: bool
    can_erase: bool


def told(entries: Sequence[EntryView]) -> list[Told]:
    """Entries with their corrections, in the same order."""
    corrected = {
        entry.corrects: entry.seq
        for entry in entries
        if entry.kind in _CORRECTIONS and entry.corrects is not None
    }
    return [
        Told(
            entry,
            corrected.get(entry.seq),
            can_hide=entry.standing == "shown" and entry.kind not in _WORDLESS,
            can_erase=entry.standing == "hidden",
        )
        for entry in entries
    ]
