"""The rules are pure: another process, with other hash seeds, decides every command of a story again, byte for byte."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from muster.app.registry import RULES
from tests.app.company import company
from tests.replay.acts import play
from tests.replay.story import Story
from tests.replay.written import Reader, Writer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A story with every verb: its commands, one a line, and the file of its record."""
    folder = tmp_path_factory.mktemp("replay")
    writer = Writer()
    made = company(folder, approved=False, watch=writer.write)
    play(Story(made))
    made.stage.close()
    (file,) = (folder / "data").glob("*.sqlite")
    return writer.save(folder), file


def replayed(played: tuple[Path, Path], hash_seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.replay.again", *map(str, played)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Kiritimati"},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_decided_again_elsewhere_everything_is_the_same(played: tuple[Path, Path], hash_seed: str) -> None:
    found = replayed(played, hash_seed)
    assert found["differences"] == []
    assert found["verbs"] == sorted(verb.value for verb in RULES)
    assert found["commands"] == len(played[0].read_text().splitlines())
    assert found["erased"] == 1
    assert found["bodies"] == found["headers"] - 1 > 300


def test_each_half_of_a_plan_is_written_once(played: tuple[Path, Path]) -> None:
    """Two versions were in force; what a lesson changed is in one half of the second."""
    plans = json.loads(played[0].with_name("plans.json").read_text())
    assert sorted(text.partition(" ")[0] for text in plans.values()) == ["InForce", "Pinned", "Pinned"]


def test_a_changed_command_is_noticed(played: tuple[Path, Path], tmp_path: Path) -> None:
    text = played[0].read_text()
    assert "Looked at the disk" in text
    (tmp_path / "plans.json").write_bytes(played[0].with_name("plans.json").read_bytes())
    changed = tmp_path / "changed.jsonl"
    changed.write_text(text.replace("Looked at the disk", "Looked at a disk"))
    (difference,) = replayed((changed, played[1]), "1")["differences"]
    assert difference.startswith("log: body of INC-")


def test_a_command_is_read_back_as_it_was_written(played: tuple[Path, Path]) -> None:
    reader = Reader.beside(played[0])
    for line in played[0].read_text().splitlines():
        asked = reader.read(line)
        tree = json.loads(line)
        assert asked.command.model_dump(mode="json") == tree["command"]
        assert asked.context.seed.hex() == tree["seed"]
        assert asked.context.actor.account == tree["actor"]["account"]
