"""Changes to projection tables, as data: a row put, a row's columns changed, or a row dropped."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

Row = dict[str, Any]
Key = tuple[Any, ...]


def _key(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


@dataclass(frozen=True)
class Put:
    """The whole row of a table, replacing the one of its key."""

    table: Table
    row: Row

    def key(self) -> Key:
        """The primary key's values."""
        return _key(self.table, self.row)


@dataclass(frozen=True)
class Change:
    """The primary key and some columns of a row that is there already."""

    table: Table
    row: Row

    def key(self) -> Key:
        """The primary key's values."""
        return _key(self.table, self.row)


@dataclass(frozen=True)
class Drop:
    """The primary key of a row that is no longer true."""

    table: Table
    row: Row

    def key(self) -> Key:
        """The primary key's values."""
        return _key(self.table, self.row)


Op = Put | Change | Drop


@dataclass(frozen=True)
class Merged:
    """The net effect of changes on each row: at most one drop, then at most one put or change."""

    drops: list[Drop]
    puts: list[Put]
    changes: list[Change]


def merged(ops: list[Op]) -> Merged:
    """What a list of changes comes to, so that each table is written once."""
    drops: dict[tuple[str, Key], Drop] = {}
    puts: dict[tuple[str, Key], Put] = {}
    changes: dict[tuple[str, Key], Change] = {}
    for op in ops:
        at = (op.table.name, op.key())
        match op:
            case Put():
                puts[at] = op
                changes.pop(at, None)
            case Drop():
                puts.pop(at, None)
                changes.pop(at, None)
                drops[at] = op
            case Change():
                if at in puts:
                    puts[at] = Put(op.table, puts[at].row | op.row)
                else:
                    changes[at] = Change(op.table, (changes[at].row if at in changes else {}) | op.row)
    return Merged(list(drops.values()), list(puts.values()), list(changes.values()))
