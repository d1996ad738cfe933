"""How fast rules are matched: events per CPU second beside a loop that only parses JSON, start-up, latency, memory.

`python bench/bench_detect.py [--passes N]`; needs the shared corpora. CPU time of one process, everything in one run,
so that ratios may be compared between machines and days; the machine's own speed and load cancel out, mostly.
"""

import argparse
import gzip
import os
import re
import resource
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import process_time

import orjson

from muster.detect.document import split
from muster.detect.events import read_lines
from muster.detect.matching import match
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.ruleset import Ruleset
from muster.store.ruleset_cache import RulesetCache

MAIN = ("rules/", "rules-emerging-threats/", "rules-threat-hunting/")
SETS = {"windows-20k": 3_527, "adversarial-20k": 9_513}
"""Events, mixed and all distinct, and the hits that the reference has on them."""
WINDOWS = re.compile(rb"^\s+product:\s*['\"]?windows", re.MULTILINE)
BATCH, SMALL = 5_000, 1_000


def rule_files(corpora: Path) -> dict[str, bytes]:
    """The public Windows rules, path -> YAML."""
    with tarfile.open(corpora / "sigma" / "rules.tar.gz") as packed:
        members = [one for one in packed if one.isfile() and one.name.startswith(MAIN)]
        files = {one.name: content.read() for one in members if (content := packed.extractfile(one))}
    return {path: text for path, text in files.items() if WINDOWS.search(text)}


def parse(lines: Sequence[bytes]) -> float:
    started = process_time()
    for line in lines:
        orjson.loads(line)
    return process_time() - started


def detect(rules: Ruleset, lines: Sequence[bytes], size: int) -> tuple[float, float, int, list[float]]:
    """CPU seconds of reading and of matching, hits, and CPU seconds of each batch."""
    reading = matching = 0.0
    hits = 0
    batches: list[float] = []
    for start in range(0, len(lines), size):
        started = process_time()
        piece = read_lines(lines[start : start + size], rules.needs, start)
        read = process_time()
        hits += sum(len(hit.rows) for hit in match(rules, piece.batch))
        ended = process_time()
        reading += read - started
        matching += ended - read
        batches.append(ended - started)
    return reading, matching, hits, batches


def measure(rules: Ruleset, name: str, lines: Sequence[bytes], passes: int) -> bool:
    """Prints the figures of one set of events; false when the hits are not those of the reference."""
    ratios: list[float] = []
    parts: list[tuple[float, float]] = []
    found = 0
    detect(rules, lines[:BATCH], BATCH)
    for _ in range(passes):
        alone = parse(lines)
        reading, matching, found, _ = detect(rules, lines, BATCH)
        ratios.append(alone / (reading + matching))
        parts.append((reading / alone, matching / alone))
    small = detect(rules, lines, SMALL)[3]
    each = [median(part[at] for part in parts) for at in (0, 1)]
    print(
        f"{name}: {median(ratios):.3f} of the parse loop"
        f" (reading costs {each[0]:.1f} and matching {each[1]:.1f} times what parsing does);"
        f" a batch of {SMALL:,} takes {quantiles(small, n=100)[98] * 1000:.0f} ms of CPU at p99; {found:,} hits"
    )
    return found == SETS[name]


def starts(files: dict[str, bytes]) -> Ruleset:
    """Prints what compiling costs: all rules, none of them again, one that changed."""
    with TemporaryDirectory() as folder:
        cache = RulesetCache(Path(folder))
        path = next(iter(files))
        changed = {**files, path: files[path].replace(b"title:", b"title: Changed", 1)}
        took: list[float] = []
        for some in (files, files, changed):
            started = process_time()
            rules = cache.ruleset(some, DEFAULT)
            took.append(process_time() - started)
            del rules
        cold, warm, one = took
        rules = cache.ruleset(files, DEFAULT)
    print(
        f"start, in seconds of CPU: {cold:.1f} cold, {warm:.2f} warm, {one:.2f} with one rule changed;"
        f" {len(rules.loaded):,} rules"
    )
    return rules


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--passes", type=int, default=3)
    passes: int = arguments.parse_args().passes
    corpora = Path(os.environ.get("MUSTER_CORPORA") or Path(__file__).resolve().parent.parent / "corpora")
    if not corpora.is_dir():
        print("detect: no corpora; set MUSTER_CORPORA to their folder.")
        return 0
    files = rule_files(corpora)
    rules = starts(files)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right = True
    for name in SETS:
        with gzip.open(corpora / "events" / f"{name}.jsonl.gz") as stream:
            lines = split(stream.read())
        right = measure(rules, name, lines, passes) and right
        del lines
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"memory: {before:.0f} MB with the rules, {peak:.0f} MB at most, all events of a set (40 MB) among it"
    )
    if not right:
        print("The hits are not those of the reference.", file=sys.stderr)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
