"""Linux audit records."""

import pytest

from muster.detect.shapes.linux_audit import read
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields


def test_arguments_are_decoded_and_joined() -> None:
    line = 'type=EXECVE msg=audit(1364481363.243:24287): argc=3 a0="/bin/cat" a1="/etc/shadow" a2=2D2D612062'
    assert fields(line, ShapeName.LINUX_AUDIT) == {
        "type": "EXECVE", "timestamp": "1364481363.243", "audit_id": "24287", "argc": "3", "a0": "/bin/cat",
        "a1": "/etc/shadow", "a2": "--a b", "CommandLine": "/bin/cat /etc/shadow --a b", "Image": "/bin/cat",
        "logsource.product": "linux", "logsource.service": "auditd", "logsource.category": "process_creation",
    }  # fmt: skip


def test_a_call_is_named() -> None:
    line = "node=h1 type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=319 success=yes a0=7fff a1=abcd exe=2F746D702F6120 key=(null)"
    found = fields(line, ShapeName.LINUX_AUDIT)
    assert (found["SYSCALL"], found["node"], found["a1"], found["exe"]) == (
        "memfd_create",
        "h1",
        "abcd",
        "/tmp/a ",
    )
    assert "key" not in found
    assert "CommandLine" not in found
    named = fields(
        'type=SYSCALL msg=audit(1.2:3): syscall=1\x1dARCH=x86_64 SYSCALL=write AUID="ann"',
        ShapeName.LINUX_AUDIT,
    )
    assert (named["SYSCALL"], named["AUID"]) == ("write", "ann")


def test_fields_within_a_message() -> None:
    line = 'type=USER_AUTH msg=audit(1.2:3): pid=7 msg=\'op=PAM:auth acct="root" exe="/bin/su" hostname=? res=failed\''
    found = fields(line, ShapeName.LINUX_AUDIT)
    assert {
        "op": "PAM:auth",
        "acct": "root",
        "exe": "/bin/su",
        "res": "failed",
        "pid": "7",
    }.items() <= found.items()
    assert "hostname" not in found


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "tail", ["a" * 500_000, "a=" * 3_000, '"' * 500_000, "a='b=" * 500, "a.b[" * 100_000]
)
def test_hostile_records_take_time_in_proportion(tail: str) -> None:
    assert read("type=X msg=audit(1.2:3): " + tail) is None or tail


def test_other_lines_are_none() -> None:
    assert read("type=EXECVE") is None
    assert read("words") is None
