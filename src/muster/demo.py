"""`muster demo`: an online shop's customer portal is attacked; two people answer, over HTTP, in the real system."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click

from muster.client import Client, Problem, ServerAway
from muster.demo_player import NoSignal, Player
from muster.rehearse.shop import story_of, telemetry

RULES = Path(__file__).parent / "rehearse" / "shop" / "rules"
NIGHT_BEFORE = timedelta(minutes=70)
A_BATCH = 500
START_SECONDS = 20.0


@dataclass(frozen=True)
class Town:
    """The people of the demo: a client and an account each, and what a person who looks around may use."""

    clients: Mapping[str, Client]
    accounts: Mapping[str, str]
    telemetry: Client
    visitor_link: str


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Port of its server (default: any free one)."
)
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Empty directory for its data.")
@click.option(
    "--headless", is_flag=True, help="End when the report is written, instead of staying for a look."
)
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="Another night.")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True), default=RULES, help="Other Sigma rules."
)
@click.option("--json", "as_json", is_flag=True, help="Name incident and report as one JSON document.")
def demo(port: int | None, data: Path | None, headless: bool, seed: int, rules: Path, as_json: bool) -> int:  # noqa: FBT001 - click names the arguments
    """An online shop under attack: telemetry in, rules find it, two people answer; ends with the path of a report."""
    folder = data or Path(tempfile.mkdtemp(prefix="muster-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty. Give a new directory with --data.")
    try:
        with _server(folder, port or 0, rules) as (address, first_link):
            return _play(folder, address, first_link, seed, headless=headless, as_json=as_json)
    except (Problem, ServerAway) as error:
        click.echo(f"muster: {error}", err=True)
        return 1


def _play(folder: Path, address: str, first_link: str, seed: int, *, headless: bool, as_json: bool) -> int:
    town = _settle(address, first_link)
    start = datetime.now(UTC) - NIGHT_BEFORE
    _say(f"Server: {address}. Posting one night of telemetry of the customer portal (seed {seed}).")
    posted = _post(town.telemetry, telemetry(seed, start))
    _say(f"{posted} events are safe with the server; the rules are looking at them.")
    story = story_of(seed, start)

    def all_looked_at() -> bool:
        detection = town.clients["duty"].get("status")["detection"]
        return bool(detection) and detection["events_matched"] >= posted and detection["batches_waiting"] == 0

    player = Player(town.clients, town.accounts, _say, all_looked_at)
    try:
        player.play(
            {"who": beat.who, "verb": beat.verb, "fields": beat.fields, "makes": beat.makes}
            for beat in story.beats
        )
    except NoSignal as error:
        click.echo(f"No signal came of {error}. The rules found nothing: the attack went unseen.", err=True)
        return 1
    incident = player.made["incident"]
    report = folder / f"report-{incident}.html"
    page = town.clients["commander"].download(f"/api/v1/incidents/{incident}/report")
    report.write_bytes(page)
    _say(f"{incident} is closed. Its record can be verified by anybody: muster verify {folder}")
    if not headless:
        _say(
            f"Look around: {address}{town.visitor_link} (once; choose a password, then sign in as `visitor`)."
        )
        _say("The server stays until you press Ctrl-C.")
    click.echo(json.dumps({"incident": incident, "report": str(report)}) if as_json else str(report))
    if not headless:
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


def _settle(address: str, first_link: str) -> Town:
    """Makes the administrator, the two people of the story, a program that posts telemetry, and a visitor."""
    admin = Client(address)
    password = secrets.token_urlsafe(18)
    admin.use_link(first_link, password, name="Ida Berg", sign_in="ida")
    admin.sign_in("ida", password)
    clients: dict[str, Client] = {}
    accounts: dict[str, str] = {}
    for person in story_of(1, datetime.now(UTC)).people:
        made = admin.verb("invite", {"name": person.name, "sign_in": person.key, "duties": ["responder"]})
        own = secrets.token_urlsafe(18)
        client = Client(address)
        client.use_link(made["link"], own)
        client.sign_in(person.key, own)
        clients[person.key], accounts[person.key] = client, made["account"]
    token = admin.verb("token", {"name": "telemetry of the portal", "scope": "post-events"})["secret"]
    duties = ["administrator", "responder"]
    visitor = admin.verb("invite", {"name": "Visitor", "sign_in": "visitor", "duties": duties})
    return Town(clients, accounts, Client(address, token), visitor["link"])


def _post(client: Client, events: list[dict[str, str | int]]) -> int:
    total = 0
    for number, start in enumerate(range(0, len(events), A_BATCH)):
        lines = "".join(json.dumps(event) + "\n" for event in events[start : start + A_BATCH])
        total += int(client.events(lines.encode(), f"portal-night-{number}")["events"])
    return total


@contextlib.contextmanager
def _server(folder: Path, port: int, rules: Path) -> Generator[tuple[str, str]]:
    """A server of its own, which ends with the demo."""
    command = [sys.executable, "-m", "muster", "serve", "--json"]
    command += ["--data", str(folder), "--port", str(port), "--rules", str(rules)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    try:
        said = _first_line(process)
        yield said["serving"], said["first_link"]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _first_line(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    out: IO[bytes] | None = process.stdout
    line = b"" if out is None else out.readline()
    if not line:
        process.wait(timeout=START_SECONDS)
        raise ServerAway("The demo's server did not start; its message stands above.")
    found: dict[str, Any] = json.loads(line)
    return found


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}", err=True)
