"""Events as they are stored: a batch of them -> Parquet, a segment for each log source, only the columns that it has.

Beside the fields, all of them texts, there are `muster.raw` (the event as it came), `muster.batch` and
`muster.position` (which event it is: the SHA-256 of its batch and its place in it). Within a segment events of one
kind stand together. A column whose values repeat is a dictionary, also on disk; one of distinct values is plain.
"""

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
import pyarrow.compute as pc  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from numpy.typing import NDArray

from muster.detect import segment_name
from muster.detect.columns import RAW, Cells, Events
from muster.detect.segment_name import MAX_SOURCES, OTHERS, PARTIAL, SegmentName

BATCH, POSITION = "muster.batch", "muster.position"
OWN = frozenset({RAW, BATCH, POSITION})
ABOUT = b"muster"
"""The key of what a segment says of itself, as JSON, in the metadata of its file."""
GROUP_ROWS = 16_384
GROUP_BYTES = 24 * 2**20
"""Of the events of a row group as they came, so that one may be held in memory whatever the events are."""
_DISTINCT = 0.5  # a column with more distinct values than this share of its values is no dictionary
_LARGEST_DICTIONARY = 64 * 2**20

_pa: Any = pa
_compute: Any = pc
_pq: Any = pq
Order = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is known of a batch: its lane, when it came (as the spool writes it), its hash, and how many lines it has."""

    lane: str
    arrived: str
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A segment as it lies on disk."""

    name: SegmentName
    data: bytes


def pack(events: Events, positions: Sequence[int], batch: Arrived) -> list[Packed]:
    """The segments of a batch that was read with `EVERYTHING`. positions[row]: its place among the lines."""
    sources, source_of = _sources(events)
    order = np.lexsort((*_kinds(events), source_of))
    starts = np.searchsorted(source_of[order], np.arange(len(sources) + 1)).tolist()
    fields = _fields(events, sources, order, starts)
    made: list[Packed] = []
    for at, source in enumerate(sources):
        rows = order[starts[at] : starts[at + 1]]
        own = {
            RAW: _pa.array([events.raws[row] for row in rows.tolist()], _pa.binary()),
            BATCH: _pa.array([batch.sha256] * len(rows), _pa.string()),
            POSITION: _pa.array(np.asarray(positions, np.int64)[rows]),
        }
        name = segment_name.of_batch(batch.lane, source, batch.arrived, batch.sha256, len(rows))
        about = {"batches": {batch.sha256: batch.lines}, "arrived": {batch.sha256: batch.arrived}}
        made.append(Packed(name, written(_pa.table({**fields[at], **own}), about)))
    return made


MERGED_ROWS = 16 * GROUP_ROWS
MERGED_BYTES = 16 * GROUP_BYTES
"""Of the segments that are merged into one, so that merging has bounded memory."""


def merge(parts: Sequence[tuple[SegmentName, IO[bytes]]]) -> Packed:
    """Several segments of one folder as one, events of one kind together. Raises ValueError (of pyarrow)."""
    about: dict[str, Any] = {"batches": {}, "arrived": {}}
    tables: list[Any] = []
    for _, file in parts:
        table = _pq.ParquetFile(file).read(use_threads=False)
        told = json.loads(table.schema.metadata[ABOUT])
        for key in about:
            about[key] |= told[key]
        tables.append(table)
    table = _pa.concat_tables(tables, promote_options="default")
    keys = [name for name in ("Channel", "EventID", BATCH, POSITION) if name in table.column_names]
    table = table.take(_compute.sort_indices(table, sort_keys=[(name, "ascending") for name in keys]))
    names = [name for name, _ in parts]
    return Packed(
        segment_name.of_merged(names), written(table, {**about, "parts": [one.path for one in names]})
    )


def written(table: Any, about: Mapping[str, Any]) -> bytes:
    """A table as the bytes of a segment. about: what it says of itself; the columns keep their names exactly."""
    dictionaries = [name for name in table.column_names if _repeats(table.column(name), name)]
    table = table.replace_schema_metadata({ABOUT: json.dumps({"v": 1, **about}, sort_keys=True).encode()})
    out = io.BytesIO()
    writer = _pq.ParquetWriter(
        out, table.schema, compression="zstd", use_dictionary=dictionaries, write_statistics=True,
        dictionary_pagesize_limit=_LARGEST_DICTIONARY, store_schema=True,
    )  # fmt: skip
    with writer:
        for start, stop in _groups(table):
            writer.write_table(table.slice(start, stop - start), row_group_size=GROUP_ROWS)
    return out.getvalue()


def _groups(table: Any) -> Iterable[tuple[int, int]]:
    """Where row groups begin and end: at most so many rows, and so many bytes of events."""
    sizes = np.cumsum(_compute.binary_length(table.column(RAW)).to_numpy().astype(np.int64))
    start = 0
    while start < table.num_rows:
        before = int(sizes[start - 1]) if start else 0
        fit = int(np.searchsorted(sizes, before + GROUP_BYTES, side="right"))
        stop = min(max(fit, start + 1), start + GROUP_ROWS, table.num_rows)
        yield start, stop
        start = stop


def _repeats(column: Any, name: str) -> bool:
    if name in OWN:
        return name not in (RAW, POSITION)
    there = len(column) - column.null_count
    return there > 0 and _compute.count_distinct(column).as_py() <= _DISTINCT * there


def _sources(events: Events) -> tuple[list[str], Order]:
    """The log sources, and for each row which of them."""
    said: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for field in segment_name.SAYING:
        cells = events.fields.get(field, Cells())
        for row, value in zip(cells.rows, cells.values, strict=True):
            said[row].append((field, value))
    places: dict[str, int] = {}
    known: dict[tuple[tuple[str, str], ...], int] = {}
    found = np.zeros(events.num_rows, np.int64)
    for row in range(events.num_rows):
        key = tuple(said.get(row, ()))
        if row in events.partial:
            found[row] = places.setdefault(PARTIAL, len(places))
        elif key in known:
            found[row] = known[key]
        else:
            source = segment_name.source_of(dict(key))
            if source not in places and len(places) >= MAX_SOURCES:
                source = OTHERS
            found[row] = known[key] = places.setdefault(source, len(places))
    return list(places), found


def _kinds(events: Events) -> tuple[Order, ...]:
    """What rows are sorted by, the least first."""
    kinds: list[Order] = [np.arange(events.num_rows)]
    for field in ("EventID", "Channel"):
        cells = events.fields.get(field, Cells())
        codes: dict[str, int] = {}
        kind = np.full(events.num_rows, -1, np.int64)
        kind[cells.rows] = [codes.setdefault(value, len(codes)) for value in cells.values]
        kinds.append(kind)
    return tuple(kinds)


def _fields(
    events: Events, sources: Sequence[str], order: Order, starts: Sequence[int]
) -> list[dict[str, Any]]:
    """For each source the columns that it has. order, starts: its rows are `order[starts[n] : starts[n + 1]]`."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    found: list[dict[str, Any]] = [{} for _ in sources]
    for name, cells in events.fields.items():
        ranks = rank[cells.rows]
        by_rank = np.argsort(ranks)
        ranks = ranks[by_rank]
        values = _pa.array(cells.values, _pa.string())
        bounds = np.searchsorted(ranks, starts)
        for at in np.flatnonzero(np.diff(bounds)).tolist():
            if sources[at] == PARTIAL:
                continue
            some = slice(int(bounds[at]), int(bounds[at + 1]))
            place = np.full(starts[at + 1] - starts[at], -1, np.int64)
            place[ranks[some] - starts[at]] = by_rank[some]
            found[at][name] = values.take(_pa.array(place, mask=place < 0))
    return found
