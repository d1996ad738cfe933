"""Winlogbeat 7 and later, and the Elastic agent: `winlog` beside ECS fields.

winlog.event_data (else user_data) gives the fields of the event, the rest of winlog the names of the event's head.
The ECS fields stay under their dotted names.
"""

from muster.detect.json_line import Event
from muster.detect.shapes.evtx_json import data_fields, number
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, at, flatten, objects, text

_HEAD = {
    "provider_name": "Provider_Name", "channel": "Channel", "computer_name": "Computer", "record_id": "EventRecordID",
    "version": "Version", "level": "Level", "task": "Task", "opcode": "Opcode", "keywords": "Keywords",
}  # fmt: skip
_DATA = ("event_data", "user_data")


def claims(event: Event) -> bool:
    return "winlog" in event or "winlog.event_id" in event


def normalise(event: Event) -> Pairs:
    """Also of the form with dotted names (`winlog.event_data.Image`), as Elasticsearch's fields are exported."""
    winlog = objects(event.get("winlog")) or _nested(event)
    pairs = flatten({name: value for name, value in event.items() if not name.startswith("winlog")})
    event_id = winlog.get("event_id", at(event, "event", "code"))
    if event_id is not None:
        pairs.append(("EventID", number(event_id)))
    pairs += [(_HEAD[name], text(winlog[name])) for name in _HEAD if winlog.get(name) is not None]
    if event.get("@timestamp") is not None:
        pairs.append(("UtcTimeCreated", text(event["@timestamp"])))
    if event.get("message") is not None:
        pairs.append(("Message", text(event["message"])))
    data = next((winlog[name] for name in _DATA if winlog.get(name)), None)
    return pairs + unnumbered(data_fields(data))


def unnumbered(pairs: Pairs) -> Pairs:
    """Unnamed values, which Winlogbeat calls param1, param2, ...: as they are, and joined as `Data`."""
    params = [value for name, value in pairs if name.startswith("param") and name[5:].isdigit()]
    return [*pairs, ("Data", "\n".join(params))] if params else pairs


def _nested(event: Event) -> Event:
    winlog: Event = {}
    data: Event = {}
    for name, value in event.items():
        parts = name.split(".", 2)
        if parts[0] == "winlog" and len(parts) == 3 and parts[1] in _DATA:
            data[parts[2]] = value
        elif parts[0] == "winlog":
            winlog[name[7:]] = value
    return {**winlog, "event_data": data}


SHAPE = Shape(ShapeName.WINLOGBEAT, claims, normalise)
