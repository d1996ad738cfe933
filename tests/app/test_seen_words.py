"""What the detector tells of log sources: a process that began anew forgets none, and the words stay bounded."""

import pytest
from pydantic import ValidationError

from muster.app.seen_words import MOST_SOURCES, SeenSource, Sighted, joined


def source(name: str, hour: int = 1, events: int = 5) -> SeenSource:
    at = f"2026-11-24T{hour:02}:00:00.000000Z"
    return SeenSource(
        lane="real", shape="unknown", product=name, events=events, last_hour=3, first=at, last=at
    )


def test_a_source_that_only_the_word_before_knows_stays_without_a_rate() -> None:
    before = Sighted(sources=(source("a"), source("b")))
    found = joined(before, Sighted(sources=(source("b", 2, 9),)))
    assert [(one.product, one.events, one.last_hour) for one in found.sources] == [("b", 9, 3), ("a", 5, 0)]
    assert not found.cut


def test_beyond_the_bound_the_oldest_goes_and_that_is_said() -> None:
    before = Sighted(sources=tuple(source(f"s{number}") for number in range(MOST_SOURCES)))
    found = joined(before, Sighted(sources=(source("new", 2),)))
    assert len(found.sources) == MOST_SOURCES
    assert found.sources[0].product == "new"
    assert found.cut


def test_a_channel_is_one_source_whatever_categories_came_of_it() -> None:
    one = source("windows").model_copy(update={"channel": "security", "categories": ("a",)})
    assert one.key == one.model_copy(update={"categories": ("a", "b")}).key
    assert source("x").key != source("x").model_copy(update={"services": ("s",)}).key


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        SeenSource(lane="real", shape="unknown", events=1, first="yesterday", last="now")
