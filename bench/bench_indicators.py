"""Indicators beside a DuckDB semi join: events per CPU second on the same table, hits, bytes an indicator, build time.

`python bench/bench_indicators.py [--events N] [--large N]`. Events have four columns (address, name, SHA-256, URL) of
about 50,000 distinct values each, a name is looked up with all its parents, 0.05 % are planted. Both start from the
same Arrow table with dictionary columns, as a stored segment gives it, on one thread and in one run; DuckDB holds the
indicators as a table and tests the distinct values, which is the quickest of its ways.
"""

import argparse
import random
import resource
import sys
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import duckdb
import pyarrow as pa

from muster.detect.indicators import csv_list, index
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.seeking import Feed, Watched, seek

DISTINCT = 50_000
PLANTED = 500
COLUMNS = {"DestinationIp": Kind.IP, "QueryName": Kind.DOMAIN, "sha256": Kind.SHA256, "Url": Kind.URL}


def indicators(count: int) -> Iterator[Indicator]:
    """A quarter of each kind, in their normal form. The same each time."""
    for number in range(count // 4):
        yield Indicator(
            Kind.IP, f"{1 + number // 2**24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        )
        yield Indicator(Kind.DOMAIN, f"bad{number}.evil.example")
        yield Indicator(Kind.SHA256, f"{number * 0x9E3779B97F4A7C15 % 2**256:064x}")
        yield Indicator(Kind.URL, f"http://h{number}.bad.example/gate/{number}.php")


def harmless(kind: Kind, number: int) -> str:
    match kind:
        case Kind.IP:
            return f"200.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        case Kind.DOMAIN:
            return f"www.host{number}.good.example"
        case Kind.SHA256:
            return f"{number:064x}".replace("0", "f")
        case _:
            return f"https://www{number % 900}.good.example/page/{number}?q={number}"


def events(count: int, held: list[Indicator]) -> Any:
    """A table of events, four dictionary columns, some of their distinct values planted."""
    drawn = random.Random(7)
    columns: list[Any] = []
    for kind in COLUMNS.values():
        values = [harmless(kind, number) for number in range(DISTINCT)]
        mine = [one.value for one in held if one.kind is kind]
        planted = drawn.sample(mine, DISTINCT * PLANTED // 1_000_000)
        planted = [f"a.{one}" if kind is Kind.DOMAIN else one for one in planted]
        codes = drawn.choices(range(DISTINCT), k=count)
        for place, value in zip(drawn.sample(range(DISTINCT), len(planted)), planted, strict=True):
            values[place] = value
        columns.append(pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(values)))
    return pa.table(columns, names=list(COLUMNS))


def timed(work: Callable[[], Any], passes: int = 3) -> tuple[float, Any]:
    """The least CPU seconds of some passes, and what the work gave."""
    least, gave = float("inf"), None
    for _ in range(passes):
        started = process_time()
        gave = work()
        least = min(least, process_time() - started)
    return least, gave


def ours(watched: Watched, table: Any) -> set[tuple[str, int]]:
    (batch,) = table.combine_chunks().to_batches()
    sought = seek(watched, batch, 1_800_000_000)
    return {(field, row) for one in sought.found for field in one.fields for row in one.rows}


def joined(connection: Any, table: Any) -> set[tuple[str, int]]:
    """The same question to DuckDB: semi joins of each column, of names with their parents."""
    connection.register("events", table)
    found: set[tuple[str, int]] = set()
    for field in COLUMNS:
        keys = "SELECT DISTINCT e AS v, e AS value FROM seen"
        if field in ("QueryName", "Url"):
            name = "e" if field == "QueryName" else "split_part(split_part(e, '://', 2), '/', 1)"
            parents = (
                f"SELECT v, array_to_string(labels[n:], '.') AS value FROM (SELECT e AS v, string_split({name}, '.')"
                " AS labels FROM seen), range(1, 6) AS r(n) WHERE n < len(labels)"
            )
            keys = parents if field == "QueryName" else f"{keys} UNION ALL {parents}"
        query = (
            f'WITH numbered AS (SELECT "{field}"::VARCHAR AS e, row_number() OVER () - 1 AS row FROM events),'
            " seen AS (SELECT DISTINCT e FROM numbered),"
            f" keys AS ({keys}), hit AS (SELECT DISTINCT v FROM keys SEMI JOIN held ON keys.value = held.value)"
            " SELECT row FROM numbered SEMI JOIN hit ON numbered.e = hit.v"
        )
        found |= {(field, row) for (row,) in connection.execute(query).fetchall()}
    return found


def measure(count: int, rows: int) -> bool:
    """Prints the figures for one number of indicators; false where hits differ."""
    started = process_time()
    made = index.build(indicators(count))
    built = process_time() - started
    held = [made.indicator(row) for row in range(0, len(made), max(1, len(made) // 4_000))]
    table = events(rows, held)
    watched = Watched((Feed("bench", made),))
    mine, found = timed(lambda: ours(watched, table))
    with duckdb.connect(config={"threads": 1, "memory_limit": "3GB"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("CREATE TABLE held (value VARCHAR)")
        for first in range(0, len(made), 500_000):
            values = [made.value(row) for row in range(first, min(first + 500_000, len(made)))]
            connection.register("more", pa.table({"value": values}))
            connection.execute("INSERT INTO held SELECT value FROM more")
            connection.unregister("more")
        theirs, expected = timed(lambda: joined(connection, table), 2)
    print(
        f"{count:,} indicators, {rows:,} events: {rows / mine / 1e6:.2f} M events a CPU second,"
        f" DuckDB {rows / theirs / 1e6:.2f} M: {theirs / mine:.1f} times as fast; {len(found):,} hits,"
        f" {'the same' if found == expected else f'not those of DuckDB ({len(expected):,})'};"
        f" probed {made.hashes.nbytes / len(made):.0f} bytes an indicator, beside it"
        f" {(made.facts.nbytes + len(made.text)) / len(made):.0f} to confirm; built in {built:.1f} s of CPU"
    )
    return found == expected and bool(found)


def reading(rows: int) -> None:
    """Prints how fast a list is read."""
    data = b"value,kind\n" + b"".join(f"{one.value},\n".encode() for one in indicators(rows))
    taken, count = timed(lambda: sum(1 for _ in csv_list.read(data)), 1)
    print(f"reading CSV, kinds guessed: {count / taken / 1e3:.0f} thousand rows a CPU second")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=1_000_000)
    arguments.add_argument("--large", type=int, default=10_000_000)
    told = arguments.parse_args()
    reading(100_000)
    right = measure(1_000_000, told.events)
    right = measure(told.large, told.events) and right
    print(
        f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB at most, DuckDB's copy among it"
    )
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
