"""Which rules an event may meet at all, by log source.

A rule says its log source; an event seldom does. So:

* An event may carry the fields `logsource.product`, `logsource.category` and `logsource.service` (whoever collects
  logs knows them). A rule that names another product, category or service for one of them does not match; what
  either side leaves open contradicts nothing. Letter case does not count.
* An event that carries none of these is judged by its shape, if it has a shape that is known:
  a Windows event log record has `EventID`, and `Channel` or `Provider_Name`; a web access log record has one of the W3C fields
  `cs-method`, `cs-uri-stem`, `cs-uri-query`, `cs-uri`, `c-uri`. A web server's rule never meets a Windows event, nor
  a Linux, cloud or Windows rule an access log. This matters most for keywords, which look at the whole event.
* Any other event meets every rule, on the rule's own field names. But a rule for one product or service (other than
  windows) must find at least one of its fields there: a rule that only excludes ("not from a private address") holds
  for every event that knows nothing of the matter, and would fire on any log at all.

What kind of Windows event a Windows rule wants is no matter of routing: the pipeline writes it into the rule as
conditions on Channel and EventID.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto

from muster.detect.rule import LogSource

PRODUCT, CATEGORY, SERVICE = "logsource.product", "logsource.category", "logsource.service"
STATED = (PRODUCT, CATEGORY, SERVICE)
WINDOWS_FIELDS = ("Channel", "Provider_Name", "EventID")
WEB_FIELDS = ("cs-method", "cs-uri-stem", "cs-uri-query", "cs-uri", "c-uri")
FIELDS = frozenset((*STATED, *WINDOWS_FIELDS, *WEB_FIELDS))
"""The fields that routing looks at."""

_WEB = frozenset({"webserver", "proxy"})
_WEB_SERVICES = frozenset({"apache", "nginx", "iis"})
_ON_WINDOWS = frozenset({"windows", "rpc_firewall"})
_NEVER_ON_WINDOWS = _WEB | {"dns", "firewall", "database", "application", "appliance"}
_NEVER_ON_WEB = frozenset({
    "dns", "firewall", "database", "application", "appliance", "antivirus", "process_creation", "file_event",
    "network_connection", "dns_query", "image_load", "registry_set", "registry_event", "registry_add",
})  # fmt: skip


class Shape(Enum):
    """What an event that does not say its log source looks like."""

    WINDOWS = auto()
    WEB = auto()


def fits(source: LogSource, shape: Shape) -> bool:
    """Whether a rule of this log source may meet an event of this shape."""
    if source.category in _WEB or source.service in _WEB_SERVICES:
        return shape is Shape.WEB
    if shape is Shape.WEB:
        return source.product is None and source.service is None and source.category not in _NEVER_ON_WEB
    if source.product is not None:
        return source.product in _ON_WINDOWS
    return source.category not in _NEVER_ON_WINDOWS and source.service != "netflow"


def is_particular(source: LogSource) -> bool:
    """Whether a rule is written for one product or service, whose fields an event of unknown source must show."""
    return source.product != "windows" and (source.product is not None or source.service is not None)


class Routes:
    """The routing of one batch: for a log source, the set of rows its rules may meet (see `row_set`)."""

    def __init__(
        self, everything: int, present: Mapping[str, int], stated: Mapping[str, Mapping[str, int]]
    ) -> None:
        """present: field -> rows that have it. stated: field of `STATED` -> its values -> their rows.

        Afterwards `unknown` holds the rows that neither state a source nor have a known shape.
        """
        self._everything = everything
        self._stated: dict[str, dict[str, int]] = {}
        for field, values in stated.items():
            table = self._stated[field] = {}
            for value, rows in values.items():
                table[value.lower()] = table.get(value.lower(), 0) | rows
        silent = everything & ~_union(present.get(field, 0) for field in STATED)
        logged = present.get("Channel", 0) | present.get("Provider_Name", 0)
        windows = silent & logged & present.get("EventID", 0)
        web = silent & ~windows & _union(present.get(field, 0) for field in WEB_FIELDS)
        self._shapes = {Shape.WINDOWS: windows, Shape.WEB: web}
        self._present = present
        self.unknown = silent & ~windows & ~web

    def rows(self, source: LogSource) -> int:
        """The rows that rules of the log source may meet."""
        rows = self._everything
        for shape, of_shape in self._shapes.items():
            if of_shape and not fits(source, shape):
                rows &= ~of_shape
        wanted = {PRODUCT: source.product, CATEGORY: source.category, SERVICE: source.service}
        for field, name in wanted.items():
            if name is not None and field in self._stated:
                rows &= ~(self._present.get(field, 0) & ~self._stated[field].get(name, 0))
        return rows


def _union(sets: Iterable[int]) -> int:
    rows = 0
    for one in sets:
        rows |= one
    return rows
