"""Lists of indicators as the command line takes them: read from files and folders, looked for, told as hits."""

import hashlib
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from muster.core.errors import BadInput

if TYPE_CHECKING:
    from muster.detect.columns import Batch
    from muster.detect.indicators.indicator import Left
    from muster.detect.indicators.listing import Listed
    from muster.detect.indicators.seeking import Found, Watched
    from muster.detect.indicators.warning_list import WarningList
    from muster.detect.ruleset import Needs

LISTED = 500


@dataclass(slots=True)
class Loaded:
    """Lists that were read: what is looked for, how many indicators, and what was left out of them."""

    watched: "Watched"
    count: int = 0
    left: int = 0
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    listed: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def note(self, path: str, left: "Left") -> None:
        """Counts what is left out of a list; the first 500 are named."""
        self.left += 1
        self.reasons[left.why.value] = self.reasons.get(left.why.value, 0) + 1
        if len(self.listed) < LISTED:
            self.listed.append(
                {"path": path, "where": left.where, "reason": left.why.value, "text": left.text}
            )

    def missing(self) -> list[str]:
        """One line that says what was left out; none when nothing was."""
        if not self.left:
            return []
        counts = ", ".join(f"{reason} {count}" for reason, count in sorted(self.reasons.items()))
        return [f"{self.left} of {self.left + self.count} entries of indicators left out ({counts})"]


def load(paths: tuple[str, ...]) -> Loaded:
    """Reads lists: files in any format, and folders of a MISP feed. Raises `BadInput` when none can be used."""
    from muster.detect.indicators import index
    from muster.detect.indicators.indicator import Indicator
    from muster.detect.indicators.seeking import Feed, Watched

    loaded = Loaded(Watched())
    feeds: list[Feed] = []
    excluded: list[WarningList] = []
    for path in paths:
        listed = _listed(Path(path))
        if listed.excluded is not None:
            excluded.append(listed.excluded)
            for one in listed.excluded.left:
                loaded.note(path, one)
            continue

        def understood(path: str = path, listed: "Listed" = listed) -> Iterator[Indicator]:
            for one in listed.entries:
                if isinstance(one, Indicator):
                    yield one
                else:
                    loaded.note(path, one)

        feeds.append(Feed(Path(path).name, index.build(understood())))
    loaded.count = sum(len(feed.index) for feed in feeds)
    if feeds and not loaded.count:
        first = loaded.listed[0] if loaded.listed else None
        why = f" (first: {first['where']}: {first['reason']})" if first else ""
        raise BadInput(
            f"No indicator could be read{why}.", "--indicators", "Give a list as docs/indicators.md says."
        )
    loaded.watched = Watched(tuple(feeds), tuple(excluded))
    return loaded


def digest(path: str) -> bytes:
    """SHA-256 of the files of a list: the same bytes are the same list."""
    whole = hashlib.sha256()
    place = Path(path)
    for one in sorted(place.iterdir()) if place.is_dir() else [place]:
        if one.is_file():
            whole.update(one.name.encode() + hashlib.sha256(one.read_bytes()).digest())
    return whole.digest()


def _listed(path: Path) -> "Listed":
    from muster.detect.indicators import listing, misp
    from muster.detect.indicators.entries import MAX_BYTES

    where = f"--indicators {path}"
    try:
        if path.is_dir():
            files = {one.name: _bytes(one, MAX_BYTES, where) for one in sorted(path.glob("*.json"))}
            hashes = path / misp.HASHES
            if hashes.is_file():
                files[misp.HASHES] = _bytes(hashes, MAX_BYTES, where)
            return listing.of_files(files, where)
        if not path.is_file():
            raise BadInput("No such file or folder.", where, "Check the path.")
        data = _bytes(path, MAX_BYTES, where)
    except OSError as fault:
        raise BadInput(f"It cannot be read ({fault.strerror}).", where, "Check the file.") from None
    return listing.of_bytes(data, str(path))


def _bytes(path: Path, most: int, where: str) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise BadInput(f"The list is larger than {most} bytes.", where, "Split it.")
    return data


@dataclass(slots=True)
class _Kept:
    found: "Found"
    time: str | None
    places: "array[int]" = field(default_factory=lambda: array("Q"))


@dataclass(slots=True)
class Sightings:
    """Indicators found in one run: of each the packed positions of its events, and the time of the first one."""

    loaded: Loaded
    at: int = field(default_factory=lambda: int(time.time()))
    kept: dict[tuple[str, str, str], _Kept] = field(default_factory=dict[tuple[str, str, str], _Kept])
    quiet: dict[str, int] = field(default_factory=dict[str, int])

    def take(
        self, batch: "Batch", place: Callable[[int], int], happened: Callable[[int], str | None]
    ) -> None:
        """Looks through a batch. place: row -> packed position of the event; happened: row -> when it says it was."""
        from muster.detect.indicators.seeking import seek

        sought = seek(self.loaded.watched, batch, self.at)
        for life, count in sought.quiet.items():
            self.quiet[life.value] = self.quiet.get(life.value, 0) + count
        for one in sought.found:
            key = (one.feed.name, one.indicator.kind.value, one.indicator.value)
            if key not in self.kept:
                self.kept[key] = _Kept(one, happened(one.rows[0]))
            self.kept[key].places.extend(place(row) for row in one.rows)

    @property
    def hits(self) -> int:
        """How many (indicator, event) were found."""
        return sum(len(one.places) for one in self.kept.values())

    def lines(self, at: Callable[[int], dict[str, object]]) -> Iterator[bytes]:
        """A JSON line for each indicator that was found, in pieces. at: packed position -> place of the event."""
        import orjson

        for one in self.kept.values():
            yield orjson.dumps(_about(one))[:-1] + b',"events":['
            for start in range(0, len(one.places), 1_000):
                places = [at(packed) for packed in one.places[start : start + 1_000]]
                yield (b"," if start else b"") + orjson.dumps(places)[1:-1]
            yield b"]}\n"

    def stats(self) -> dict[str, object]:
        """What `--stats` says of indicators."""
        return {
            "loaded": self.loaded.count,
            "left_out": self.loaded.left,
            "reasons": self.loaded.reasons,
            "list": self.loaded.listed,
            "found": len(self.kept),
            "hits": self.hits,
            "found_but_not_reported": self.quiet,
        }


def with_observables(needs: "Needs") -> "Needs":
    """What has to be read of an event so that indicators can be looked for, too."""
    from muster.detect.indicators.observables import FIELDS

    return replace(needs, fields=needs.fields | FIELDS.keys())


def _about(one: _Kept) -> dict[str, object]:
    from muster.detect.indicators.reporting import told

    found, told_as = one.found, told(one.found)
    indicator = found.indicator
    return {
        "rule": told_as.key,
        "title": told_as.title,
        "level": told_as.level,
        "author": told_as.author,
        "time": one.time,
        "indicator": {
            "kind": indicator.kind,
            "value": indicator.value,
            "feed": found.feed.name,
            "label": indicator.label,
            "tlp": indicator.tlp or found.feed.tlp,
            "score": found.standing.score,
            "fields": found.fields,
            "seen": found.seen,
        },
    }
