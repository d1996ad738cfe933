"""What `muster detect` reads: files, folders, archives, damaged ones among them."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from muster import cli_detect_sources
from muster.cli_detect_sources import event_streams, rule_files

EVENT = b'{"a":1}\n'


def tar(path: Path, mode: str, **members: bytes) -> Path:
    with tarfile.open(path, mode) as packed:
        for name, data in members.items():
            entry = tarfile.TarInfo(name.replace("__", "/").replace("_", "."))
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    return path


def read(path: Path) -> tuple[list[tuple[str, str | None, bytes]], list[str]]:
    errors: list[str] = []
    found = [(Path(name).name, member, stream.read()) for name, member, stream in event_streams(path, errors)]
    return found, errors


def test_a_folder_of_everything(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jsonl").write_bytes(EVENT)
    (tmp_path / "b" / "c.json.gz").write_bytes(gzip.compress(EVENT))
    (tmp_path / "readme.txt").write_bytes(b"x")
    (tmp_path / "bad.tar.gz").write_bytes(b"no archive")
    tar(tmp_path / "d.tar.gz", "w:gz", in__x_jsonl=EVENT, y_txt=b"x")
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as packed:
        packed.writestr("../../up.ndjson", EVENT)
        packed.writestr("z.json.gz", gzip.compress(EVENT))
    found, errors = read(tmp_path)
    assert found == [
        ("a.jsonl", None, EVENT),
        ("c.json.gz", None, EVENT),
        ("d.tar.gz", "in/x.jsonl", EVENT),
        ("e.zip", "../../up.ndjson", EVENT),
        ("e.zip", "z.json.gz", EVENT),
    ]
    assert len(errors) == 1
    assert "bad.tar.gz" in errors[0]


def test_a_file_that_is_named_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_bytes(EVENT)
    assert read(tmp_path / "access.log") == ([("access.log", None, EVENT)], [])


def test_rules_of_folders_and_archives(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"1")
    (tmp_path / "b.yaml").write_bytes(b"2")
    (tmp_path / "c.txt").write_bytes(b"3")
    tar(tmp_path / "d.tgz", "w:gz", r__e_yml=b"4", f_txt=b"5")
    errors: list[str] = []
    assert [data for _, data in rule_files(tmp_path, errors)] == [b"1", b"2"]
    assert [(Path(label).name, data) for label, data in rule_files(tmp_path / "d.tgz", errors)] == [
        ("e.yml", b"4")
    ]
    assert list(rule_files(tmp_path / "none.yml", errors)) == []
    assert len(errors) == 1


def test_names_that_are_no_text_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "a\udcff.jsonl").write_bytes(EVENT)
    assert read(tmp_path)[0] == [("a\ufffd.jsonl", None, EVENT)]


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_detect_sources, "MAX_FILES", 2)
    tar(tmp_path / "many.tar", "w", a_json=EVENT, b_json=EVENT, c_json=EVENT)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for name in "abc":
            packed.writestr(f"{name}.json", EVENT)
    for name in ("many.tar", "many.zip"):
        found, errors = read(tmp_path / name)
        assert len(found) == 2
        assert "More than 2 files" in errors[0]
    assert "More than 2 files" in read(tmp_path)[1][-1]
