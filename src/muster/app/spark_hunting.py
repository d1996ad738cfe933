"""The same hunt on Spark: row groups are spread over a cluster, each is matched there by the same function.

What is sent is small: the rules, and the paths of segments; every executor reads its own row groups from the store,
which must be the same place for all. A task that is lost with its executor is done again elsewhere; hits are sets, so
a row group that was matched twice counts once.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.app.hunting import Part, arrivals
from muster.core.errors import BadInput, Unavailable
from muster.detect.hunting import Caught, hunt
from muster.detect.ignoring import Ignoring
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.ruleset import Ruleset
from muster.detect.segment import Segment
from muster.detect.segment_name import parse
from muster.store.archive import Archive
from muster.store.ruleset_cache import RulesetCache, cache_root

MOST_TASKS = 256
_pa: Any = pa


@dataclass(frozen=True)
class Task:
    """What an executor needs to know. files: rules as sorted pairs, so that they are compiled once a process."""

    store: str
    files: tuple[tuple[str, bytes], ...]
    choice: PipelineChoice
    ignores: Ignoring

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Rows of path and row group -> the hits of each, as JSON."""
        ruleset = _compiled(self.files, self.choice)
        archive = Archive(self.store)
        for batch in batches:
            told = [json.dumps(self._one(ruleset, archive, **row)) for row in batch.to_pylist()]
            yield _pa.RecordBatch.from_arrays([_pa.array(told, _pa.string())], ["told"])

    def _one(self, ruleset: Ruleset, archive: Archive, path: str, at: int) -> dict[str, Any]:
        name = parse(path)
        assert name is not None
        caught = Caught()
        with archive.open(name) as file:
            segment = Segment(file)
            hunt(ruleset, segment.group(at), arrivals(segment), caught, self.ignores)
            return {**caught.tree(), "lines": dict(segment.batches)}


@lru_cache(maxsize=1)
def _compiled(files: tuple[tuple[str, bytes], ...], choice: PipelineChoice) -> Ruleset:
    return RulesetCache(cache_root()).ruleset(dict(files), choice)


class SparkHunting:
    """A hunt's connection to a cluster. Raises `BadInput` when there is no Spark, or no cluster."""

    def __init__(
        self, master: str, store: str, files: Mapping[str, bytes], choice: PipelineChoice, ignores: Ignoring
    ) -> None:
        try:
            sql = import_module("pyspark.sql")
        except ImportError:
            raise BadInput(
                "Spark is not installed here.", f"--spark {master}", "Install muster-ir[spark], and Java 17."
            ) from None
        place = store if "://" in store else os.path.realpath(store)
        self._task = Task(place, tuple(sorted(files.items())), choice, ignores)
        self._archive = Archive(place)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        try:
            builder = sql.SparkSession.builder.master(master).appName("muster hunt")
            for key, value in _SETTINGS.items():
                builder = builder.config(key, value)
            self._session = builder.getOrCreate()
        except Exception as error:
            raise BadInput(
                f"The cluster does not answer ({type(error).__name__}).",
                f"--spark {master}",
                "Is Java there, and the master?",
            ) from error

    def catch(self, part: Part) -> tuple[Caught, dict[str, int]]:
        """Matches a part on the cluster. Raises Unavailable when Spark gives up."""
        rows: list[tuple[str, int]] = []
        for name in part.segments:
            with self._archive.open(name) as file:
                rows += [(name.path, at) for at in range(Segment(file).groups)]
        frame = self._session.createDataFrame(rows, "path string, at int")
        spread = frame.repartition(max(1, min(len(rows), MOST_TASKS)), "path", "at")
        mapped: Callable[..., Any] = spread.mapInArrow
        caught, lines = Caught(), dict[str, int]()
        try:
            found = mapped(self._task, "told string").collect()
        except Exception as error:
            raise Unavailable(
                f"Spark gave up ({type(error).__name__}).",
                part.name,
                "Look at its log; begin the same hunt again.",
            ) from error
        for row in found:
            told = json.loads(row["told"])
            caught.add(told)
            lines |= told["lines"]
        return caught, lines


_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
    "spark.task.maxFailures": "8",
    "spark.excludeOnFailure.enabled": "false",
}
"""One row group at a time: it is large, and its hits are small."""
