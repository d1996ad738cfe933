"""Key and anchor lie outside of the data, closed to others, and are there whole or not at all."""

from pathlib import Path

import pytest

from muster.core.errors import BadInput, Unavailable
from muster.store.state_folder import StateFolder, state_root

ORIGIN = "muster.invalid/" + "ab" * 16


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    return StateFolder.of(ORIGIN, tmp_path / "state")


def test_a_key_is_made_once(folder: StateFolder) -> None:
    seed = folder.make()
    assert folder.make() == folder.seed() == seed
    assert len(seed) == 32
    assert folder.key_file.stat().st_mode & 0o777 == 0o600
    assert folder.folder.stat().st_mode & 0o777 == 0o700


def test_the_next_key_takes_the_place_of_the_old_one(folder: StateFolder) -> None:
    old, new = folder.make(), folder.make_next()
    assert folder.seed() == old != new
    folder.take_next()
    assert folder.seed() == new
    assert not folder.next_file().exists()


def test_a_key_elsewhere_has_its_next_one_beside_it(folder: StateFolder, tmp_path: Path) -> None:
    folder.make(tmp_path / "mykey")
    new = folder.make_next(tmp_path / "mykey")
    assert (tmp_path / "mykey.next").exists()
    folder.take_next(tmp_path / "mykey")
    assert folder.seed(tmp_path / "mykey") == new


@pytest.mark.parametrize("text", ["", "zz" * 32, "ab" * 31, "\xff\xfe"])
def test_what_is_no_key_is_refused(folder: StateFolder, text: str) -> None:
    folder.make()
    folder.key_file.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match="no signing key"):
        folder.seed()


def test_a_key_that_others_may_read_is_refused(folder: StateFolder) -> None:
    folder.make()
    folder.key_file.chmod(0o640)
    with pytest.raises(BadInput, match="read by others"):
        folder.seed()


def test_a_key_that_is_missing_is_said(folder: StateFolder) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        folder.seed()


def test_the_anchor_is_replaced_whole(folder: StateFolder) -> None:
    assert folder.anchor() is None
    folder.write_anchor(b"one")
    folder.write_anchor(b"two")
    assert folder.anchor() == b"two"
    assert [file.name for file in folder.folder.iterdir()] == ["anchor"]


def test_a_place_that_takes_nothing_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    folder = StateFolder.of(ORIGIN, tmp_path / "state")
    with pytest.raises(Unavailable):
        folder.write_anchor(b"one")
    with pytest.raises(Unavailable):
        folder.make_next()


@pytest.mark.parametrize(
    "origin", ["muster.invalid/../../etc", "example.org/" + "ab" * 16, "muster.invalid/" + "AB" * 16]
)
def test_an_origin_that_is_no_name_leads_nowhere(origin: str) -> None:
    with pytest.raises(BadInput):
        StateFolder.of(origin)


def test_where_states_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MUSTER_STATE", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_root() == tmp_path / "muster"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert state_root().parts[-3:] == (".local", "state", "muster")
    monkeypatch.setenv("MUSTER_STATE", str(tmp_path / "own"))
    assert state_root() == tmp_path / "own"
