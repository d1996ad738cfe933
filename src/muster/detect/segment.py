"""A stored segment as batches for matching: row group by row group, and of each only the columns that are asked for.

`Stored` is a batch as `match` takes it: it reads a column when the column is asked for, and a dictionary is never
spread over rows. A segment's file is anything that can be read at random; opening it is the matter of `store`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

import numpy as np
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from numpy.typing import NDArray

from muster.detect.columns import RAW
from muster.detect.packing import ABOUT, BATCH, OWN, POSITION

_pa: Any = pa
_pq: Any = pq


class Segment:
    """A segment. Raises ValueError (of pyarrow) when its file is none."""

    def __init__(self, file: IO[bytes]) -> None:
        metadata: Any = _pq.read_metadata(file)
        file.seek(0)
        self._file = _pq.ParquetFile(
            file, metadata=metadata, read_dictionary=_dictionaries(metadata), pre_buffer=False
        )
        self.about: Mapping[str, Any] = json.loads(_said(metadata).get(ABOUT, b"{}"))
        self.rows: int = metadata.num_rows
        self.groups: int = metadata.num_row_groups
        self.size: int = sum(metadata.row_group(at).total_byte_size for at in range(self.groups))
        self.names: tuple[str, ...] = tuple(name for name in self._file.schema_arrow.names if name not in OWN)
        """The fields that at least one of its events has."""

    @property
    def batches(self) -> Mapping[str, int]:
        """The batches whose events it holds, by SHA-256, and how many lines each had."""
        return self.about.get("batches", {})

    @property
    def arrived(self) -> Mapping[str, str]:
        """When each of them came, as the spool writes it."""
        return self.about.get("arrived", {})

    @property
    def parts(self) -> tuple[str, ...]:
        """The paths of the segments that it was merged from."""
        return tuple(self.about.get("parts", ()))

    def group(self, number: int) -> "Stored":
        """One row group."""
        return Stored(self._file, number)

    def each(self) -> "Iterator[Stored]":
        """All row groups."""
        return (self.group(number) for number in range(self.groups))


@dataclass(frozen=True, slots=True)
class _Names:
    names: list[str]


class Stored:
    """The events of one row group. `schema.names` are the fields that any of them has."""

    def __init__(self, file: Any, group: int) -> None:
        self._file = file
        self._group = group
        about = file.metadata.row_group(group)
        self.num_rows: int = about.num_rows
        self._places: dict[str, int] = {}
        for place, name in enumerate(file.schema_arrow.names):
            chunk = about.column(place)
            if name in OWN or chunk.statistics is None or chunk.statistics.null_count < self.num_rows:
                self._places[name] = place
        self._arrays: dict[str, Any] = {}
        self.schema = _Names([name for name in self._places if name not in OWN])

    def column(self, i: str | int) -> Any:
        """A column by its name, or its place in `schema.names`, as an Arrow array; dictionaries stay what they are.

        Fields are remembered once they are read.
        """
        name = self.schema.names[i] if isinstance(i, int) else i
        if name in OWN:
            return self.table([name]).column(0).chunk(0)
        self.load([name])
        return self._arrays[name]

    def load(self, names: Sequence[str]) -> None:
        """Reads several fields at once."""
        wanted = [name for name in names if name not in self._arrays]
        if wanted:
            table = self.table(wanted)
            self._arrays.update((name, table.column(at).chunk(0)) for at, name in enumerate(wanted))

    def table(self, names: Sequence[str]) -> Any:
        """A `pyarrow.Table` of the columns of these names, in their order; those that it has not are left out.

        Columns whose values repeat are dictionary-encoded.
        """
        known = [name for name in names if name in self._places]
        places = [self._places[name] for name in known]
        found = self._file.reader.read_row_group(self._group, column_indices=places, use_threads=False)
        return found.select(known).combine_chunks()

    def distinct(self, name: str) -> list[str]:
        """The values of a field, each at least once, none of them twice when the column is a dictionary; [] without it."""
        if name not in self._places or name in OWN:
            return []
        array = self.column(name)
        if _pa.types.is_dictionary(array.type):
            return array.dictionary.to_pylist()
        return list(dict.fromkeys(value for value in array.to_pylist() if value is not None))

    @cached_property
    def batch_codes(self) -> tuple[list[str], NDArray[np.int64]]:
        """The batches of the group's events, and for each row which of them."""
        array = self.column(BATCH)
        batches: list[str] = array.dictionary.to_pylist()
        return batches, array.indices.to_numpy().astype(np.int64)

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """For each row its position in its batch."""
        return self.column(POSITION).to_numpy()

    def raw(self, rows: Sequence[int]) -> list[bytes]:
        """The bytes of the events of some rows, as they came."""
        return self.column(RAW).take(_pa.array(rows, _pa.int64())).to_pylist()


def _said(metadata: Any) -> Mapping[bytes, bytes]:
    return metadata.metadata or {}


def _dictionaries(metadata: Any) -> list[str]:
    """The columns that are dictionaries on disk, so that reading them as such costs nothing."""
    names: list[str] = []
    for place in range(metadata.num_columns):
        groups = (metadata.row_group(group).column(place) for group in range(metadata.num_row_groups))
        if all(chunk.has_dictionary_page for chunk in groups):
            names.append(metadata.schema.column(place).name)
    return names
