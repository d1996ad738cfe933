"""When an event says it happened: the first of the usual fields that it has, as it is written there."""

from muster.detect.shapes.values import Pairs

_FIELDS = (
    "@timestamp", "UtcTimeCreated", "TimeCreated", "UtcTime", "timestamp", "Timestamp", "eventTime", "time", "ts", "date",
    "TimeGenerated", "EventTime", "event.created",
)  # fmt: skip


def time_of(pairs: Pairs) -> str | None:
    fields = dict(pairs)
    return next((fields[name] for name in _FIELDS if fields.get(name)), None)
