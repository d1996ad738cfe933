"""Hyperscan: many expressions, one pass over a value. The one place that knows the library.

Hyperscan builds finite automata: a scan takes time in proportion to the value, whatever the expressions are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import hyperscan
import numpy as np
import orjson

from muster.detect.expression import HEAD, TAIL, Alphabet, Expression
from muster.detect.literals import Ints, Pairs, joined
from muster.detect.pieces import Blobs, Pieces, Unusable, opened, sealed

_ALWAYS = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY


class Finder:
    """Where some texts end in a long piece of bytes; ASCII letters fold."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        """texts: at least one."""
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[b"".join(b"\\x%02x" % byte for byte in text) for text in texts],
            ids=list(range(len(texts))),
            flags=[hyperscan.HS_FLAG_CASELESS] * len(texts),
        )

    def find(self, data: bytes | memoryview) -> tuple[list[int], list[int]]:
        """Of each occurrence the place of the text and the place in the data behind it, in no order."""
        places: list[int] = []
        ends: list[int] = []
        # The library takes any buffer; its stub knows bytes only.
        self._database.scan(cast("bytes", data), match_event_handler=_note_end, context=(places, ends))
        return places, ends

    def packed(self) -> bytes:
        """For `unpacked`."""
        return hyperscan.dumpb(self._database)

    @classmethod
    def unpacked(cls, data: bytes) -> "Finder":
        """Raises `Unusable`."""
        self = cls.__new__(cls)
        self._database = _loaded(data)
        return self


@dataclass(frozen=True, slots=True)
class _Part:
    """A database with what each of its expressions is (see `_written`), and its test; -1 where none asks for it."""

    names: list[str]
    numbers: Ints
    database: hyperscan.Database


class Scanner:
    """Databases over one alphabet; usually one, more when together they are too large for the library.

    Kept databases (see `pieces`) are used again while most of their expressions are still asked for; what is new gets
    a small database of its own. So one changed rule costs little, and what matches is the same.
    """

    def __init__(
        self, expressions: Mapping[int, Expression], pieces: Pieces | None = None, name: str = ""
    ) -> None:
        """expressions: number -> expression. `refused` then names those that cannot be compiled, with the reason.

        name: under which the databases are kept.
        """
        self.refused: dict[int, str] = {}
        self._parts: list[_Part] = []
        if not expressions:
            return
        pieces = pieces or Pieces()
        kept = pieces.get(name)
        known, refused = _kept(kept) if kept is not None else ([], {})
        left = dict(expressions)
        for number, expression in expressions.items():
            if (why := refused.get(_written(expression))) is not None:
                self.refused[number] = why
                del left[number]
        self._parts, left = _still_asked(known, left)
        if left:
            self._add(list(left.items()))
        if left or len(self._parts) != len(known):
            pieces.put(name, self._bytes(expressions))

    def __bool__(self) -> bool:
        return bool(self._parts)

    def find(self, values: Sequence[bytes]) -> Pairs:
        """Which values match which expressions: each pair once."""
        pairs: list[Pairs] = []
        for part in self._parts:
            found: list[int] = []
            counts: list[int] = []
            scan = part.database.scan
            before = 0
            for value in values:
                scan(value, match_event_handler=_note, context=found)
                counts.append(len(found) - before)
                before = len(found)
            if found:
                numbers = part.numbers[np.array(found, np.int64)]
                at = np.repeat(np.arange(len(values)), np.array(counts, np.int64))
                asked = numbers >= 0
                pairs.append(Pairs(at[asked], numbers[asked]))
        return joined(pairs)

    def _add(self, expressions: list[tuple[int, Expression]]) -> None:
        """Compiles all together; when that fails, each half, so that what is refused is known by name."""
        try:
            self._parts.append(_compiled(expressions))
        except hyperscan.error as fault:
            if len(expressions) == 1:
                self.refused[expressions[0][0]] = str(fault)
                return
            middle = len(expressions) // 2
            self._add(expressions[:middle])
            self._add(expressions[middle:])

    def _bytes(self, expressions: Mapping[int, Expression]) -> bytes:
        refused = {_written(expressions[number]): why for number, why in self.refused.items()}
        told = orjson.dumps([[part.names for part in self._parts], refused])
        return sealed([told, *(hyperscan.dumpb(part.database) for part in self._parts)])

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        return [
            [blobs.add_array(part.numbers), blobs.add(hyperscan.dumpb(part.database))] for part in self._parts
        ]

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "Scanner":
        """A scanner that finds the same. Raises `Unusable`."""
        made = Scanner({})
        for numbers, data in told:
            made._parts.append(_Part([], blobs.array(numbers), _loaded(blobs.data(data))))
        return made


_MOSTLY = 4


def _still_asked(
    known: Sequence[_Part], asked: Mapping[int, Expression]
) -> tuple[list[_Part], dict[int, Expression]]:
    """The known databases that are worth keeping, with the numbers of now; and what none of them has.

    One of which more than a fourth is no longer asked for is made anew, and so is one that is not much larger than
    what is new anyhow.
    """
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for number, expression in asked.items():
        waiting[_written(expression)].append(number)
    parts: list[_Part] = []
    for part in known:
        numbers = [waiting[name].pop() if waiting.get(name) else -1 for name in part.names]
        if numbers.count(-1) * _MOSTLY > len(numbers):
            for name, number in zip(part.names, numbers, strict=True):
                if number >= 0:
                    waiting[name].append(number)
        else:
            parts.append(replace(part, numbers=np.array(numbers, np.int64)))
    left = [number for numbers in waiting.values() for number in numbers]
    kept: list[_Part] = []
    for part in parts:
        if left and len(part.names) < 2 * len(left):
            left += part.numbers[part.numbers >= 0].tolist()
        else:
            kept.append(part)
    return kept, {number: asked[number] for number in sorted(left)}


def _kept(data: bytes) -> tuple[list[_Part], dict[str, str]]:
    """Databases and what was refused, as they were kept; nothing when that cannot be used."""
    try:
        told, *databases = opened(data)
        names, refused = orjson.loads(told)
        parts = [
            _Part(list(of_part), np.zeros(len(of_part), np.int64), _loaded(database))
            for of_part, database in zip(names, databases, strict=True)
        ]
        return parts, dict(refused)
    except (Unusable, ValueError, TypeError):
        return [], {}


def _loaded(data: bytes) -> hyperscan.Database:
    """A database from its own bytes; the library looks at their checksum, its version and the processor."""
    try:
        database = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except (hyperscan.error, ValueError, TypeError) as fault:
        raise Unusable from fault
    return database


class Scanners:
    """A scanner for each alphabet, over the forms of one value."""

    def __init__(
        self, expressions: Mapping[int, Expression], pieces: Pieces | None = None, name: str = ""
    ) -> None:
        """All as in `Scanner`."""
        parts: dict[Alphabet, dict[int, Expression]] = {alphabet: {} for alphabet in Alphabet}
        for number, expression in expressions.items():
            parts[expression.alphabet][number] = expression
        self._scanners = {
            alphabet: Scanner(part, pieces, f"{name}/{alphabet.name}")
            for alphabet, part in parts.items()
            if part
        }
        self.refused = {number: why for one in self._scanners.values() for number, why in one.refused.items()}

    def __bool__(self) -> bool:
        return any(self._scanners.values())

    def find(self, texts: Sequence[str], folded: Sequence[str]) -> Pairs:
        """Which values match which expressions. texts: the values as they are; folded: the same folded."""
        pairs: list[Pairs] = []
        for alphabet, scanner in self._scanners.items():
            if alphabet is Alphabet.REGEX:
                pairs.append(scanner.find([text.encode() for text in texts]))
            else:
                form = texts if alphabet is Alphabet.BYTES else folded
                pairs.append(scanner.find([_marked(text) for text in form]))
        return joined(pairs)

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        return {alphabet.name: scanner.packed(blobs) for alphabet, scanner in self._scanners.items()}

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "Scanners":
        """Scanners that find the same. Raises `Unusable`."""
        made = Scanners({})
        for name, scanner in told.items():
            made._scanners[Alphabet[name]] = Scanner.unpacked(scanner, blobs)
        return made


def _marked(text: str) -> bytes:
    return HEAD + text.encode() + TAIL


def _flags(expression: Expression) -> int:
    flags = _ALWAYS
    if expression.caseless:
        flags |= hyperscan.HS_FLAG_CASELESS
    if expression.multiline:
        flags |= hyperscan.HS_FLAG_MULTILINE
    if expression.alphabet is Alphabet.REGEX:
        flags |= hyperscan.HS_FLAG_UTF8 | (hyperscan.HS_FLAG_UCP if expression.unicode else 0)
    return flags


def _written(expression: Expression) -> str:
    """Everything that an expression means to the library."""
    return f"{_flags(expression)} {expression.pattern.decode('latin-1')}"


def _compiled(expressions: Sequence[tuple[int, Expression]]) -> _Part:
    database = hyperscan.Database()
    database.compile(
        expressions=[expression.pattern for _, expression in expressions],
        ids=list(range(len(expressions))),
        flags=[_flags(expression) for _, expression in expressions],
    )
    numbers = np.array([number for number, _ in expressions], np.int64)
    return _Part([_written(expression) for _, expression in expressions], numbers, database)


def _note(number: int, _start: int, _end: int, _flags: int, found: object) -> None:
    cast("list[int]", found).append(number)


def _note_end(number: int, _start: int, end: int, _flags: int, found: object) -> None:
    places, ends = cast("tuple[list[int], list[int]]", found)
    places.append(number)
    ends.append(end)
