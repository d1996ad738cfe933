"""What a hunt has done is remembered line by line; half a line is none."""

from pathlib import Path

from muster.store.hunt_state import HuntState


def test_lines_are_remembered_and_the_newest_of_a_part_counts(tmp_path: Path) -> None:
    state = HuntState(tmp_path / "hunts" / "x.jsonl")
    state.add({"part": "a", "n": 1})
    state.add({"part": "b", "n": 2})
    state.add({"part": "a", "n": 3})
    assert {part: line["n"] for part, line in HuntState(state.file).done.items()} == {"a": 3, "b": 2}


def test_half_a_line_is_cut_off_and_the_hunt_goes_on(tmp_path: Path) -> None:
    state = HuntState(tmp_path / "x.jsonl")
    state.add({"part": "a"})
    whole = state.file.read_bytes()
    for cut in range(1, len(whole)):
        state.file.write_bytes(whole + whole[:cut])
        again = HuntState(state.file)
        assert list(again.done) == ["a"]
        again.add({"part": "b"})
        assert list(HuntState(state.file).done) == ["a", "b"]


def test_a_hunt_that_is_over_leaves_nothing(tmp_path: Path) -> None:
    state = HuntState(tmp_path / "x.jsonl")
    state.add({"part": "a"})
    state.end()
    state.end()
    assert not list(tmp_path.iterdir())
