"""An incident at a glance: to scale, long stretches cut and told, nothing outside of the drawing, hostile text only text."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from muster.web.drawings.bars import CUT, CUT_WIDTH, Bar, Frame, Row, bars, scale

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FRAMES = list(Frame)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def drawn(rows: list[Row], frame: Frame) -> str:
    return bars(rows, frame, name="glance", title="Title", described="Described")


def test_equal_times_are_equally_wide() -> None:
    within = scale([at(0), at(30), at(60), at(90)], 0, 900)

    assert [within.at(at(minute)) for minute in (0, 15, 30, 60, 90)] == [0, 150, 300, 600, 900]


def test_a_long_stretch_is_cut_and_its_length_is_kept_in_words() -> None:
    within = scale([at(0), at(60), at(60) + timedelta(days=3), at(120) + timedelta(days=3)], 0, 1000)

    assert within.cuts == ((483.0, timedelta(days=3)),)
    assert within.at(at(60) + timedelta(days=3)) == 483 + CUT_WIDTH
    assert "3 d" in drawn(
        [
            Row(
                "State",
                (Bar(at(0), at(60), "a"), Bar(at(60) + timedelta(days=3), at(61) + timedelta(days=3), "b")),
            )
        ],
        Frame.WIDE,
    )


def test_what_is_just_short_of_a_cut_is_none() -> None:
    assert scale([at(0), at(0) + CUT], 0, 100).cuts == ()


def test_times_beyond_the_ends_lie_at_the_ends() -> None:
    within = scale([at(0), at(10)], 5, 100)

    assert (within.at(at(-5)), within.at(at(50))) == (5, 100)


@pytest.mark.parametrize("frame", FRAMES)
def test_bars_and_signs_lie_within_the_drawing(frame: Frame) -> None:
    rows = [
        Row("State", (Bar(at(0), at(90), "active"),), (at(0), at(45), at(90))),
        Row("Owed", (Bar(at(3), at(9), "", strong=False),)),
    ]
    drawing = drawn(rows, frame)
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawing)[0])

    for x, wide in re.findall(r'<rect class="tl-people[^"]*" x="(-?\d+)" y="\d+" width="(\d+)"', drawing):
        assert 0 <= int(x) <= int(x) + int(wide) <= width
    assert all(int(y) <= height for y in re.findall(r' y="(\d+)"', drawing))


@pytest.mark.parametrize("frame", FRAMES)
def test_labels_of_the_axis_do_not_run_into_each_other(frame: Frame) -> None:
    rows = [Row("Signals", signs=tuple(at(minute) for minute in range(0, 700, 7)))]
    labels = re.findall(r'<text class="tl-quiet" x="(\d+)" y="14"[^>]*>([^<]*)<', drawn(rows, frame))
    spans = sorted((int(x), int(x) + 7 * len(text)) for x, text in labels)

    assert len(spans) > 1
    assert all(right <= left for (_, right), (left, _) in pairwise(spans))


def test_nothing_to_draw_is_no_drawing() -> None:
    assert drawn([], Frame.WIDE) == drawn([Row("State")], Frame.WIDE) == ""


def test_a_single_moment_can_be_drawn() -> None:
    assert "<svg" in drawn([Row("Signals", signs=(at(0),))], Frame.NARROW)


@pytest.mark.parametrize("text", ["<script>x</script>", "\x00\u202e\ud800", "</text></svg>", "x" * 500])
def test_hostile_text_is_only_text(text: str) -> None:
    drawing = bars(
        [Row(text, (Bar(at(0), at(60), text),))], Frame.WIDE, name="one", title=text, described=text
    )

    assert "<script" not in drawing
    assert drawing.count("</svg>") == 1
    drawing.encode()
