"""A file is there whole or not at all, wherever the crash comes."""

from pathlib import Path

import pytest

from muster.store.safe_file import write_safely


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(("point", "left"), [("file-fsync", b"old"), ("file-rename", b"new")])
def test_a_crash_leaves_the_old_or_the_new_one(tmp_path: Path, point: str, left: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def crash(passed: str) -> None:
        if passed == point:
            raise Crash

    with pytest.raises(Crash):
        write_safely(file, b"new", watch=crash)
    assert file.read_bytes() == left


def test_what_fails_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_safely(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_it_is_closed_to_others(tmp_path: Path) -> None:
    write_safely(tmp_path / "file", b"x" * 200_000)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "file").read_bytes() == b"x" * 200_000
