"""Windows events as XML, by themselves and within other text."""

from muster.detect.events import read_lines
from muster.detect.flaw import Flaw
from muster.detect.ruleset import Needs
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.windows_xml import within
from tests.detect.shapes.field import fields

EVENT = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="P" Guid="g"/>'
    '<EventID Qualifiers="1">7</EventID><TimeCreated SystemTime="t"/><Channel>System</Channel><Security/></System>'
    '<EventData><Data Name="New Value">&quot;x&quot;</Data><Data>a</Data><Data>b</Data></EventData></Event>'
)
WANTED = {
    "Provider_Name": "P", "EventID": "7", "UtcTimeCreated": "t", "Channel": "System", "NewValue": '"x"', "Data": "a\nb",
}  # fmt: skip
ON_LINUX = '<Event><System><Provider Name="Linux-Sysmon"/><EventID>{}</EventID></System><EventData><Data Name="Image">/bin/sh'


def test_a_line_of_xml() -> None:
    assert fields(EVENT, ShapeName.WINDOWS_XML) == WANTED
    assert fields('<?xml version="1.0"?>' + EVENT, ShapeName.WINDOWS_XML) == WANTED


def test_user_data_and_no_data() -> None:
    user = "<Event><System><EventID>1</EventID></System><UserData><X><Name>n</Name></X></UserData></Event>"
    assert fields(user, ShapeName.WINDOWS_XML) == {"EventID": "1", "Name": "n"}


def test_within_other_text() -> None:
    assert dict(within(f"some words {EVENT} more") or []) == WANTED
    assert within("<Events> <Eventually>") is None
    assert within("words") is None


def test_sysmon_for_linux_tells_its_source_and_may_be_cut() -> None:
    for number, category in (("1", "process_creation"), ("11", "file_event"), ("77", "none")):
        found = dict(within(ON_LINUX.format(number)) or [])
        assert found == {
            "Provider_Name": "Linux-Sysmon", "EventID": number, "Image": "/bin/sh", "logsource.product": "linux",
            "logsource.category": category, "logsource.service": "sysmon",
        }  # fmt: skip


def test_broken_xml_is_named() -> None:
    (bad,) = read_lines([b"<Event><System></Event>"], Needs(frozenset(), text=False)).unreadable
    assert bad.flaw is Flaw.NOT_XML
