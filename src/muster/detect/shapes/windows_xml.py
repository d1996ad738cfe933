"""Windows events as XML: a line that is an `<Event>`, and the same within the text of another log.

Sysmon for Linux writes it to syslog; its events are told as product linux, with the category of their number.
"""

from muster.detect.json_line import Event
from muster.detect.shapes import evtx_json
from muster.detect.shapes.event_xml import parse
from muster.detect.shapes.shape import LineShape, ShapeName
from muster.detect.shapes.sysmon import category_of
from muster.detect.shapes.values import Pairs, objects, source

_BEGINS = ("<Event>", "<Event ")
_END = "</Event>"
_NEAR = 200
_ON_LINUX = "Linux-Sysmon"


def read(line: str) -> Pairs | None:
    """A line that begins as an event. Raises `Flawed` when it does not go on as one."""
    begun = line.startswith((*_BEGINS, "<?xml "))
    return fields(parse(line)) if begun and _END in line else None


def within(text: str) -> Pairs | None:
    """The fields of the first event within a text, cut or not; None when there is none. Raises `Flawed`."""
    start = min((at for begin in _BEGINS if (at := text.find(begin)) >= 0), default=-1)
    if start < 0:
        return None
    end = text.find(_END, start)
    if end >= 0:
        return fields(parse(text[start : end + len(_END)]))
    return fields(parse(text[start:], cut=True)) if "<System>" in text[start : start + _NEAR] else None


def fields(event: Event) -> Pairs:
    """The fields of an event in the form of `event_xml`."""
    whole = objects(event.get("Event"))
    if whole is not None and "System" not in whole:
        return evtx_json.data_fields(whole.get("EventData", whole.get("UserData")))
    pairs = evtx_json.normalise(event)
    known = dict(pairs)
    if known.get("Provider_Name") == _ON_LINUX:
        pairs += source("linux", "sysmon", category_of(known.get("EventID", "")))
    return pairs


LINE = LineShape(ShapeName.WINDOWS_XML, read)
