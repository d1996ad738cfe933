"""Events exported from a log workspace, and others that are flat but for `EventData`: an object, JSON or XML as text.

Provider or EventSourceName is called Provider_Name, EventLevel Level, TimeGenerated UtcTimeCreated; the fields of
EventData stand beside the others.
"""

import orjson

from muster.detect.flaw import Flaw, Flawed
from muster.detect.json_line import Event
from muster.detect.shapes.event_xml import parse
from muster.detect.shapes.evtx_json import data_fields, number
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, flatten, objects

_DATA = ("EventData", "UserData")
_NAMES = {
    "Provider": "Provider_Name", "EventSourceName": "Provider_Name", "Source": "Provider_Name", "EventLog": "Channel",
    "EventLevel": "Level", "TimeGenerated": "UtcTimeCreated", "SourceName": "Provider_Name", "Hostname": "Computer",
}  # fmt: skip


def claims(event: Event) -> bool:
    return "EventID" in event and ("EventData" in event or "UserData" in event or "EventSourceName" in event)


def normalise(event: Event) -> Pairs:
    pairs = flatten({name.replace(" ", ""): value for name, value in event.items() if name not in _DATA})
    known = {name for name, _ in pairs}
    pairs = [
        (_NAMES[name] if name in _NAMES and _NAMES[name] not in known else name, value)
        for name, value in pairs
    ]
    pairs.append(("EventID", number(event["EventID"])))
    data = next((event[name] for name in _DATA if event.get(name) is not None), None)
    return pairs + (_within(data.strip()) if isinstance(data, str) else data_fields(data))


def _within(data: str) -> Pairs:
    if data.startswith("<"):
        return _of_xml(parse(data))
    if not data.startswith("{"):
        return [("Data", data)] if data else []
    try:
        inner: object = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise Flawed(Flaw.NOT_JSON) from fault
    return data_fields(inner)


def _of_xml(event: Event) -> Pairs:
    """The EventData within whatever is around it (Operations Manager writes a DataItem)."""
    name, content = next(iter(event.items()))
    inner = objects(content)
    while inner is not None and name not in _DATA:
        name = next((one for one in (*_DATA, "Event", "DataItem") if one in inner), "")
        if not name:
            break
        content = inner[name]
        inner = objects(content)
    return data_fields(content) if content != "" else []


SHAPE = Shape(ShapeName.WORKSPACE, claims, normalise)
