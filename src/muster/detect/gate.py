"""Gates: what rules of one kind of event ask in common (log source, channel, event id), asked once for all of them.

Most rules of a batch are never looked at: their gate lets no row through. Of the others only the fields are read that
they name, and only on the rows that passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from muster.detect.condition import AllOf, Condition, SameAs, Term, terms
from muster.detect.program import Every, Node, build, flat

FIELDS = frozenset({"Channel", "Provider_Name", "EventID", "EventSourceName"})
"""What tells kinds of events apart and is there in every event of a log."""
OPEN = Every((), ())
"""Lets everything through."""


@dataclass(frozen=True, slots=True)
class Gate:
    """source: place of the log source (see `routing`). program: what its rules ask in common.

    rules: their places. fields: what they read once the gate has let a row through.
    """

    source: int
    program: Node
    rules: tuple[int, ...]
    fields: frozenset[str]


def split(condition: Condition, numbers: Mapping[Term, int]) -> tuple[Node, Node]:
    """A rule's condition as its gate and what is left; together they are the condition."""
    parts = flat(condition) if isinstance(condition, AllOf) else [condition]
    gate = tuple(part for part in parts if _is_gate(part))
    rest = tuple(part for part in parts if not _is_gate(part))
    return build(AllOf(gate), numbers) if gate else OPEN, build(AllOf(rest), numbers) if rest else OPEN


def _is_gate(condition: Condition) -> bool:
    return all(term.field in FIELDS and not isinstance(term.test, SameAs) for term in terms(condition))
