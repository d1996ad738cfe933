"""What a shape is: a name, a claim on events, and what makes fields of one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from muster.detect.json_line import Event
from muster.detect.shapes.values import Pairs


class ShapeName(StrEnum):
    """The shapes by the names that counts and documents use."""

    WINDOWS = "windows"
    WINDOWS_COLLECTOR = "windows-collector"
    EVTX_JSON = "evtx-json"
    WINLOGBEAT = "winlogbeat"
    WINLOGBEAT_6 = "winlogbeat-6"
    WORKSPACE = "log-workspace"
    WINDOWS_XML = "windows-xml"
    CLOUDTRAIL = "cloudtrail"
    ZEEK = "zeek"
    LINUX_AUDIT = "linux-audit"
    WEB_ACCESS = "web-access"
    OCSF = "ocsf"
    ECS = "ecs"
    SYSLOG = "syslog"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of JSON objects.

    claims: whether an event has it, by a few look-ups; it never raises. normalise: its fields, null left out, later
    ones of the same name counting; it may raise `Flawed` or `Inexact`. plain: the fields are those of the object
    itself, under `plain_name`, so that the reader need not make pairs.
    """

    name: ShapeName
    claims: Callable[[Event], bool]
    normalise: Callable[[Event], Pairs]
    plain_name: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class LineShape:
    """One shape of lines that are no JSON. read: the fields of a line, None when it has not this shape."""

    name: ShapeName
    read: Callable[[str], Pairs | None]
