"""Hyperscan: many expressions, one pass over a value. The one place that knows the library.

Hyperscan builds finite automata: a scan takes time in proportion to the value, whatever the expressions are.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import hyperscan

from muster.detect.expression import HEAD, TAIL, Alphabet, Expression

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


class Scanner:
    """Databases over one alphabet; usually one, more when together they are too large for the library."""

    def __init__(self, expressions: Mapping[int, Expression]) -> None:
        """expressions: number -> expression. `refused` then names those that cannot be compiled, with the reason."""
        self.refused: dict[int, str] = {}
        self._databases: list[hyperscan.Database] = []
        if expressions:
            self._add(list(expressions.items()))

    def __bool__(self) -> bool:
        return bool(self._databases)

    def numbers(self, value: bytes) -> list[int]:
        """The numbers of the expressions that match the value, each once, in no order."""
        return self.all_numbers([value])[0]

    def all_numbers(self, values: Sequence[bytes]) -> tuple[list[int], list[int]]:
        """The numbers of the expressions that match the values, value after value, and how many each has."""
        found: list[int] = []
        counts: list[int] = []
        scans = [database.scan for database in self._databases]
        before = 0
        for value in values:
            for scan in scans:
                scan(value, match_event_handler=_note, context=found)
            counts.append(len(found) - before)
            before = len(found)
        return found, counts

    def _add(self, expressions: list[tuple[int, Expression]]) -> None:
        """Compiles all together; when that fails, each half, so that what is refused is known by name."""
        try:
            self._databases.append(_database(expressions))
        except hyperscan.error as fault:
            if len(expressions) == 1:
                self.refused[expressions[0][0]] = str(fault)
                return
            middle = len(expressions) // 2
            self._add(expressions[:middle])
            self._add(expressions[middle:])


class Scanners:
    """A scanner for each alphabet, over the forms of one value."""

    def __init__(self, expressions: Mapping[int, Expression]) -> None:
        """expressions and `refused` as in `Scanner`."""
        parts: dict[Alphabet, dict[int, Expression]] = {alphabet: {} for alphabet in Alphabet}
        for number, expression in expressions.items():
            parts[expression.alphabet][number] = expression
        self._scanners = {alphabet: Scanner(part) for alphabet, part in parts.items() if part}
        self.refused = {number: why for one in self._scanners.values() for number, why in one.refused.items()}

    def __bool__(self) -> bool:
        return any(self._scanners.values())

    def all_numbers(
        self, texts: Sequence[str], folded: Sequence[str]
    ) -> Iterator[tuple[list[int], list[int]]]:
        """For each alphabet what its scanner says. texts: the values as they are; folded: the same folded."""
        for alphabet, scanner in self._scanners.items():
            if alphabet is Alphabet.REGEX:
                yield scanner.all_numbers([text.encode() for text in texts])
            else:
                form = texts if alphabet is Alphabet.BYTES else folded
                yield scanner.all_numbers([_marked(text) for text in form])


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


def _database(expressions: Sequence[tuple[int, Expression]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[expression.pattern for _, expression in expressions],
        ids=[number for number, _ in expressions],
        flags=[_flags(expression) for _, expression in expressions],
    )
    return database


def _note(number: int, _start: int, _end: int, _flags: int, found: object) -> None:
    cast("list[int]", found).append(number)


def _note_end(number: int, _start: int, end: int, _flags: int, found: object) -> None:
    places, ends = cast("tuple[list[int], list[int]]", found)
    places.append(number)
    ends.append(end)
