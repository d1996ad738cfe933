"""Sets of rows as Python integers: bit n stands for row n, as in the validity bitmap of an Arrow column."""

from collections.abc import Sequence

_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def everything(size: int) -> int:
    """The set of the rows 0 to size - 1."""
    return (1 << size) - 1


def from_rows(rows: Sequence[int], size: int) -> int:
    """The set of the given rows, each of which lies in 0 to size - 1."""
    if len(rows) < 4:
        found = 0
        for row in rows:
            found |= 1 << row
        return found
    buffer = bytearray((size >> 3) + 1)
    for row in rows:
        buffer[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(buffer, "little")


def to_rows(found: int) -> tuple[int, ...]:
    """The rows of a set, ascending."""
    data = found.to_bytes((found.bit_length() + 7) >> 3, "little")
    return tuple(at * 8 + bit for at, byte in enumerate(data) if byte for bit in _BITS[byte])
