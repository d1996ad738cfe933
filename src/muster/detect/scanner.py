"""Hyperscan: many expressions, one pass over a value. The one place that knows the library.

Hyperscan builds finite automata: a scan takes time in proportion to the value, whatever the expressions are.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import hyperscan

from muster.detect.expression import Alphabet, Expression

_ALWAYS = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY


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
        found: list[int] = []
        for database in self._databases:
            database.scan(value, match_event_handler=_note, context=found)
        return found

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
