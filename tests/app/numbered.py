"""Two records of one story: equal when what is drawn anew each time (ids, codes, hashes) is numbered as it appears."""

import re
from collections.abc import Iterable
from typing import Any

from muster.record.canonical import canonical
from muster.record.entry import Entry
from muster.record.lane import REAL

# Codes of streams, and ids, tokens, hashes, commits: hexadecimal of twelve digits or more.
_DRAWN = re.compile(r"\b(?:[A-Z]{3}-[0-9A-Z]{6}|[0-9a-f]{12,64})\b")
# What is no part of the story: the wall's time, of which `w` of a drill's clock says where its own begins to count; and
# the key that a log draws for itself.
_LEFT_OUT = {"drill.clock": ("w",), "log.started": ("verifier_key",)}
# Accounts that stand in the order of their ids, which are drawn: told by how many they are.
_BY_ID = {"review.held": ("people",)}


def numbered(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Stream -> each of its entries as kind, role, lane time and body, in the order of the record.

    Streams are numbered as they begin, and what is drawn within each by itself: which of two streams goes on first at
    the same moment is nobody's promise. Of the lane of reality no time is told: its clock is the wall's.
    """
    streams: dict[str, dict[str, str]] = {}
    found: dict[str, list[str]] = {}
    for entry in entries:
        head = entry.header
        known = streams.setdefault(head.stream, {})
        tree: dict[str, Any] = dict(entry.body.tree()) if entry.body else {}
        for field in _LEFT_OUT.get(head.kind, ()):
            tree.pop(field)
        for field in _BY_ID.get(head.kind, ()):
            tree[field] = len(tree[field])
        at = "" if head.lane == REAL else str(head.happened.at)
        text = f"{head.kind} {head.role} {head.lane} {at} {canonical(tree).decode()}"
        name = f"{head.stream[:3]} {list(streams).index(head.stream)}"
        found.setdefault(name, []).append(_DRAWN.sub(lambda it, known=known: _number(known, it[0]), text))
    return found


def _number(known: dict[str, str], drawn: str) -> str:
    return known.setdefault(drawn, f"<{len(known) + 1}>")
