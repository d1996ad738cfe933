"""The head of a log of columns (W3C extended, Zeek): which fields its lines have. It holds until the next head.

W3C Extended Log File Format (WD-logfile-960323): `#Fields:` names the columns, `-` stands for nothing.
Zeek's ASCII writer: `#fields` names the columns, parted by tabs; `-` and `(empty)` stand for nothing; `#path` names
the log.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from muster.detect.flaw import MAX_FIELDS, Flaw, Flawed
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.values import Pairs
from muster.detect.shapes.web_access import of_columns as web_fields
from muster.detect.shapes.zeek import of_columns as zeek_fields


class Kind(Enum):
    """Whose columns they are."""

    NONE = auto()
    W3C = auto()
    ZEEK = auto()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the head of a file has said so far. log: Zeek's name of the log."""

    kind: Kind = Kind.NONE
    names: tuple[str, ...] = ()
    log: str | None = None


NONE = Heading()
_NOTES = (
    "#software:", "#version:", "#date:", "#start-date:", "#end-date:", "#remark:", "#separator ", "#set_separator\t",
    "#empty_field\t", "#unset_field\t", "#open\t", "#close\t", "#types\t",
)  # fmt: skip


def noted(heading: Heading, line: str) -> Heading | None:
    """The head after a line that begins with `#`; None when that is no line of such a head."""
    kind, _, rest = line.partition("\t" if "\t" in line[:16] else " ")
    if kind == "#Fields:":
        return Heading(Kind.W3C, tuple(rest.split()[:MAX_FIELDS]))
    if kind == "#fields":
        return replace(heading, kind=Kind.ZEEK, names=tuple(rest.split("\t")[:MAX_FIELDS]))
    if kind == "#path":
        return replace(heading, kind=Kind.ZEEK, names=(), log=rest.strip())
    return heading if line.lower().startswith(_NOTES) else None


def fields(heading: Heading, line: str) -> tuple[ShapeName, Pairs] | None:
    """The fields of a line of columns; None when no head names them. Raises `Flawed` when their number differs."""
    if not heading.names:
        return None
    is_zeek = heading.kind is Kind.ZEEK
    values = line.split("\t") if is_zeek else line.split()
    if len(values) != len(heading.names):
        raise Flawed(Flaw.COLUMNS)
    if is_zeek:
        return ShapeName.ZEEK, zeek_fields(heading.names, values, heading.log)
    return ShapeName.WEB_ACCESS, web_fields(heading.names, values)
