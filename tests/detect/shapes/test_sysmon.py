"""Sysmon's numbers for events of other sensors."""

from muster.detect.shapes.sysmon import CHANNEL, category_of, told


def test_on_windows_the_channel_and_number_are_told() -> None:
    found = dict(told("windows", "process_creation", {}))
    assert (found["Channel"], found["EventID"]) == (CHANNEL, "1")
    assert "Channel" not in dict(told("linux", "process_creation", {}))
    assert "Channel" not in dict(told("windows", "none", {}))
    assert "EventID" not in dict(told("windows", "process_creation", {"EventID": "9"}))


def test_numbers_have_categories() -> None:
    assert (category_of("3"), category_of("x")) == ("network_connection", "none")
