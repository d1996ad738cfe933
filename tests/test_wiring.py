"""Putting the parts together: one owner of a data directory, the blobs it names, the places it was told."""

from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.muster import Muster
from muster.app.settings import Settings
from muster.core.errors import BadInput
from muster.wiring import build, wall_clock
from tests.app.stage import Clock, opened, peopled
from tests.app.test_reading import hits


def test_the_clock_is_aware_and_in_utc() -> None:
    offset = wall_clock().utcoffset()
    assert offset is not None
    assert not offset


def test_a_second_server_on_one_directory_is_refused(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", detector=False)
    first = build(settings, state_root=tmp_path / "state")
    with pytest.raises(BadInput, match="Another server"):
        build(settings, state_root=tmp_path / "state")
    beside = build(settings, state_root=tmp_path / "state", own=False)
    for one in (first, beside):
        one.record.ledger.database.close()


def test_a_server_that_does_not_see_its_blobs_does_not_start(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    stage.muster.evidence.report_hits(hits(), stage.people["ana"].caller, None)
    stage.close()
    again = opened_again(tmp_path, blobs=None)
    again.record.ledger.database.close()
    with pytest.raises(BadInput, match="blobs"):
        opened_again(tmp_path, blobs=str(tmp_path / "elsewhere"))


def opened_again(folder: Path, blobs: str | None) -> Muster:
    settings = Settings(data=folder / "data", detector=False, blobs=blobs)
    return build(settings, clock=Clock(), state_root=folder / "state", own=False)


def test_every_command_is_shown_to_who_watches(tmp_path: Path) -> None:
    seen: list[Verb] = []
    stage = opened(tmp_path, watch=lambda verb, *_: seen.append(verb))
    ada = stage.person("ada")
    stage.do(Verb.DECLARE, ada, what="x")
    stage.close()
    assert seen[0] is Verb.FIRST
    assert seen[-1] is Verb.DECLARE


@pytest.mark.parametrize("database", ["nonsense", "mysql://user:hunter2@x/y", "sqlite://", "hunter2"])
def test_a_database_that_is_none_is_refused_without_its_password(tmp_path: Path, database: str) -> None:
    with pytest.raises(BadInput) as refused:
        build(Settings(data=tmp_path, database=database, detector=False), state_root=tmp_path)
    assert "hunter2" not in refused.value.line()


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput) as refused:
        build(Settings(data=tmp_path / "file" / "data", detector=False), state_root=tmp_path)
    assert "file" in refused.value.where
