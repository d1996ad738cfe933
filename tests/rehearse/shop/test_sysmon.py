"""Sysmon events: the fields that rules ask for, in the one time form."""

from datetime import UTC, datetime, timedelta, timezone

from muster.rehearse.shop import sysmon
from muster.rehearse.shop.cast import ORDERS
from muster.rehearse.shop.draws import Draws

AT = datetime(2026, 11, 24, 2, 10, 3, 45_678, tzinfo=UTC)


def test_a_started_program() -> None:
    parent = sysmon.resident(ORDERS, "services.exe")
    child = sysmon.process(Draws(1, "t"), ORDERS, f"{sysmon.SYSTEM32}\\cmd.exe", "cmd.exe /c dir", "SHOP\\a")
    event = sysmon.started(AT, child, parent)
    assert event["Channel"] == "Microsoft-Windows-Sysmon/Operational"
    assert event["EventID"] == 1
    assert event["UtcTime"] == "2026-11-24 02:10:03.045"
    assert event["Computer"] == "ORDERDB-01.shop.example.invalid"
    assert event["ParentImage"] == "C:\\Windows\\System32\\services.exe"
    assert event["OriginalFileName"] == "cmd.exe"


def test_times_are_utc_whatever_the_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=5)))
    who = sysmon.tomcat(ORDERS)
    assert sysmon.wrote(there, who, "C:\\x") == sysmon.wrote(AT, who, "C:\\x")


def test_the_same_program_has_the_same_hashes() -> None:
    parent = sysmon.resident(ORDERS, "services.exe")
    draws = Draws(1, "t")
    events = [
        sysmon.started(AT, sysmon.process(draws, ORDERS, image, "x", "y"), parent)
        for image in ("C:\\a\\cmd.exe", "C:\\b\\CMD.EXE", "C:\\b\\other.exe")
    ]
    assert events[0]["Hashes"] == events[1]["Hashes"] != events[2]["Hashes"]
    assert events[0]["ProcessGuid"] != events[1]["ProcessGuid"]


def test_every_kind_has_its_number() -> None:
    who, other = sysmon.tomcat(ORDERS), sysmon.resident(ORDERS, "lsass.exe")
    assert sysmon.connected(AT, who, "192.0.2.1", 443, "h", 50_000)["EventID"] == 3
    assert sysmon.opened(AT, who, other, "0x1000", "t")["EventID"] == 10
    assert sysmon.asked(AT, who, "n", "192.0.2.1")["EventID"] == 22
    assert sysmon.deleted(AT, who, "f")["EventID"] == 23
