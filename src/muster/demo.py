"""`muster demo`: the whole loop as a drill of an online shop, played by everybody of its plan, over HTTP, in the real system."""

import contextlib
import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click

from muster.client import Problem, ServerAway
from muster.demo_night import LEADS, Night, NotQuiet, start_of
from muster.demo_player import NoSignal, NotRefused
from muster.demo_server import own_server, plan_of_shop
from muster.demo_town import Town, settle
from muster.rehearse.shop import review_of, second_run_of, story_of

SHOP = Path(__file__).parent / "rehearse" / "shop"
LESSON = SHOP / "lesson" / "sign_in_to_console_from_outside.yml"


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
    "--rules",
    type=click.Path(path_type=Path, exists=True),
    default=None,
    help="Other Sigma rules in its plan.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Name incident, drills and report as one JSON document."
)
def demo(
    port: int | None,
    data: Path | None,
    headless: bool,
    seed: int,
    rules: Path | None,
    as_json: bool,
) -> int:
    """The whole loop as a drill: an attack, people in their roles, a legal clock, a lesson that changes the plan.

    It ends with the path of the after-action report. Nothing leaves: everything happens in the lane of the drill.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="muster-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty. Give a new directory with --data.")
    began = time.monotonic()
    today = datetime.now(UTC).date()
    plan = plan_of_shop(folder, today, rules)
    try:
        with own_server(folder, plan, port or 0) as (address, first_link):
            say(f"Server: {address}. The plan of the shop lies in {plan}.")
            town = settle(address, first_link)
            try:
                told = _play(folder, town, seed, today)
            except NoSignal as error:
                click.echo(
                    f"No signal came of {error}: no rule found it, and the attack went on unseen.", err=True
                )
                return 1
            say(
                f"Done in {time.monotonic() - began:.0f} s. Anybody can verify the record: muster verify {folder}"
            )
            if not headless:
                say(f"Look around: {address}{town.visitor_link} (once; choose a password, and you are in).")
                say(
                    f"Then open {address}/drills/{told['drill']} and take part: it has ended, and is all there."
                )
                say("Ctrl-C ends the server.")
            click.echo(json.dumps(told) if as_json else told["report"])
            if not headless:
                with contextlib.suppress(KeyboardInterrupt):
                    _stay()
            return 0
    except NotRefused as error:
        click.echo(f"muster: the guard let `{error}` pass; the demo says that it must not.", err=True)
        return 1
    except (Problem, ServerAway, NotQuiet) as error:
        click.echo(f"muster: {error}", err=True)
        return 1


def _play(folder: Path, town: Town, seed: int, today: date) -> dict[str, str]:
    """The night, its review with what the drill found, and a second drill that tests what was changed."""
    start = start_of(today)
    say(f"First drill, seed {seed}: one night of the customer portal.")
    night = Night(town, seed, start, say)
    night.begin("A night in which the portal is broken into")
    night.play(story_of(seed, start))
    hole = night.hole()
    say(f"The review looks for holes. {hole or 'Every log source is read by a rule.'}")
    night.play(review_of(seed, start, hole, LESSON.read_text("utf-8")))
    incident = night.player.made_by_name("incident")
    report = folder / f"after-action-{incident}.html"
    report.write_bytes(town.clients[LEADS].download(f"/api/v1/incidents/{incident}/report"))
    night.end()
    second = ""
    if hole is not None:
        say("Second drill: does the changed line hold?")
        again = Night(town, seed + 1, start, say, answers=night.player.answers)
        second = again.begin("The same attack after the change of the plan")
        again.play(second_run_of(seed + 1, start, again.drill, night.changed_lines()))
        again.end()
    told = {"incident": incident, "drill": night.drill, "second_drill": second, "report": str(report)}
    changed = "the plan has changed and the change is tested" if second else "the plan needed no change"
    say(f"{incident} is closed; {changed}; the report is written.")
    return told


def say(line: str) -> None:
    """One line of what happens, on standard error."""
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}", err=True)


def _stay() -> None:
    import signal

    signal.pause()
