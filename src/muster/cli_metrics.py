"""`muster metrics`: times of the record from a running server, with n, reality and each drill in a table of its own."""

import json
from collections.abc import Iterator
from typing import Any

import click

from muster.core.text import shown

ENOUGH_FOR_A_PERCENTILE = 10


@click.command()
@click.option(
    "--since", "since", metavar="DATE", help="Incidents declared since then, like 2026-11-01 (UTC)."
)
@click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document; times in seconds.")
def metrics(since: str | None, server: str, as_json: bool) -> int:
    """Times of incidents: median and range, with n and with both ends named. What is not known is not counted as zero.

    Reality and each drill have a table of their own; a drill never changes the figures of reality. A severity is shown
    where enough is known. Only incidents that you may see are counted.
    """
    from muster import cli_verbs

    def work() -> int:
        with cli_verbs.client_of(server) as client:
            found = client.get("metrics", **({"since": since} if since else {}))
        if as_json:
            click.echo(json.dumps(found))
        else:
            click.echo("\n".join(shown(line) for line in _lines(found)))
        if found["left_out"]:
            click.echo(
                f"muster: {found['left_out']} older incidents are left out. Ask --since a date.", err=True
            )
        return 0

    return cli_verbs.answered(work)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for measured in found["lanes"]:
        yield from _table(measured)
        yield ""
    yield f"Lessons: {found['lessons']}"
    for share in found["lesson_shares"]:
        yield _share(share)


def _table(measured: dict[str, Any]) -> Iterator[str]:
    of = str(measured["lane"])
    name = {"real": "Reality"}.get(of, f"Drill {of.removeprefix('drill:')}")
    n, down = measured["incidents"], measured["stood_down"]
    yield f"{name}: {n} incident{'' if n == 1 else 's'}{f', and {down} stood down' if down else ''}"
    if n:
        yield from _rows(measured["times"])
        for severity, times in measured["by_severity"].items():
            yield f"{name}, {severity}"
            yield from _rows(times)
        for share in measured["shares"]:
            yield _share(share)
    yield from _false_alarms(measured, name)


def _false_alarms(measured: dict[str, Any], name: str) -> Iterator[str]:
    if measured["false_alarms"]:
        yield f"{name}, false alarms by rule"
    for share in measured["false_alarms"]:
        yield _share(share)


def _rows(times: list[dict[str, Any]]) -> Iterator[str]:
    rows = [["time", "n known", "median", "range", "from, to"], *(_row(one) for one in times)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(one: dict[str, Any]) -> list[str]:
    n, ends = f"{one['n']} of {one['of']}", f"{one['start']}, {one['end']}"
    if one["n"] == 0:
        return [one["name"], n, "unknown", "-", ends]
    between = f"{lasting(one['shortest'])} to {lasting(one['longest'])}"
    if one["n"] >= ENOUGH_FOR_A_PERCENTILE:
        between += f", 90 % within {lasting(one['p90'])}"
    return [one["name"], n, lasting(one["median"]), between if one["n"] > 1 else "-", ends]


def _share(share: dict[str, Any]) -> str:
    undecided = f", {share['unknown']} not decided yet" if share["unknown"] else ""
    return f"  {share['name']}: {share['kept']} of {share['n']}{undecided}"


def lasting(seconds: int) -> str:
    """A time in words, in its two largest units: `2 h 5 min`; one before its start has a minus."""
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    parts: list[str] = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return f"{sign}{' '.join(parts[:2])}" if parts else "0 s"
