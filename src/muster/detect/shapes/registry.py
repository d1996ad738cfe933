"""The one list of shapes, and which of them an event has. The first that claims an event has it."""

from collections.abc import Sequence

from muster.detect.json_line import Event
from muster.detect.shapes import (
    cloudtrail,
    ecs,
    evtx_json,
    linux_audit,
    ocsf,
    syslog,
    unknown,
    web_access,
    windows,
    windows_collector,
    windows_xml,
    winlogbeat,
    winlogbeat_6,
    workspace,
    zeek,
)
from muster.detect.shapes.shape import LineShape, Shape

SHAPES: Sequence[Shape] = (
    windows.SHAPE,
    workspace.SHAPE,
    windows_collector.SHAPE,
    evtx_json.SHAPE,
    winlogbeat.SHAPE,
    winlogbeat_6.SHAPE,
    cloudtrail.SHAPE,
    zeek.SHAPE,
    ocsf.SHAPE,
    ecs.SHAPE,
    syslog.SHAPE,
    web_access.SHAPE,
)
"""The commonest first: an event costs the look-ups of those before its own."""

LINES: Sequence[LineShape] = (
    windows_xml.LINE,
    linux_audit.LINE,
    web_access.LINE,
    syslog.LINE,
)
"""The shapes of lines that do not begin with `{`."""


def recognise(event: Event) -> Shape:
    """The shape of an object."""
    for shape in SHAPES:
        if shape.claims(event):
            return shape
    return unknown.SHAPE
