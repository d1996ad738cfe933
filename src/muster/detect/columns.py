"""Columns of a batch, read and built. The one place that knows pyarrow, which has no types of its own.

A batch is what `events` reads (`Events`), or any `pyarrow.RecordBatch` whose columns are strings, plain or dictionary-encoded (numbers and booleans are
read as their text); null means that the event has no such field. Two columns are special: `muster.raw` holds the
bytes of each event as they came, `muster.text` all values of the event joined by U+001F, for keywords.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from muster.core.errors import BadInput
from muster.detect.condition import ANYWHERE

RAW = "muster.raw"
JOINT = "\x1f"


class ArrowBatch(Protocol):
    """What this package needs of a `pyarrow.RecordBatch`."""

    @property
    def num_rows(self) -> int: ...
    @property
    def schema(self) -> Any: ...
    def column(self, i: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column: row `rows[n]` has the value `values[n]`; other rows have none. Rows are in no order."""

    values: list[str]
    rows: NDArray[np.int64]

    def texts(self) -> dict[int, str]:
        """Row -> value, of the rows that have one."""
        return dict(zip(self.rows.tolist(), self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Coded:
    """A column whose values repeat: row `rows[n]` has the value `distinct[codes[n]]`; other rows have none."""

    distinct: list[str]
    codes: NDArray[np.int64]
    rows: NDArray[np.int64]

    @property
    def values(self) -> list[str]:
        """The value of each of `rows`."""
        return list(map(self.distinct.__getitem__, self.codes.tolist()))

    def texts(self) -> dict[int, str]:
        """Row -> value, of the rows that have one."""
        return dict(zip(self.rows.tolist(), self.values, strict=True))


@dataclass(slots=True)
class Cells:
    """A column in the making: the values of the rows that have one, and those rows."""

    values: list[str] = field(default_factory=list[str])
    rows: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class Events:
    """Events as they are read: fields are sparse, so each keeps only the rows that have it. `texts` are for keywords.

    partial: rows whose event holds more than its columns say: a value of a name that it has twice, or more fields
    than a batch may have columns. They are noted only where everything was asked for.
    """

    fields: Mapping[str, Cells]
    num_rows: int
    raws: Sequence[bytes]
    texts: Sequence[str] | None
    partial: frozenset[int] = frozenset()


Batch = ArrowBatch | Events


def names(batch: Batch) -> dict[str, int]:
    """Field name -> place of its column. Of two columns with one name the first counts."""
    places: dict[str, int] = {}
    for place, name in enumerate(batch.fields if isinstance(batch, Events) else batch.schema.names):
        places.setdefault(name, place)
    return places


def read(batch: Batch, place: int) -> Column | Coded:
    """The column at a place. Raises `BadInput` when it cannot be read as text."""
    if isinstance(batch, Events):
        cells = list(batch.fields.values())[place]
        return Column(cells.values, np.array(cells.rows, np.int64))
    column = _texts(batch.column(place), batch, place)
    coded = _pyarrow().types.is_dictionary(column.type)
    indices = column.indices if coded else column
    rows = np.arange(batch.num_rows)
    if indices.null_count:
        rows = np.flatnonzero(indices.is_valid().to_numpy(zero_copy_only=False))
        indices = indices.drop_null()
    if not coded:
        return Column(indices.to_pylist(), rows)
    codes = indices.to_numpy().astype(np.int64)
    distinct: list[str | None] = column.dictionary.to_pylist()
    if None in distinct:
        there = np.array([text is not None for text in distinct], np.bool_)[codes]
        rows, codes = rows[there], codes[there]
    return Coded([text or "" for text in distinct], codes, rows)


def distinct(batch: Batch, name: str) -> Coded | None:
    """A column by its distinct values (of which some may stand in no row); None when the batch has none of that name.

    Raises `BadInput` when it cannot be read as text.
    """
    found = column(batch, name)
    if not isinstance(found, Column):
        return found
    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for value in found.values]
    return Coded(list(places), np.array(codes, np.int64), found.rows)


def _pyarrow() -> Any:
    """Loaded when the first such batch comes: events that were just read need none of it."""
    import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

    return pa


def _texts(column: Any, batch: ArrowBatch, place: int) -> Any:
    """An array of strings, or of a dictionary of them."""
    arrow = _pyarrow()
    kind = column.type
    if arrow.types.is_dictionary(kind):
        if _is_text(kind.value_type):
            return column
        column = column.dictionary_decode()
    try:
        return column if arrow.types.is_string(column.type) else column.cast(arrow.string())
    # What a cast raises; not ArrowException, since a lack of memory is no fault of the column.
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError, arrow.ArrowTypeError) as fault:
        name = batch.schema.names[place]
        raise BadInput("The column is not text.", f"column {name}", "Give string columns.") from fault


def _is_text(kind: Any) -> bool:
    return bool(
        _pyarrow().types.is_string(kind)
        or _pyarrow().types.is_large_string(kind)
        or _pyarrow().types.is_string_view(kind)
    )


def column(batch: Batch, field: str) -> Column | Coded | None:
    """The column of a field; None when the batch has none. Raises `BadInput` when it cannot be read as text."""
    if isinstance(batch, Events):
        cells = batch.fields.get(field)
        return None if cells is None else Column(cells.values, np.array(cells.rows, np.int64))
    place = names(batch).get(field)
    return None if place is None else read(batch, place)


def joined(batch: Batch) -> Column | Coded:
    """The text of each event, from `muster.text`, or made from all columns in their order where that is missing."""
    if isinstance(batch, Events) and batch.texts is not None:
        return Column(list(batch.texts), np.arange(batch.num_rows))
    found = column(batch, ANYWHERE)
    if found is not None:
        return found
    pieces: list[list[str]] = [[] for _ in range(batch.num_rows)]
    for name, place in names(batch).items():
        if name != RAW:
            for row, value in read(batch, place).texts().items():
                pieces[row].append(value)
    texts = [JOINT.join(piece) for piece in pieces]
    return Column(texts, np.arange(len(texts)))


def raw(batch: Batch, rows: Sequence[int]) -> list[bytes] | None:
    """The bytes of the given rows' events; None when the batch does not keep them."""
    if isinstance(batch, Events):
        return [batch.raws[row] for row in rows]
    place = names(batch).get(RAW)
    if place is None:
        return None
    kept = batch.column(place)
    return [_bytes(kept[row].as_py()) for row in rows]


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value or b"")


def build(
    fields: Mapping[str, Cells],
    size: int,
    raws: Sequence[bytes],
    texts: Sequence[str] | None,
    partial: frozenset[int] = frozenset(),
) -> Events:
    """A batch of `size` events from what was read of them."""
    return Events(fields, size, raws, texts, partial)
