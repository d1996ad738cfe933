"""A question about the lane is found in every form; carrying and labelling are not."""

from collections.abc import Callable

import pytest

from lints import lanes
from lints.lanes import ALLOWED, WORDS, check

Lines = Callable[..., list[int]]
PATH = "src/muster/respond/command.py"


@pytest.mark.parametrize("word", sorted(WORDS))
def test_each_word_is_found(word: str, lines: Lines) -> None:
    assert lines(check, PATH, f"if {word}:\n    pass\nif state.{word}:\n    pass\n") == [1, 3]


@pytest.mark.parametrize(
    "question",
    [
        "if state.lane: pass",
        "if a and state.lane.startswith('drill'): pass",
        "while not lane: pass",
        "x = 1 if actor.lane else 2",
        "match state.lane:\n    case _: pass",
        "match x:\n    case _ if lane: pass",
        "same = one.lane == two.lane",
        "return_value = 'drill' in header.lane",
        "[e for e in entries if e.lane]",
        "assert lane",
        "f(not state.is_drill)",
        "kept = {e for e in entries if e.header.lane == REAL}",
    ],
)
def test_each_form_of_question_is_found(question: str, lines: Lines) -> None:
    assert 1 in lines(check, PATH, question + "\n") or 2 in lines(check, PATH, question + "\n")


def test_another_name_for_the_lane_does_not_hide_it(lines: Lines) -> None:
    assert lines(check, PATH, "def f(state):\n    here = state.lane\n    if here:\n        pass\n") == [3]


def test_a_name_means_something_only_in_its_function(lines: Lines) -> None:
    assert lines(check, PATH, "def f(state):\n    x = state.lane\ndef g(x):\n    if x:\n        pass\n") == []


@pytest.mark.parametrize(
    "innocent",
    [
        "entry = Entry(lane=state.lane)",
        "x = f(lane)\nif x: pass",
        "groups[entry.lane].append(entry)",
        "f'lane {lane}'",
    ],
)
def test_carrying_grouping_and_labelling_are_allowed(innocent: str, lines: Lines) -> None:
    assert lines(check, PATH, innocent + "\n") == []


def test_the_door_and_the_clock_may_ask(lines: Lines) -> None:
    for path in ("src/muster/app/door.py", "src/muster/rehearse/clock.py"):
        assert path in ALLOWED
        assert lines(check, path, "if lane:\n    pass\n") == []


def test_an_exemption_holds_for_one_function_only(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "GROUPING", {(PATH, "Room.group"): "groups"})
    text = "class Room:\n    def group(self):\n        a.lane == b.lane\n    def act(self):\n        a.lane == b.lane\n"
    assert lines(check, PATH, text) == [5]
