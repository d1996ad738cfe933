"""The archive: stored events as Parquet segments, in a folder or an object store. Writing is atomic and idempotent.

A segment's name says all that is needed to choose it (see `detect/segment_name`), and is the same however often its
batch is stored. Removing is by hour of arrival.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import obstore
from obstore.store import from_url

from muster.core.errors import BadInput, Unavailable
from muster.detect import segment_name
from muster.detect.packing import MERGED_BYTES, MERGED_ROWS, Packed, merge
from muster.detect.segment_name import SegmentName
from muster.store.safe_file import Watch, nothing, sync_folder, write_safely


@dataclass(frozen=True, slots=True)
class Range:
    """Which segments: of a lane, since an hour and before another (`20261124T02`); None where it is no matter."""

    lane: str | None = None
    since: str | None = None
    until: str | None = None

    def holds(self, name: SegmentName) -> bool:
        """Whether a segment is among them."""
        return (
            (self.lane is None or name.lane == self.lane)
            and (self.since is None or name.hour >= self.since)
            and (self.until is None or name.hour < self.until)
        )


ALL = Range()


class Archive:
    """Stored events. place: a folder, or a URL that obstore knows (`s3://BUCKET/PREFIX`)."""

    def __init__(self, place: str, *, watch: Watch = nothing) -> None:
        self.place = place
        self._watch = watch
        self._folder = None if "://" in place else Path(place)
        self._store: Any = None
        if self._folder is None:
            try:
                self._store = from_url(place)
            except Exception as error:
                raise BadInput(
                    "The place of the events cannot be opened.",
                    "--store",
                    "Give a folder, or a URL such as s3://BUCKET/PREFIX.",
                ) from error

    def segments(self, within: Range = ALL) -> list[SegmentName]:
        """The segments, sorted by lane, hour and source. What was merged and is still there is left out."""
        found = [name for path in self._paths() if (name := segment_name.parse(path)) is not None]
        chosen = sorted((name for name in found if within.holds(name)), key=_order)
        folders = Counter(name.folder for name in chosen)
        gone: set[str] = set()
        for name in chosen:
            if name.merged and folders[name.folder] > 1:
                gone.update(self.parts(name))
        return [name for name in chosen if name.path not in gone]

    def parts(self, name: SegmentName) -> tuple[str, ...]:
        """The paths of the segments that a merged one holds."""
        from muster.detect.segment import Segment

        with self.open(name) as file:
            return Segment(file).parts

    def open(self, name: SegmentName) -> IO[bytes]:
        """The bytes of a segment, to be read at random. Raises Unavailable when it cannot be read, or is gone."""
        try:
            if self._folder is not None:
                return (self._folder / name.path).open("rb")
            return io.BytesIO(bytes(obstore.get(self._store, name.path).bytes()))
        except Exception as error:
            raise Unavailable(
                f"The stored events cannot be read ({type(error).__name__}).", name.path, "Look at the store."
            ) from error

    def put(self, segments: Iterable[Packed]) -> None:
        """Stores segments durably; those that are there already stay. Raises Unavailable."""
        for one in segments:
            try:
                if self._folder is not None:
                    self._put_file(self._folder / one.name.path, one.data)
                else:
                    obstore.put(self._store, one.name.path, one.data)
            except Exception as error:
                raise Unavailable(
                    f"The events cannot be stored ({type(error).__name__}).",
                    "archive",
                    "Make room, or look at the store; nothing is lost, they are stored again.",
                ) from error
            self._watch("segment-put")

    def _put_file(self, file: Path, data: bytes) -> None:
        if file.exists():
            return
        made = [folder for folder in (file.parent, *file.parents) if not folder.exists()]
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in made:
            sync_folder(folder.parent)
        write_safely(file, data, watch=self._watch, name="segment")

    def merge(self, before: str) -> bool:
        """Makes larger segments of the small ones of one folder whose hour lies before one. False when there are none.

        What is merged is there before its parts go, and names them, so nobody ever sees an event twice or not at all.
        """
        folders: dict[str, list[SegmentName]] = {}
        for path in self._paths():
            name = segment_name.parse(path)
            if name is not None and name.hour < before:
                folders.setdefault(name.folder, []).append(name)
        for some in folders.values():
            left = {part for name in some if name.merged and len(some) > 1 for part in self.parts(name)}
            gone = [name for name in some if name.path in left]
            for name in gone:
                self.remove(name)
            small = [name for name in some if not name.merged and name.path not in left]
            chosen = self._fitting(sorted(small, key=_order))
            if len(chosen) > 1:
                self._merge(chosen)
                return True
            if gone:
                return True
        return False

    def _fitting(self, names: list[SegmentName]) -> list[SegmentName]:
        chosen: list[SegmentName] = []
        rows = size = 0
        for name in names:
            rows += name.rows
            size += self._size(name)
            if chosen and (rows > MERGED_ROWS or size > MERGED_BYTES):
                break
            chosen.append(name)
        return chosen

    def _size(self, name: SegmentName) -> int:
        from muster.detect.segment import Segment

        with self.open(name) as file:
            return Segment(file).size

    def _merge(self, names: list[SegmentName]) -> None:
        with ExitStack() as files:
            self.put([merge([(name, files.enter_context(self.open(name))) for name in names])])
        for name in names:
            self.remove(name)

    def remove(self, name: SegmentName) -> None:
        """Removes a segment; one that is gone already is no fault."""
        if self._folder is not None:
            (self._folder / name.path).unlink(missing_ok=True)
        else:
            obstore.delete(self._store, name.path)

    def forget(self, before: str) -> int:
        """Removes the segments of hours before one (`20261124T02`); returns how many."""
        old = [name for path in self._paths() if (name := segment_name.parse(path)) and name.hour < before]
        for name in old:
            self.remove(name)
        if self._folder is not None:
            for name in old:
                folder = self._folder / name.folder
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
        return len(old)

    def _paths(self) -> Iterator[str]:
        if self._folder is not None:
            for file in sorted(self._folder.glob("*/*/*/*.parquet")):
                yield file.relative_to(self._folder).as_posix()
            return
        for page in obstore.list(self._store):  # pyright: ignore[reportUnknownMemberType] - its stub names no types
            for item in page:
                yield item["path"]


def _order(name: SegmentName) -> tuple[str, str, str, str]:
    return name.lane, name.hour, name.source, name.path
