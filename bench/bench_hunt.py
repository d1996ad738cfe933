"""How fast stored events are hunted through, beside a loop that parses JSON, and beside pySigma's SQLite backend.

`python bench/bench_hunt.py [--times N]`; needs the shared corpora, and for SQL what `make bench` adds. All
public Windows rules and one new keyword rule; each set of events `--times` over, shuffled anew each time, as batches
of 5,000, merged by hour of arrival. CPU time of one process, everything in one run. Memory is of the hunt alone, which
is a process of its own.
"""

import argparse
import gzip
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

from bench_detect import SETS, parse, rule_files

from muster.app.hunting import Hunt
from muster.detect import ruleset
from muster.detect.columns import Events
from muster.detect.document import split
from muster.detect.events import read_lines
from muster.detect.packing import Arrived, pack
from muster.detect.pipeline import Pipeline
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.ruleset import EVERYTHING, Ruleset
from muster.store.archive import Archive
from muster.store.hunt_state import HuntState

BATCH = 5_000
NEW = b"title: New\nlogsource: {product: windows}\ndetection: {keywords: [lsadump, 'sekurlsa::'], condition: keywords}\n"


def lines_of(corpora: Path, name: str) -> list[bytes]:
    with gzip.open(corpora / "events" / f"{name}.jsonl.gz") as stream:
        return [line for line in split(stream.read()) if isinstance(line, bytes)]


def fill(archive: Archive, lines: Sequence[bytes], times: int) -> float:
    """Stores the events; CPU seconds of reading and storing them."""
    draw = random.Random(7)
    started = process_time()
    for at in range(times):
        some = list(lines)
        draw.shuffle(some)
        for start in range(0, len(some), BATCH):
            reading = read_lines(some[start : start + BATCH], EVERYTHING)
            assert isinstance(reading.batch, Events)
            arrived = f"20261124T{at // 10 % 24:02}{start // BATCH % 60:02}00.{at:06}Z"
            batch = Arrived("real", arrived, f"{at:032x}{start:032x}", reading.lines)
            archive.put(pack(reading.batch, reading.positions, batch))
    while archive.merge("20261125T00"):
        pass
    return process_time() - started


def compiled(corpora: Path) -> Ruleset:
    return ruleset.compile({**rule_files(corpora), "new.yml": NEW}, DEFAULT)


def hunt(corpora: Path, place: str) -> None:
    """The hunt alone: prints CPU seconds, hits without the new rule's, and peak memory in MB."""
    rules = compiled(corpora)
    with tempfile.TemporaryDirectory() as folder:
        run = Hunt(Archive(place), rules, HuntState(Path(folder) / "state"))
        started = process_time()
        found = list(run.run())
        spent = process_time() - started
    hits = sum(len(one["events"]) for one in found if one["rule"] != "new.yml")
    status = Path("/proc/self/status").read_text()  # getrusage tells the peak of the parent, too
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(spent, hits, sum(len(one["events"]) for one in found) - hits, peak)


def sql(corpora: Path, lines: Sequence[bytes]) -> str:
    """The same rules as SQL over one table with an index on (Channel, EventID)."""
    from sigma.backends.sqlite import sqliteBackend
    from sigma.collection import SigmaCollection
    from sigma.exceptions import SigmaError

    backend: Any = sqliteBackend(processing_pipeline=Pipeline(DEFAULT).steps)
    queries: list[str] = []
    refused = 0
    for text in rule_files(corpora).values():
        try:
            queries += backend.convert(SigmaCollection.from_yaml(text.decode()))
        except (SigmaError, NotImplementedError):
            refused += 1
    reading = read_lines(lines, EVERYTHING)
    assert isinstance(reading.batch, Events)
    wanted = {name.lower(): name for name in compiled(corpora).needs.fields}
    names = list(islice(wanted.values(), 1_900))
    database = sqlite3.connect(":memory:")
    database.create_function("regexp", 2, _regexp, deterministic=True)
    quoted = [f'"{name}" TEXT COLLATE NOCASE' for name in names]
    database.execute(f"CREATE TABLE logs ({', '.join(quoted)})")
    rows: list[list[str | None]] = [[None] * len(names) for _ in lines]
    for at, name in enumerate(names):
        cells = reading.batch.fields.get(name)
        for row, value in zip(cells.rows, cells.values, strict=True) if cells else ():
            rows[row][at] = value
    database.executemany(f"INSERT INTO logs VALUES ({', '.join('?' * len(names))})", rows)
    database.execute("CREATE INDEX kinds ON logs (Channel, EventID)")
    database.execute("ANALYZE")
    hits = failed = 0
    started = process_time()
    for query in queries:
        try:
            counted = query.replace("SELECT *", "SELECT count(*)", 1)
            hits += database.execute(counted).fetchone()[0]
        except sqlite3.Error:
            failed += 1
    spent = process_time() - started
    return (
        f"pySigma's SQLite backend with an index on (Channel, EventID): {len(lines) / spent:,.0f} events per CPU second,"
        f" {parse(lines) / spent:.3f} of the parse loop, {hits:,} hits; {refused} rules not expressible, {failed} failed"
    )


def _regexp(pattern: str, value: str | None) -> bool:
    import re

    return value is not None and re.search(pattern, value, re.DOTALL) is not None


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--hunt")
    given = arguments.parse_args()
    corpora = Path(os.environ.get("MUSTER_CORPORA") or Path(__file__).resolve().parent.parent / "corpora")
    if not corpora.is_dir():
        print("hunt: no corpora; set MUSTER_CORPORA to their folder.")
        return 0
    if given.hunt:
        hunt(corpora, given.hunt)
        return 0
    right = True
    for name, expected in SETS.items():
        lines = lines_of(corpora, name)
        with tempfile.TemporaryDirectory() as folder:
            stored = fill(Archive(folder), lines, given.times)
            size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
            alone = sorted(parse(lines) for _ in range(5))[2]
            told = subprocess.run(
                [sys.executable, __file__, "--hunt", folder], capture_output=True, text=True, check=True
            ).stdout
        spent, hits, new, peak = map(float, told.split())
        events = len(lines) * given.times
        right = right and hits == expected * given.times
        print(
            f"{name}, {given.times} times: hunted at {alone * given.times / spent:.3f} of the parse loop"
            f" ({events / spent:,.0f} events per CPU second), {hits:,.0f} hits and {new:,.0f} of a new keyword rule,"
            f" {peak:.0f} MB; storing cost {stored / (alone * given.times):.1f} parse loops,"
            f" {size / events:.0f} bytes an event"
        )
        if find_spec("sigma.backends") and find_spec("sigma.backends.sqlite"):
            print(f"{name}: {sql(corpora, lines)}")
    if not right:
        print("The hits are not those of the reference.", file=sys.stderr)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
