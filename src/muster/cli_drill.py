"""`muster drill list | run NAME | report ID`: which drills there are and are due, playing one, and its after-action report."""

import json
from pathlib import Path
from typing import Any

import click

from muster.client import Client, Problem
from muster.core.errors import BadInput
from muster.core.text import shown

# Scenarios that can be played by script, as the plan's drills name them; each is the demo's so far.
SCENARIOS = ("portal-break-in",)
_SERVER = click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


@click.group()
def drill() -> None:
    """Drills: which are planned and held, playing one by script, and the after-action report of one."""


@drill.command("list")
@_SERVER
@_JSON
def list_drills(server: str, as_json: bool) -> int:
    """List the drills of the plan, with when each was last held and is due next, and the drills of this server."""
    from muster import cli_verbs

    def work() -> int:
        with cli_verbs.client_of(server) as client:
            planned, held = client.get("planned-drills"), client.get("drills")
        if as_json:
            click.echo(json.dumps({"planned": planned, "drills": held}))
            return 0
        for one in planned:
            late = ", overdue" if one["overdue"] else ""
            last = one["last_held"] or "never"
            click.echo(
                shown(
                    f"{one['scenario']}: {one['title']}; last held {last}, next due {one['next_due']}{late}"
                )
            )
        for one in held:
            state = "ended" if one["ended"] else "running" if one["runs"] else "paused"
            click.echo(shown(f"{one['drill']}: {one['exercise']}; {state}, its time {one['now'][:19]}Z"))
        if not planned and not held:
            click.echo("None.", err=True)
        return 0

    return cli_verbs.answered(work)


@drill.command("run")
@click.argument("name")
@click.option("--headless", is_flag=True, help="End when the report is written.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="Another night.")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Empty directory for its data.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port of its server.")
@_JSON
@click.pass_context
def run(context: click.Context, name: str, **options: Any) -> int:
    """Play a scenario by script, with the example company, on a server of its own: what `muster demo` does."""
    if name not in SCENARIOS:
        raise BadInput(
            f"No scenario of this name can be played. There is: {', '.join(SCENARIOS)}.",
            "NAME",
            "Rehearse another one with people: start it on the page Drills, or by `muster start-drill`.",
        )
    from muster.demo import demo

    code: int = context.invoke(demo, **options)
    return code


@drill.command("report")
@click.argument("code", metavar="ID")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the reports."
)
@_SERVER
@_JSON
def report(code: str, out: Path, server: str, as_json: bool) -> int:
    """Write the after-action report of each incident of a drill, as HTML files. The token is one of the drill's lane."""
    from muster import cli_verbs

    def work() -> int:
        with cli_verbs.client_of(server) as client:
            lane = _lane(client, code)
            incidents = _incidents(client, lane)
            if not incidents:
                raise BadInput(
                    "With this token no incident of the drill is seen.",
                    code,
                    f"Use a token made for the lane {lane}, by somebody who may see them.",
                )
            out.mkdir(parents=True, exist_ok=True)
            written = [_written(client, incident, out) for incident in incidents]
        click.echo(json.dumps({"reports": written}) if as_json else "\n".join(written))
        return 0

    return cli_verbs.answered(work)


def _lane(client: Client, code: str) -> str:
    """The lane of a drill. Raises BadInput when there is none of this code."""
    try:
        return str(client.get(f"drills/{code}")["lane"])
    except Problem as problem:
        if problem.status != 404:
            raise
        raise BadInput(
            "There is no drill of this code.", code, "`muster drill list` shows those that there are."
        ) from None


def _incidents(client: Client, lane: str) -> list[str]:
    """The incidents of a lane that the token sees, the first declared first."""
    found: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = client.get("incidents", **more)
        found += [str(row["incident"]) for row in page["incidents"] if row["lane"] == lane]
        if not page["next"]:
            return found[::-1]
        more = {"after": str(page["next"])}


def _written(client: Client, incident: str, out: Path) -> str:
    file = out / f"after-action-{incident}.html"
    file.write_bytes(client.download(f"/api/v1/incidents/{incident}/report"))
    return str(file)
