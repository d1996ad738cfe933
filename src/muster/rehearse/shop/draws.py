"""Numbers that look random and are not: SHA-256 of a seed, a label and a counter."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

_Item = TypeVar("_Item")


class Draws:
    """A row of draws. The label keeps rows apart, so that one more draw here changes nothing there."""

    def __init__(self, seed: int, label: str) -> None:
        self._head = f"muster/rehearse/1 {seed} {label} "
        self._count = 0

    def _bytes(self) -> bytes:
        self._count += 1
        return sha256(f"{self._head}{self._count}".encode()).digest()

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, the limit."""
        return int.from_bytes(self._bytes()[:8], "big") % limit

    def between(self, lowest: int, highest: int) -> int:
        """A whole number from the lowest to the highest, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred draws."""
        return self.below(100) < percent

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of the items."""
        return items[self.below(len(items))]

    def hexadecimal(self, digits: int) -> str:
        """Lower-case hexadecimal digits, at most 64."""
        return self._bytes().hex()[:digits]
