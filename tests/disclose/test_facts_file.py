"""Clocks from a file of facts: its words as YAML reads them, and one line for what is wrong."""

from datetime import UTC, date, datetime

import pytest

from muster.core.errors import BadInput
from muster.disclose.clock import ClockState
from muster.disclose.facts_file import evaluate, read_facts
from tests.disclose.duties import EVERY, instant, named

NOW = instant("2026-11-25T00:00Z")
FILE = {
    "zone": "Europe/Berlin",
    "scope": {"gdpr-33": True, "nis2-23": "yes", "contract-meadow": False},
    "facts": {"personal-data-affected": True, "risk-unlikely": "no", "significant": True},
    "anchors": {"aware": date(2026, 11, 24), "gdpr-33/aware": datetime(2026, 11, 24, 1, 10, tzinfo=UTC)},
    "filed": {"nis2-23/early-warning": "2026-11-24T20:00Z", "nis2-23/notification": "2026-11-28T20:00Z"},
    "late": {"nis2-23/notification": "The portal was down"},
    "held_back": {"gdpr-33/notification": "2026-11-26T12:00Z"},
}


def test_the_file_tells_the_same_as_a_record() -> None:
    found = evaluate(EVERY, read_facts(FILE), NOW)
    states = {clock.key: clock.state for clock in found}
    assert states == {
        "gdpr-33/notification": ClockState.DELAYED,
        "nis2-23/early-warning": ClockState.SATISFIED,
        "nis2-23/notification": ClockState.SATISFIED_LATE,
        "nis2-23/final": ClockState.RUNNING,
        "contract-meadow/notice": ClockState.NOT_APPLICABLE,
    }
    assert named(found, "gdpr-33/notification").operational_due == instant("2026-11-27T01:10Z")
    assert named(found, "nis2-23/early-warning").operational_due == instant("2026-11-25T00:00+01:00")
    assert "with its reason" in named(found, "nis2-23/notification").why


def test_what_the_file_does_not_declare_is_not_declared() -> None:
    assert {clock.state for clock in evaluate(EVERY, read_facts({}), NOW)} == {ClockState.SCOPE_NOT_DECLARED}


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ([], "the file"),
        ({"anchor": {}}, "anchor"),
        ({"scope": {"gdpr-33": "perhaps"}}, "scope.gdpr-33"),
        ({"anchors": {"aware": datetime(2026, 11, 24, 1, 10)}}, "anchors.aware"),  # noqa: DTZ001 - as YAML reads it
        ({"facts": {"a": ["x"]}}, "facts.a"),
    ],
)
def test_a_wrong_file_is_one_line_with_its_place(tree: object, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_facts(tree)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("text", "where"), [("soon", "aware"), ("2026-11-24", "zone"), ("2026-13-24", "aware")]
)
def test_a_wrong_time_is_named(text: str, where: str) -> None:
    with pytest.raises(BadInput) as caught:
        evaluate(EVERY, read_facts({"anchors": {"aware": text}}), NOW)
    assert caught.value.where == where
