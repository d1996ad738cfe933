"""Events as the Arrow batch that `match` takes too, for the tests that both forms give equal hits."""

from typing import Any

import pyarrow as pa

from muster.detect.columns import ANYWHERE, RAW, Cells, Events

_pa: Any = pa


def to_arrow(events: Events) -> Any:
    """The events as a `pyarrow.RecordBatch`: a string column per field, the raw bytes, and the texts if it has them."""
    arrays = [_array(cells, events.num_rows) for cells in events.fields.values()]
    labels = list(events.fields)
    if events.texts is not None:
        arrays.append(_pa.array(events.texts, _pa.large_string()))
        labels.append(ANYWHERE)
    arrays.append(_pa.array(events.raws, _pa.large_binary()))
    labels.append(RAW)
    batch: Any = _pa.RecordBatch.from_arrays(arrays, names=labels)
    return batch


def _array(cells: Cells, size: int) -> Any:
    values: list[str | None] = [None] * size
    for row, value in zip(cells.rows, cells.values, strict=True):
        values[row] = value
    return _pa.array(values, _pa.string()).dictionary_encode()
