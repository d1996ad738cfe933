"""How stored events are called: a segment is the events of one lane and log source that came within one hour.

    LANE/SOURCE/HOUR/ARRIVED_SHA256_ROWS.parquet          of one batch, by the SHA-256 of its lines
    LANE/SOURCE/HOUR/merged_SHA256_ROWS.parquet           of several, by the SHA-256 of their names

The hour is that of arrival (UTC): a batch lies in one hour, whatever its events say of themselves, so that it is
stored once however often it is repeated. The lane is written in hex, as the spool writes it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.detect.routing import STATED

MERGED = "merged"
PARTIAL = "as-they-came"
"""The log source of events that do not fit into columns: their bytes alone are kept, and are read again."""
MAX_SOURCES = 64
"""Of one batch; beyond them are `others`."""
OTHERS = "others"

_SLUG = re.compile(r"[^a-z0-9]+")
_NAME = re.compile(
    r"(?:.*/)?([0-9a-f]+)/([a-z0-9-]{1,64})/(\d{8}T\d\d)/(\d{8}T\d{6}\.\d{6}Z|merged)_([0-9a-f]{64})_(\d{1,18})\.parquet"
)


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A segment, by all that its path says. hour: `20261124T02`, in UTC. arrived: of the batch, or `merged`."""

    lane: str
    source: str
    hour: str
    arrived: str
    sha256: str
    rows: int

    @property
    def path(self) -> str:
        """Below the folder of the archive; also what the segment is called elsewhere."""
        return f"{self.folder}/{self.arrived}_{self.sha256}_{self.rows}.parquet"

    @property
    def folder(self) -> str:
        return f"{self.lane.encode().hex()}/{self.source}/{self.hour}"

    @property
    def merged(self) -> bool:
        return self.arrived == MERGED


def parse(path: str) -> SegmentName | None:
    """The segment of a path; None for what is none."""
    found = _NAME.fullmatch(path)
    if found is None:
        return None
    try:
        lane = bytes.fromhex(found[1]).decode()
    except ValueError:
        return None
    return SegmentName(lane, found[2], found[3], found[4], found[5], int(found[6]))


def of_batch(lane: str, source: str, arrived: str, sha256: str, rows: int) -> SegmentName:
    """The segment of one batch and source. arrived: as the spool writes it (`20261124T021000.000000Z`)."""
    return SegmentName(lane, source, arrived[:11], arrived, sha256, rows)


def of_merged(parts: Iterable[SegmentName]) -> SegmentName:
    """The segment of several of one folder."""
    some = sorted(parts, key=lambda one: one.path)
    digest = hashlib.sha256("\n".join(one.path for one in some).encode()).hexdigest()
    return SegmentName(
        some[0].lane, some[0].source, some[0].hour, MERGED, digest, sum(one.rows for one in some)
    )


def source_of(said: Mapping[str, str]) -> str:
    """The log source of an event as a name of folders: its channel or provider, or what it says of itself."""
    parts = [said.get(field, "") for field in STATED]
    known = said.get("Channel") or said.get("Provider_Name") or "-".join(part for part in parts if part)
    return _SLUG.sub("-", known.lower()).strip("-")[:64].strip("-") or OTHERS


SAYING = ("Channel", "Provider_Name", *STATED)
"""The fields that `source_of` looks at."""
