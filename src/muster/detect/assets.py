"""Assets of hits: which hosts their events name, by one list of fields."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from muster.detect import columns
from muster.detect.columns import Batch

# The first of these that an event has counts: the host on which it happened, as Windows, ECS, syslog, journald,
# OpenTelemetry and IIS name it.
HOST_FIELDS = (
    "Computer",
    "host.name",
    "host.hostname",
    "hostname",
    "Hostname",
    "HostName",
    "ComputerName",
    "computer_name",
    "_HOSTNAME",
    "agent.hostname",
    "resource.attributes.host.name",
    "s-computername",
    "host",
)
# In the log of a proxy the client is ours; in that of a web server it is whoever came from outside.
CLIENT_FIELDS = ("c-ip",)
MAX_ASSETS = 20
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Asset:
    """A host as the first event that names it writes it, and how many of the events do."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Assets:
    """At most 20 hosts, those with the most events first; `more`: how many others there are."""

    named: tuple[Asset, ...] = ()
    more: int = 0


NONE = Assets()


def hosts(rows: Iterable[int], batch: Batch, fields: Sequence[str] = HOST_FIELDS) -> dict[int, str]:
    """Row -> the host that its event names, of these rows; those whose event names none are left out.

    A name is one line of at most 200 characters: what cannot be printed is shown as `?`.
    """
    open_rows = set(rows)
    found: dict[int, str] = {}
    for field in fields:
        column = columns.column(batch, field) if open_rows else None
        if column is None:
            continue
        for row, text in zip(column.rows.tolist(), column.values, strict=True):
            if row in open_rows and (name := _name(text)):
                found[row] = name
                open_rows.discard(row)
    return found


def assets(rows: Sequence[int], named: Mapping[int, str]) -> Assets:
    """The hosts of these rows with how many of the rows name each; letter case does not make two of one."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for row in rows:
        if row in named:
            key = named[row].lower()
            written.setdefault(key, named[row])
            counts[key] += 1
    most = counts.most_common(MAX_ASSETS)
    return Assets(tuple(Asset(written[key], count) for key, count in most), len(counts) - len(most))


def _name(text: str) -> str:
    """A host's name fit for a line; empty where there is none."""
    shown = "".join(one if one.isprintable() else "?" for one in text[:MAX_NAME])
    return "" if shown.strip() in ("", "-") else shown.strip()
