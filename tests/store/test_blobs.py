"""Evidence by its hash: create-only, and never believed without hashing it again."""

import hashlib
from pathlib import Path

import pytest

from muster.core.errors import BadInput, Damaged, NotFound, Unavailable
from muster.store.blobs import Blobs

DATA = b"the bytes of the first events\n"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(str(tmp_path / "blobs"))


def file_of(blobs: Blobs) -> Path:
    return Path(blobs.place) / NAME[:2] / NAME[2:]


def test_what_is_put_is_found_under_its_hash(blobs: Blobs) -> None:
    assert blobs.put(DATA) == NAME
    assert blobs.put(DATA) == NAME
    assert blobs.get(NAME) == DATA
    assert list(blobs.names()) == [NAME]


def test_what_was_changed_is_not_given_out(blobs: Blobs) -> None:
    blobs.put(DATA)
    file_of(blobs).write_bytes(b"other")
    assert blobs.find(NAME) is None
    assert blobs.exists(NAME)
    with pytest.raises(Damaged):
        blobs.get(NAME)


def test_half_a_file_of_a_crash_is_put_right_when_it_comes_again(blobs: Blobs) -> None:
    blobs.put(DATA)
    file_of(blobs).write_bytes(DATA[:5])
    blobs.put(DATA)
    assert blobs.get(NAME) == DATA


def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    assert blobs.find(NAME) is None
    assert blobs.find("../../etc/passwd") is None
    with pytest.raises(NotFound):
        blobs.get(NAME)


def test_a_folder_that_is_gone_holds_nothing_and_is_not_made(tmp_path: Path) -> None:
    gone = Blobs(str(tmp_path / "gone"), make=False)
    assert gone.find(NAME) is None
    assert not gone.exists(NAME)
    assert not (tmp_path / "gone").exists()


def test_a_place_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        Blobs(str(tmp_path / "file"))


def test_a_store_that_takes_nothing_is_unavailable(blobs: Blobs) -> None:
    (Path(blobs.place) / NAME[:2]).write_text("in the way")
    with pytest.raises(Unavailable):
        blobs.put(DATA)


def test_every_step_is_watched(tmp_path: Path) -> None:
    seen: list[str] = []
    Blobs(str(tmp_path / "blobs"), watch=seen.append).put(DATA)
    assert seen == ["blob-put"]
