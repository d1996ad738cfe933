"""Compiled rules are kept, and whatever cannot be trusted is made anew."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from muster.detect import ruleset as rulesets
from muster.detect.pieces import Pieces
from muster.detect.pipeline_choice import DEFAULT, NONE, PipelineChoice
from muster.detect.ruleset import Ruleset
from muster.store import ruleset_cache
from muster.store.ruleset_cache import MOST_FILES, RulesetCache, cache_root, engine_mark
from tests.detect.yard import on, rows

FILES = {"a.yml": on({"a|re": "x[0-9]"}), "b.yml": on({"a|contains": "word"})}
EVENTS = [{"a": "x1"}, {"a": "a word"}, {"a": "none"}]
HITS = {"a.yml": [0], "b.yml": [1]}


@pytest.fixture
def cache(tmp_path: Path) -> RulesetCache:
    return RulesetCache(tmp_path / "cache")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each compilation had."""
    counts: list[int] = []
    real = rulesets.compile

    def counting(rules: Mapping[str, bytes], pipeline: PipelineChoice, pieces: Pieces) -> Ruleset:
        counts.append(len(rules))
        return real(rules, pipeline, pieces)

    monkeypatch.setattr(rulesets, "compile", counting)
    return counts


def _files(cache: RulesetCache, ending: str) -> list[Path]:
    assert cache.folder is not None
    return sorted(cache.folder.glob(f"*.{ending}"))


def test_the_second_start_compiles_nothing_and_hits_the_same(
    cache: RulesetCache, compiled: list[int]
) -> None:
    for _ in range(2):
        assert rows(cache.ruleset(FILES, DEFAULT), EVENTS) == HITS
    assert compiled == [2]


def test_other_rules_paths_and_pipelines_are_other_rulesets(cache: RulesetCache, compiled: list[int]) -> None:
    cache.ruleset(FILES, DEFAULT)
    cache.ruleset(FILES, NONE)
    cache.ruleset({"c.yml": FILES["a.yml"], "b.yml": FILES["b.yml"]}, DEFAULT)
    cache.ruleset(dict(reversed(FILES.items())), DEFAULT)
    changed = cache.ruleset({**FILES, "a.yml": on({"a|re": "no[a-z]e"})}, DEFAULT)
    assert rows(changed, EVENTS) == {"a.yml": [2], "b.yml": [1]}
    assert len(compiled) == 5


def test_another_engine_uses_nothing_of_it(
    cache: RulesetCache, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.ruleset(FILES, DEFAULT)
    monkeypatch.setattr(ruleset_cache, "version", lambda _name: "999")
    cache.ruleset(FILES, DEFAULT)
    assert compiled == [2, 2]
    assert len(_files(cache, "pieces")) == 2


def test_the_mark_of_the_engine_stays_while_nothing_changes() -> None:
    assert engine_mark() == engine_mark()


def test_a_damaged_file_is_made_anew(cache: RulesetCache, compiled: list[int]) -> None:
    cache.ruleset(FILES, DEFAULT)
    whole = [(file, file.read_bytes()) for file in (*_files(cache, "ruleset"), *_files(cache, "pieces"))]
    damages = [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data[:70] + b"!" + data[71:],
        lambda data: b"?" + data,
    ]
    for damage in damages:
        for file, data in whole:
            file.write_bytes(damage(data))
        assert rows(cache.ruleset(FILES, DEFAULT), EVENTS) == HITS
        assert [file.read_bytes() for file, _ in whole] == [data for _, data in whole]
    assert len(compiled) == 1 + len(damages)


def test_a_file_under_another_name_is_not_taken_for_it(cache: RulesetCache) -> None:
    cache.ruleset(FILES, DEFAULT)
    (mine,) = _files(cache, "ruleset")
    other = {"a.yml": on({"a": "none"})}
    cache.ruleset(other, DEFAULT)
    (theirs,) = (file for file in _files(cache, "ruleset") if file != mine)
    theirs.write_bytes(mine.read_bytes())
    assert rows(cache.ruleset(other, DEFAULT), EVENTS) == {"a.yml": [2]}


def test_what_others_could_have_written_is_not_read(cache: RulesetCache, compiled: list[int]) -> None:
    cache.ruleset(FILES, DEFAULT)
    (file,) = _files(cache, "ruleset")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    file.chmod(0o622)
    cache.ruleset(FILES, DEFAULT)
    aside = file.rename(file.with_name("aside.ruleset"))
    file.symlink_to(aside)
    cache.ruleset(FILES, DEFAULT)
    file.parent.chmod(0o777)
    cache.ruleset(FILES, DEFAULT)
    assert len(compiled) == 4


def test_without_a_folder_that_can_be_written_it_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file" / "below"):
        assert rows(RulesetCache(folder).ruleset(FILES, DEFAULT), EVENTS) == HITS


def test_the_oldest_go_when_there_are_too_many(cache: RulesetCache) -> None:
    cache.ruleset(FILES, DEFAULT)
    assert cache.folder is not None
    for number in range(MOST_FILES + 5):
        file = cache.folder / f"{number}.ruleset"
        file.write_bytes(b"old")
        os.utime(file, (number, number))
    cache.ruleset({"a.yml": FILES["a.yml"]}, DEFAULT)
    left = {file.name for file in cache.folder.iterdir()}
    assert len(left) == MOST_FILES
    assert "0.ruleset" not in left
    assert f"{MOST_FILES + 4}.ruleset" in left


def test_two_processes_at_once_both_get_the_ruleset(cache: RulesetCache) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from muster.store.ruleset_cache import RulesetCache; from muster.detect.pipeline_choice import DEFAULT;"
        "files = {'a.yml': sys.argv[2].encode()};"
        "print(len(RulesetCache(Path(sys.argv[1])).ruleset(files, DEFAULT).loaded))"
    )
    told = [sys.executable, "-c", code, str(cache.folder), FILES["a.yml"].decode()]
    both = [subprocess.Popen(told, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate(timeout=60)[0] for one in both] == ["1\n", "1\n"]
    assert len(_files(cache, "ruleset")) == 1
    assert not list(cache.folder.glob(".*")) if cache.folder else False


def test_where_the_cache_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_CACHE", "/chosen")
    assert cache_root() == Path("/chosen")
    monkeypatch.delenv("MUSTER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_root() == Path("/xdg/muster")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/ann")
    assert cache_root() == Path("/home/ann/.cache/muster")
