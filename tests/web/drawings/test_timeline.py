"""The timeline: in the order of time, nothing on top of anything, long quiet told, hostile text only text."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from muster.web.drawings.signs import Sign
from muster.web.drawings.timeline import LINE, Mark, Shape, Side, timeline

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SHAPES = list(Shape)


def _marks(count: int = 30, apart: timedelta = timedelta(seconds=40)) -> list[Mark]:
    sides = (Side.SYSTEMS, Side.PEOPLE, Side.PEOPLE)
    return [
        Mark(START + apart * number, sides[number % 3], f"who {number}", "word " * (number % 17 + 1))
        for number in range(count)
    ]


def _drawn(marks: list[Mark], shape: Shape, after: datetime | None = None) -> str:
    return timeline(marks, shape, name="one", title="Title", described="Described", after=after)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.names |= set(values)
        self.open.append(tag)
        if tag == "tspan":
            self.spans.append((int(values["x"] or 0), int(values["y"] or 0)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _read(drawing: str) -> _Reader:
    reader = _Reader()
    reader.feed(drawing)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("shape", SHAPES)
def test_labels_do_not_overlap_and_lie_within(shape: Shape) -> None:
    drawing = _drawn(_marks(), shape)
    height = int(re.findall(r'viewBox="0 0 \d+ (\d+)"', drawing)[0])
    columns: dict[int, list[int]] = {}
    for x, y in _read(drawing).spans:
        columns.setdefault(x, []).append(y)
    for rows in columns.values():
        assert all(below - above >= LINE for above, below in pairwise(rows))
        assert rows[-1] < height
    assert len(columns) == (2 if shape is Shape.WIDE else 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_marks_go_down_in_the_order_of_time(shape: Shape) -> None:
    drawing = _drawn(list(reversed(_marks())), shape)
    heads = [int(n) for n in re.findall(r">\d\d:\d\d:\d\d who (\d+)<", drawing)]
    assert heads == sorted(heads)
    tops = [int(y) for y in re.findall(r'y="(\d+)" class="tl-head"', drawing)]
    assert tops == sorted(tops)
    assert len(heads) == len(tops) == 30


def test_a_long_quiet_and_a_new_day_are_told() -> None:
    marks = [
        Mark(START + after, Side.PEOPLE, "a", "b")
        for after in (timedelta(), timedelta(minutes=45), timedelta(days=1, hours=2))
    ]
    drawing = _drawn(marks, Shape.WIDE)
    assert "24 Nov 2026" in drawing
    assert "45 min later" in drawing
    assert "25 Nov 2026, 1 d 1 h 15 min later" in drawing


def test_a_later_part_goes_on_where_the_first_ended() -> None:
    marks = _marks(4)
    drawing = _drawn(marks[2:], Shape.WIDE, after=marks[1].at)
    assert "24 Nov 2026" not in drawing
    assert Side.PEOPLE.value not in drawing
    assert "2026" in _drawn(marks[2:], Shape.WIDE, after=START - timedelta(days=1))


def test_a_mark_can_have_a_sign_of_its_own() -> None:
    drawing = _drawn([Mark(START, Side.PEOPLE, "a", "b", Sign.TRIANGLE)], Shape.WIDE, after=START)
    assert "polygon" in drawing
    assert "<circle" not in drawing


@pytest.mark.parametrize("shape", SHAPES)
def test_it_says_what_it_is(shape: Shape) -> None:
    drawing = _drawn(_marks(), shape)
    assert 'role="img"' in drawing
    assert 'aria-labelledby="one-title one-described"' in drawing
    assert '<title id="one-title">Title</title>' in drawing
    assert '<desc id="one-described">Described</desc>' in drawing
    assert "style=" not in drawing
    assert not re.search(r"#[0-9a-f]{3,6}\b", drawing)


@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_text_is_only_text(shape: Shape) -> None:
    calm = _read(_drawn(_marks(), shape))
    for text in (
        "<script>x</script>",
        '"><image href=x>',
        "\x00\x1b\u202e\ud800",
        "</text></svg>",
        "]]>",
        "&lt;",
    ):
        drawing = timeline(
            [Mark(START, Side.SYSTEMS, text, text)], shape, name="one", title=text, described=text
        )
        reader = _read(drawing)
        assert reader.tags <= calm.tags
        assert reader.names <= calm.names
        drawing.encode()


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_to_draw_is_still_a_drawing(shape: Shape) -> None:
    assert _read(_drawn([], shape)).tags >= {"svg", "title", "desc"}
