"""What a rule answers: the entries it wants written and what the person gets back; and what it may look up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from muster.record.entry import Draft

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class Decision:
    """The entries to append, in this order and all in one transaction, and the answer to whoever asked.

    No drafts: there is nothing to write, for instance because all of it is recorded already.
    """

    drafts: tuple[Draft, ...]
    answer: Mapping[str, JSON] = field(default_factory=dict[str, JSON])


@dataclass(frozen=True, slots=True)
class Known:
    """What the app looked up in its lists for one command, because no single stream can tell.

    groups: group key -> the open signal of that key, whose state is among the states. hit_keys: which of the
    command's hits are recorded.
    """

    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    hit_keys: frozenset[str] = frozenset()


NOTHING_KNOWN = Known()
