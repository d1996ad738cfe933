"""Windows events as the EVTX libraries and Velociraptor write them: `System`, then `EventData` or `UserData`.

System gives Provider_Name, EventID, Version, Level, Task, Opcode, Keywords, EventRecordID, Channel, Computer and
UtcTimeCreated. Every leaf of EventData, or of UserData where there is no EventData, stands under its own name
without blanks; a value with `#text` gives that text; unnamed `Data` values are joined by newlines; attributes are
dropped.
"""

from collections.abc import Iterator

from muster.detect.flaw import MAX_DEPTH, MAX_FIELDS, Flaw, Flawed
from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, items, objects, text

_SYSTEM = ("Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer")
_ATTRIBUTES = "#attributes"


def claims(event: Event) -> bool:
    inner = event.get("Event")
    if type(inner) is dict:
        return "System" in inner
    return type(event.get("System")) is dict and ("EventData" in event or "UserData" in event)


def normalise(event: Event) -> Pairs:
    whole = objects(event.get("Event")) or event
    system = objects(whole.get("System")) or {}
    pairs = [*_system(system)]
    data = whole.get("EventData")
    if data is None:
        data = whole.get("UserData")
    return pairs + data_fields(data)


def data_fields(data: object) -> Pairs:
    """The fields of an EventData or UserData."""
    pairs: Pairs = []
    fields = objects(data)
    if fields is not None:
        _walk(pairs, fields, 1)
    elif data is not None:
        _leaf(pairs, "Data", data, 1)
    return pairs


def _system(system: Event) -> Iterator[tuple[str, str]]:
    provider = _attribute(system, "Provider", "Name")
    if provider is not None:
        yield "Provider_Name", text(provider)
    event_id = _content(system.get("EventID"))
    if event_id is not None:
        yield "EventID", number(event_id)
    for name in _SYSTEM:
        value = _content(system.get(name))
        if value is not None:
            yield name, text(value)
    created = _attribute(system, "TimeCreated", "SystemTime")
    if created is not None:
        yield "UtcTimeCreated", text(created)


def number(value: object) -> str:
    """An event id as its digits, whether it came as a number, a text or a fraction (`4688.0`)."""
    return text(value).strip().removesuffix(".0")


def _attribute(system: Event, name: str, attribute: str) -> object:
    """An attribute of an element, in each of the ways that are in use to write one."""
    element = objects(system.get(name)) or {}
    for holder in (objects(element.get(_ATTRIBUTES)), objects(system.get(f"{name}_attributes")), element):
        for key in (attribute, f"@{attribute}"):
            if holder and holder.get(key) is not None:
                return holder[key]
    return None


def _content(value: object) -> object:
    """What stands in an element, without its attributes; Velociraptor's `{"Value": 1}` gives 1."""
    element = objects(value)
    if element is None:
        return value
    for key in ("#text", "Value"):
        if key in element:
            return _joined(element[key])
    rest = {name: inner for name, inner in element.items() if name != _ATTRIBUTES and name[:1] != "@"}
    return rest or None


def _walk(pairs: Pairs, fields: Event, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Flawed(Flaw.DEEP)
    for name, value in fields.items():
        if value is not None and name != _ATTRIBUTES and name[:1] != "@" and name[-11:] != "_attributes":
            _leaf(pairs, name, value, depth)
    if len(pairs) > MAX_FIELDS:
        raise Flawed(Flaw.FIELDS)


def _leaf(pairs: Pairs, name: str, value: object, depth: int) -> None:
    inner = objects(value)
    if type(value) is str:
        pairs.append((name.replace(" ", ""), value))
    elif inner is not None:
        if "#text" in inner:
            content = _joined(inner["#text"])
            if content is not None:
                pairs.append((_name(inner) or name.replace(" ", ""), text(content)))
        else:
            _walk(pairs, inner, depth + 1)
    elif name == "Data" and (named := _named(value)) is not None:
        for each_name, content in named:
            pairs.append((each_name, content))
    else:
        content = _joined(value)
        if content is not None:
            pairs.append((name.replace(" ", ""), text(content)))


def _name(element: Event) -> str | None:
    """The name that a `Data` element bears as an attribute."""
    attributes = objects(element.get(_ATTRIBUTES)) or element
    name = attributes.get("Name", attributes.get("@Name"))
    return name.replace(" ", "") if isinstance(name, str) else None


def _named(value: object) -> Pairs | None:
    """The fields of a list of `Data` elements of which some bear a name; None for a list of plain values."""
    elements = items(value)
    if elements is None or not any(isinstance(element, dict) for element in elements):
        return None
    pairs: Pairs = []
    unnamed: list[str] = []
    for element in elements:
        content = _content(element)
        own = _name(objects(element) or {})
        if content is None:
            continue
        if own is None:
            unnamed.append(text(content))
        else:
            pairs.append((own, text(content)))
    return pairs + ([("Data", "\n".join(unnamed))] if unnamed else [])


def _joined(value: object) -> object:
    """Several values as one text, a value to a line."""
    values = items(value)
    if values is None or any(isinstance(one, dict | list) for one in values):
        return value
    return "\n".join(text(one) for one in values if one is not None)


SHAPE = Shape(ShapeName.EVTX_JSON, claims, normalise)
