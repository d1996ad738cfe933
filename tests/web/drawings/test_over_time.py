"""A picture of counts over time: each bar says its own count, and the whole says itself in words."""

from muster.web.drawings.over_time import MOST_BARS, over_time


def test_bars_are_to_scale_and_told_in_words() -> None:
    drawn = over_time({"20261124T02": 10, "20261124T04": 5, "20261124T05": 0}, "hits")
    assert drawn.count("<rect") == 2
    assert 'height="96"><title>2026-11-24 02:00 UTC: 10 hits</title>' in drawn
    assert 'height="48"><title>2026-11-24 04:00 UTC: 5 hits</title>' in drawn
    assert (
        'aria-label="15 hits, from 2026-11-24 02:00 UTC to 2026-11-24 04:00 UTC, at most 10 in one hour"'
        in drawn
    )
    assert "style=" not in drawn


def test_a_long_time_is_drawn_by_day_and_stays_bounded() -> None:
    drawn = over_time({"20261101T02": 1, "20261101T23": 2, "20261120T00": 3}, "hits")
    assert drawn.count("<rect") == 2
    assert "2026-11-01: 3 hits" in drawn
    assert "at most 3 in one day" in drawn
    years = {f"{year}0101T00": 1 for year in range(1990, 2030)}
    assert over_time(years, "hits").count("<rect") <= MOST_BARS


def test_nothing_is_not_drawn() -> None:
    assert over_time({}, "hits") == ""
    assert over_time({"20261124T02": 0}, "hits") == ""
