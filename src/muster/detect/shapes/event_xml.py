"""The XML of one Windows event as an object, by a strict reader of its own: no entities, no document type, bounds.

It knows what Windows writes: elements, attributes, text, CDATA, comments, the five entities of XML and characters by
number. Anything else is refused (`Flaw.NOT_XML`), so nothing can expand, refer to a file, or nest without end. Time
is in proportion to the text.
"""

import re
from dataclasses import dataclass, field

from muster.detect.flaw import MAX_DEPTH, MAX_FIELDS, Flaw, Flawed
from muster.detect.json_line import Event

_TAG = re.compile(
    r"""<(?:(?P<close>/)(?P<end>[\w.:-]{1,256})\s*>
    |(?P<name>[\w.:-]{1,256})(?P<attributes>(?:\s+[\w.:-]{1,256}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?P<empty>/)?>
    |\?xml\s[^?<>]*\?>)""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(\w{1,8}));|&")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list[str])
    children: "list[_Element]" = field(default_factory=list["_Element"])


def parse(text: str, *, cut: bool = False) -> Event:
    """The root element as `{name: content}`, written as the EVTX libraries do. Raises `Flawed`.

    cut: the text may end in the middle (syslog cuts long messages); what is open there is closed.
    """
    root = _tree(text[: text.rfind("<")] if cut and text.rfind("<") > text.rfind(">") else text, cut=cut)
    content = _content(root)
    return {root.name: content}


def _tree(text: str, *, cut: bool) -> _Element:
    outer = _Element("", {})
    open_elements = [outer]
    at = count = 0
    while (start := text.find("<", at)) >= 0:
        open_elements[-1].texts.append(_plain(text[at:start]))
        at = _aside(text, start, open_elements[-1].texts) or _tag(text, start, open_elements)
        count += 1
        if len(open_elements) > MAX_DEPTH:
            raise Flawed(Flaw.DEEP)
        if count > 4 * MAX_FIELDS:
            raise Flawed(Flaw.FIELDS)
    open_elements[-1].texts.append(_plain(text[at:]))
    if (len(open_elements) != 1 and not cut) or len(outer.children) != 1 or "".join(outer.texts).strip():
        raise Flawed(Flaw.NOT_XML)
    return outer.children[0]


def _aside(text: str, start: int, texts: list[str]) -> int:
    """The end of a comment or of CDATA that begins here; 0 when neither does."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>")):
        if text.startswith(opening, start):
            end = text.find(closing, start + len(opening))
            if end < 0:
                raise Flawed(Flaw.NOT_XML)
            if closing == "]]>":
                texts.append(text[start + len(opening) : end])
            return end + len(closing)
    return 0


def _tag(text: str, start: int, open_elements: list[_Element]) -> int:
    """The end of the tag that begins here, after it is applied."""
    tag = _TAG.match(text, start)
    if tag is None:
        raise Flawed(Flaw.NOT_XML)
    if tag["close"]:
        closed = open_elements.pop()
        if not open_elements or closed.name != _local(tag["end"]):
            raise Flawed(Flaw.NOT_XML)
    elif tag["name"]:
        made = _Element(_local(tag["name"]), _attributes(tag["attributes"]))
        open_elements[-1].children.append(made)
        if not tag["empty"]:
            open_elements.append(made)
    return tag.end()


def _attributes(text: str) -> dict[str, str]:
    found = [(name, double or single) for name, double, single in _ATTRIBUTE.findall(text)]
    attributes = {name: _plain(value) for name, value in found}
    if len(attributes) != len(found):
        raise Flawed(Flaw.DUPLICATE)
    return attributes


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _plain(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name in _ENTITIES:
        return _ENTITIES[name]
    if found[0] == "&":
        return "&"  # Sysmon for Linux writes some without their semicolon
    number = int(hexadecimal, 16) if hexadecimal else int(decimal or "0")
    if not 0 < number < 0x110000 or 0xD800 <= number < 0xE000:
        raise Flawed(Flaw.NOT_XML)
    return chr(number)


def _content(element: _Element) -> object:
    text = "".join(element.texts)
    if not element.children:
        if element.attributes:
            return {"#attributes": element.attributes, "#text": text}
        return text
    content: Event = {"#attributes": element.attributes} if element.attributes else {}
    repeated: dict[str, list[object]] = {}
    for child in element.children:
        repeated.setdefault(child.name, []).append(_content(child))
    for name, values in repeated.items():
        content[name] = values[0] if len(values) == 1 else values
    return content
