"""One server at a time owns a data directory, by a lock that dies with its process."""

import subprocess
import sys
from pathlib import Path

import pytest

from muster.core.errors import BadInput
from muster.store.data_folder import DataFolder


def test_a_second_owner_is_refused_and_may_have_it_later(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path / "data"), DataFolder(tmp_path / "data")
    first.prepare()
    first.own()
    with pytest.raises(BadInput, match="already uses this data directory"):
        second.own()
    second.own("detector")
    first.release()
    second.own()
    second.release()
    second.release("detector")


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from muster.store.data_folder import DataFolder\n"
        "folder = DataFolder(Path(sys.argv[1])); folder.prepare(); folder.own()"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "data"], check=True)
    folder = DataFolder(tmp_path / "data")
    folder.own()
    folder.release()


def test_the_folders_are_closed_to_others(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    for path in (folder.path, folder.blobs, folder.spool, folder.events, folder.rules):
        assert path.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be made"):
        DataFolder(tmp_path / "file" / "data").prepare()
    with pytest.raises(BadInput, match="cannot be used"):
        DataFolder(tmp_path / "nowhere").own()
