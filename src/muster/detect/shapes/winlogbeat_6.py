"""Winlogbeat up to 6: `event_id`, `log_name` and `source_name` at the top, `event_data` nested."""

from muster.detect.json_line import Event
from muster.detect.shapes.evtx_json import data_fields, number
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, flatten, text
from muster.detect.shapes.winlogbeat import unnumbered

_HEAD = {
    "source_name": "Provider_Name", "log_name": "Channel", "computer_name": "Computer", "version": "Version",
    "record_number": "EventRecordID", "level": "Level", "task": "Task", "opcode": "Opcode", "keywords": "Keywords",
    "@timestamp": "UtcTimeCreated", "message": "Message",
}  # fmt: skip
_APART = ("event_id", "event_data", "user_data", "message")


def claims(event: Event) -> bool:
    return "event_id" in event and ("log_name" in event or "source_name" in event)


def normalise(event: Event) -> Pairs:
    pairs = flatten({name: value for name, value in event.items() if name not in _APART})
    if event.get("event_id") is not None:
        pairs.append(("EventID", number(event["event_id"])))
    pairs += [(_HEAD[name], text(event[name])) for name in _HEAD if event.get(name) is not None]
    return pairs + unnumbered(data_fields(event.get("event_data") or event.get("user_data")))


SHAPE = Shape(ShapeName.WINLOGBEAT_6, claims, normalise)
