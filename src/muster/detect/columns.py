"""Arrow: columns of a batch read and built. The one place that knows pyarrow, which has no types of its own.

A batch is any `pyarrow.RecordBatch` whose columns are strings, plain or dictionary-encoded (numbers and booleans are
read as their text); null means that the event has no such field. Two columns are special: `muster.raw` holds the
bytes of each event as they came, `muster.text` all values of the event joined by U+001F, for keywords.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
import pyarrow.compute as pc  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.core.errors import BadInput
from muster.detect import row_set
from muster.detect.condition import ANYWHERE

RAW = "muster.raw"
JOINT = "\x1f"

_pa: Any = pa
_compute: Any = pc


class Batch(Protocol):
    """What this package needs of a `pyarrow.RecordBatch`."""

    @property
    def num_rows(self) -> int: ...
    @property
    def schema(self) -> Any: ...
    def column(self, i: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its distinct values: row `rows[n]` has the value `values[codes[n]]`; other rows have none."""

    values: list[str]
    codes: list[int]
    rows: Sequence[int]

    def texts(self) -> dict[int, str]:
        """Row -> value, of the rows that have one."""
        return {row: self.values[code] for row, code in zip(self.rows, self.codes, strict=True)}


@dataclass(slots=True)
class Cells:
    """A column in the making: the values of the rows that have one, ascending."""

    values: list[str] = field(default_factory=list[str])
    rows: list[int] = field(default_factory=list[int])


def names(batch: Batch) -> dict[str, int]:
    """Field name -> place of its column. Of two columns with one name the first counts."""
    places: dict[str, int] = {}
    for place, name in enumerate(batch.schema.names):
        places.setdefault(name, place)
    return places


def read(batch: Batch, place: int) -> Column:
    """The column at a place. Raises `BadInput` when it cannot be read as text."""
    column = _dictionary(batch.column(place), batch, place)
    indices = column.indices
    rows: Sequence[int] = range(batch.num_rows)
    if indices.null_count:
        rows = _compute.indices_nonzero(indices.is_valid()).to_pylist()
        indices = indices.drop_null()
    values = column.dictionary.to_pylist()
    if None in values:
        return _without_nulls(values, indices.to_pylist(), rows)
    return Column(values, indices.to_pylist(), rows)


def _dictionary(column: Any, batch: Batch, place: int) -> Any:
    kind = column.type
    if _pa.types.is_dictionary(kind):
        if _is_text(kind.value_type):
            return column
        column = column.dictionary_decode()
    try:
        texts = column if _is_text(kind) else column.cast(_pa.string())
        if _pa.types.is_string_view(kind):
            texts = column.cast(_pa.string())
        return texts.dictionary_encode()
    except (_pa.ArrowInvalid, _pa.ArrowNotImplementedError, _pa.ArrowTypeError) as fault:
        name = batch.schema.names[place]
        raise BadInput("The column is not text.", f"column {name}", "Give string columns.") from fault


def _is_text(kind: Any) -> bool:
    return bool(
        _pa.types.is_string(kind) or _pa.types.is_large_string(kind) or _pa.types.is_string_view(kind)
    )


def _without_nulls(values: list[str | None], codes: list[int], rows: Sequence[int]) -> Column:
    kept = [(row, code) for row, code in zip(rows, codes, strict=True) if values[code] is not None]
    return Column([value or "" for value in values], [code for _, code in kept], [row for row, _ in kept])


def joined(batch: Batch) -> Column:
    """The text of each event, from `muster.text`, or made from all columns in their order where that is missing."""
    places = names(batch)
    if ANYWHERE in places:
        return read(batch, places[ANYWHERE])
    pieces: list[list[str]] = [[] for _ in range(batch.num_rows)]
    for name, place in places.items():
        if name != RAW:
            for row, value in read(batch, place).texts().items():
                pieces[row].append(value)
    texts = [JOINT.join(piece) for piece in pieces]
    return Column(texts, list(range(len(texts))), range(len(texts)))


def raw(batch: Batch, rows: Sequence[int]) -> list[bytes] | None:
    """The bytes of the given rows' events; None when the batch does not keep them."""
    place = names(batch).get(RAW)
    if place is None:
        return None
    column = batch.column(place)
    return [_bytes(column[row].as_py()) for row in rows]


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value or b"")


def build(
    fields: Mapping[str, Cells], size: int, raws: Sequence[bytes], texts: Sequence[str] | None
) -> Batch:
    """A `pyarrow.RecordBatch` of `size` rows: a string column per field, the raw bytes, and the joined texts."""
    arrays = [_array(cells, size) for cells in fields.values()]
    labels = list(fields)
    if texts is not None:
        arrays.append(_pa.array(texts, _pa.large_string()))
        labels.append(ANYWHERE)
    arrays.append(_pa.array(raws, _pa.large_binary()))
    labels.append(RAW)
    batch: Batch = _pa.RecordBatch.from_arrays(arrays, names=labels)
    return batch


def _array(cells: Cells, size: int) -> Any:
    values = _pa.array(cells.values, _pa.string()).dictionary_encode()
    if len(cells.rows) == size:
        return values
    codes = array("i", bytes(4 * size))
    for row, code in zip(cells.rows, values.indices.to_pylist(), strict=True):
        codes[row] = code
    bitmap = row_set.from_rows(cells.rows, size).to_bytes((size >> 3) + 1, "little")
    buffers = [_pa.py_buffer(bitmap), _pa.py_buffer(codes)]
    indices = _pa.Array.from_buffers(_pa.int32(), size, buffers)
    return _pa.DictionaryArray.from_arrays(indices, values.dictionary)
