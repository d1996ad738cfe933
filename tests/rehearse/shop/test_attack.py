"""The attack: small, in order, within the hour, and harmless to read."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest

from muster.rehearse.shop.attack import attack
from muster.rehearse.shop.cast import cast_of
from muster.rehearse.shop.event import Step

START, LENGTH = datetime(2026, 11, 24, 1, 0, tzinfo=UTC), timedelta(minutes=60)


@pytest.mark.parametrize("seed", range(1, 21))
def test_size_order_and_bounds(seed: int) -> None:
    events = list(attack(cast_of(seed), START, LENGTH))
    assert 15 <= len(events) <= 60
    assert {event.step for event in events} == set(Step)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[0].at > START
    assert events[-1].at < START + LENGTH * 3 / 4


def test_the_encoded_command_only_prints_a_word() -> None:
    for event in attack(cast_of(5), START, LENGTH):
        _, found, code = str(event.fields.get("CommandLine", "")).partition(" -enc ")
        if found:
            assert b64decode(code.rstrip('"')).decode("utf-16-le") == "Write-Output 'rehearsal 5'"


def test_the_cast_is_in_the_events() -> None:
    one = cast_of(9)
    text = "\n".join(str(event.fields) for event in attack(one, START, LENGTH))
    for word in (one.attacker, one.drop, one.portal.name, one.table):
        assert word in text
