"""What is mapped on a cluster gives the hits of a hunt in process; without Spark it is one clear line."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from muster.app.hunting import Hunt, parts_of
from muster.app.spark_hunting import SparkHunting, Task
from muster.core.errors import BadInput
from muster.detect import ruleset
from muster.detect.hunting import Caught
from muster.detect.ignoring import NOTHING
from muster.detect.pipeline_choice import NONE
from muster.detect.segment import Segment
from muster.store.archive import Archive
from muster.store.hunt_state import HuntState
from tests.detect.stored import packed

RULE = b"title: Root\nlogsource: {category: any}\ndetection: {s: {user: root}, condition: s}\n"


def test_row_groups_mapped_in_any_order_and_twice_give_the_same_hits(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    for hour in range(3):
        events = [{"Channel": f"C{at % 2}", "user": "root" if at % 3 else "eve"} for at in range(10)]
        archive.put(packed(events, sha256=f"{hour}b" * 32, arrived=f"20261124T0{hour}1000.000000Z"))
    files = {"root.yml": RULE}
    task = Task(str(tmp_path), tuple(files.items()), NONE, NOTHING)

    def elsewhere(part):
        caught, lines, rows = Caught(), {}, []
        for name in part.segments:
            with archive.open(name) as file:
                rows += [(name.path, at) for at in range(Segment(file).groups)]
        batches = [
            pa.RecordBatch.from_pylist([{"path": path, "at": at}]) for path, at in [*reversed(rows), *rows]
        ]
        for batch in task(iter(batches)):
            for told in batch.column("told").to_pylist():
                found = json.loads(told)
                caught.add(found)
                lines |= found["lines"]
        return caught, lines

    made = ruleset.compile(files, NONE)
    assert len(parts_of(archive.segments())) == 3
    spread = list(Hunt(archive, made, HuntState(tmp_path / "a"), elsewhere=elsewhere).run())
    assert spread == list(Hunt(archive, made, HuntState(tmp_path / "b")).run())
    assert len(spread) == 3


def test_without_spark_it_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(BadInput, match="Spark is not installed here"):
        SparkHunting("spark://127.0.0.1:1", "x", {}, NONE, NOTHING)
