"""Syslog lines (RFC 3164, RFC 5424, and with an ISO time), and syslog records as JSON of a log workspace.

Fields: time, hostname, program, pid, message. A message that is an audit record or a Windows event is read as that.
Of programs that rules are written for the log source is told; of others nothing is said.
"""

import re

from muster.detect.json_line import Event
from muster.detect.shapes import linux_audit, windows_xml
from muster.detect.shapes.shape import LineShape, Shape, ShapeName
from muster.detect.shapes.values import NO_CATEGORY, Pairs, flatten, source

_PRIORITY = r"(?:<([0-9]{1,3})>)?"
_OLD = re.compile(
    _PRIORITY
    + r"((?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8})|(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(?:Z|[+-][0-9:]{4,6})?)) "
    + r"(\S{1,255}) ([^\s:\[]{1,128})(?:\[([0-9]{1,10})\])?: ?"
)
_NEW = re.compile(
    r"<([0-9]{1,3})>[0-9]{1,2} (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) "
    r'(?:-|(?:\[[^\]"\\]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^\]"\\]*)*\])+) ?'
)
_AUDIT = re.compile(r"(?:node=\S{1,255} )?type=[A-Z0-9_]{2,64} (?:msg=)?audit\(")
_SUDO = re.compile(r"(TTY|PWD|USER|COMMAND)=([^;]*)")
_SERVICES = {
    "sshd": "sshd", "sshd-session": "sshd", "sudo": "sudo", "cron": "cron", "crond": "cron", "vsftpd": "vsftpd",
    "clamd": "clamav", "freshclam": "clamav", "clamscan": "clamav", "guacd": "guacamole", "su": "auth", "login": "auth",
    "systemd": "syslog", "kernel": "syslog",
}  # fmt: skip
_IN_WORKSPACE = {
    "HostName": "hostname",
    "ProcessName": "program",
    "ProcessID": "pid",
    "TimeGenerated": "time",
}


def claims(event: Event) -> bool:
    return type(event.get("SyslogMessage")) is str


def normalise(event: Event) -> Pairs:
    pairs = [
        (_IN_WORKSPACE.get(name, name), value) for name, value in flatten(event) if name != "SyslogMessage"
    ]
    return pairs + _message(str(event["SyslogMessage"]), dict(pairs).get("program", ""))


def read(line: str) -> Pairs | None:
    """The fields of a line; None when it is no syslog line."""
    found = _OLD.match(line)
    if found is not None:
        priority, time, host, program, pid = found.groups()
    else:
        found = _NEW.match(line)
        if found is None:
            return None
        priority, time, host, program, pid, _ = found.groups()
    named = (("priority", priority), ("time", time), ("hostname", host), ("program", program), ("pid", pid))
    pairs = [(name, value) for name, value in named if value and value != "-"]
    return pairs + _message(line[found.end() :], program)


def _message(message: str, program: str) -> Pairs:
    message = message.removeprefix("\ufeff")
    inner = windows_xml.within(message)
    if inner is None and _AUDIT.match(message):
        inner = linux_audit.read(message)
    if inner is not None:
        return inner
    pairs = [("message", message)]
    service = _SERVICES.get(program.lower())
    if service == "sudo":
        pairs += [(name, value.strip()) for name, value in _SUDO.findall(message)]
    return pairs + (source("linux", service, NO_CATEGORY) if service else [])


SHAPE = Shape(ShapeName.SYSLOG, claims, normalise)
LINE = LineShape(ShapeName.SYSLOG, read)
