"""The access stream of a day: opened, denied with a count, and no hostile text in it."""

from muster.access.passing import (
    AccessDenied,
    AccessOpened,
    AccessRead,
    DenialReason,
    ReadThing,
    day_of,
    denied,
    open_day,
)
from muster.access.rules import FOLDS, KINDS, RULES
from muster.core.ids import StreamType, code, parse_code
from tests.access.world import ANA, START, World


def test_a_day_is_opened_under_a_code_drawn_anew() -> None:
    world = World(RULES, FOLDS)
    first, second = open_day(world.context(ANA)), open_day(world.context(ANA))
    assert first.body == AccessOpened(day="2026-11-24")
    assert parse_code(first.stream, StreamType.ACCESS) == first.stream
    assert first.stream != second.stream
    context = world.context(ANA)
    assert open_day(context) == open_day(context)
    assert open_day(context).stream == code(StreamType.ACCESS, context.id("stream"))


def test_the_day_is_that_of_utc() -> None:
    assert day_of(START) == "2026-11-24"


def test_a_denial_names_its_source_harmlessly() -> None:
    draft = denied("ACS-0", DenialReason.WRONG_PASSWORD, "10.0.0.1\nforged", 3)
    assert draft.stream == "ACS-0"
    assert draft.body == AccessDenied(reason=DenialReason.WRONG_PASSWORD, source="10.0.0.1\\nforged", count=3)
    assert denied("ACS-0", DenialReason.TOKEN, "x" * 200).body == AccessDenied(
        reason=DenialReason.TOKEN, source="x" * 100, count=1
    )


def test_reasons_are_slugs() -> None:
    for reason in DenialReason:
        assert reason.value == reason.value.lower()
        assert " " not in reason.value


def test_every_kind_reads_its_own_bodies() -> None:
    body = AccessRead(thing="INC-000000", what=ReadThing.NAMED)
    assert KINDS["access.read"].read(1, body.tree()) == body
    assert {name for name in KINDS if name.startswith("access.")} == {
        "access.opened",
        "access.signed-in",
        "access.signed-out",
        "access.denied",
        "access.read",
        "access.exported",
        "access.link-made",
    }
