"""Syslog lines and records, and what may be within them."""

import json

import pytest

from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.syslog import read
from tests.detect.shapes.field import fields


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Nov 24 02:10:00 host sshd[12]: Failed password",
         {"time": "Nov 24 02:10:00", "hostname": "host", "program": "sshd", "pid": "12", "message": "Failed password",
          "logsource.product": "linux", "logsource.service": "sshd", "logsource.category": "none"}),
        ("<34>1 2026-11-24T02:10:00.003Z host app 7 ID47 [x@1 a=\"b]\\\"\"][y] \ufeffhello",
         {"priority": "34", "time": "2026-11-24T02:10:00.003Z", "hostname": "host", "program": "app", "pid": "7",
          "message": "hello"}),
        ("<34>1 2026-11-24T02:10:00Z - - - - - m", {"priority": "34", "time": "2026-11-24T02:10:00Z", "message": "m"}),
        ("2026-11-24T02:10:00.123456+01:00 host app: m",
         {"time": "2026-11-24T02:10:00.123456+01:00", "hostname": "host", "program": "app", "message": "m"}),
    ],
    ids=["old", "new", "empty", "iso"],
)  # fmt: skip
def test_lines(line: str, expected: dict[str, str]) -> None:
    assert fields(line, ShapeName.SYSLOG) == expected


def test_sudo_has_fields() -> None:
    line = "Nov 24 02:10:00 host sudo: ann : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/ls -l"
    found = fields(line, ShapeName.SYSLOG)
    assert {"USER": "#-1", "COMMAND": "/bin/ls -l", "logsource.service": "sudo"}.items() <= found.items()


def test_audit_records_and_windows_events_within() -> None:
    audit = fields(
        "<13>Nov 24 02:10:00 host audisp: type=CWD msg=audit(1.2:3): cwd=2F746D70", ShapeName.SYSLOG
    )
    assert {"cwd": "/tmp", "hostname": "host", "logsource.service": "auditd"}.items() <= audit.items()
    event = '<Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID></System><EventData><Data Name="Image">/bin/id</Data></EventData></Event>'
    for line in (
        f"Nov 24 02:10:00 host sysmon[7]: {event}",
        json.dumps(
            {"SyslogMessage": event, "HostName": "host", "ProcessName": "sysmon", "TimeGenerated": "t"}
        ),
    ):
        found = fields(line, ShapeName.SYSLOG)
        wanted = {
            "Image": "/bin/id", "EventID": "1", "hostname": "host", "program": "sysmon",
            "logsource.category": "process_creation",
        }  # fmt: skip
        assert wanted.items() <= found.items()


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "tail", ["[" * 200_000, '[a="' * 100_000, '["' + "\\" * 200_000, "[a]" * 100_000 + '"']
)
def test_hostile_lines_take_time_in_proportion(tail: str) -> None:
    assert read("<1>1 t h a p m " + tail) is None or tail.startswith("[a]")
