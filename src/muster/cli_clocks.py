"""`muster clocks`: which obligation clocks run by a file of facts, due by when, under which law; no server needed."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muster.core.errors import BadInput
from muster.core.text import shown

if TYPE_CHECKING:
    from muster.disclose.clock import Clock
    from muster.disclose.pack import Pack

_PLACE = click.Path(path_type=Path)
_WORDS = {
    "scope-not-declared": "scope not declared",
    "not-applicable": "not applicable",
    "needs-facts": "needs facts",
    "not-started": "not started",
    "delayed": "held back",
    "satisfied": "filed",
    "satisfied-late": "filed late",
}


@click.command()
@click.option("--facts", "facts", type=_PLACE, required=True, metavar="FILE",
              help="What is known, in YAML: scope, facts, anchors, filed, ... (docs/clocks.md).")  # fmt: skip
@click.option("--pack", "pack", type=_PLACE, metavar="FILE",
              help="An obligation in YAML, a folder of them, or a plan. Default: those of the example plan.")  # fmt: skip
@click.option("--now", "now", metavar="TIME", help="As of this time, like 2026-11-24T02:10Z. Default: now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def clocks(facts: Path, pack: Path | None, now: str | None, as_json: bool) -> int:
    """Which obligations run by these facts: where each stands, due by when in UTC, under which law, and what it waits for.

    Alarms take the earlier of two ends; the legal outer bound is shown beside it. What nobody has answered is open, never
    a "no". This is no legal advice. Exit 0: nothing is overdue. Exit 1: something is. Exit 2: nothing readable.
    """
    from muster.cli_facts import read_facts_file
    from muster.core.time import parse_stated
    from muster.disclose.clock import ClockState
    from muster.disclose.facts_file import evaluate, unused

    at = datetime.now(UTC) if now is None else parse_stated(now, "--now").at
    rows = _pack(pack)
    given = read_facts_file(facts, rows.obligations, rows.questions)
    found = evaluate(rows.obligations, given, at)
    strange = unused(given, rows.obligations, at)
    overdue = sum(clock.state is ClockState.OVERDUE for clock in found)
    if as_json:
        click.echo(json.dumps(_document(found, strange, rows, at)))
    else:
        for clock in found:
            click.echo("\n".join(shown(line) for line in _lines(clock, rows, at)))
        click.echo(f"{len(found)} clocks, {overdue} overdue.")
    for line in strange:
        click.echo(shown(f"muster: {facts}: {line}"), err=True)
    return 1 if overdue else 0


def _pack(place: Path | None) -> "Pack":
    """The obligations of a file, a folder or a plan, with the questions that lie beside them. Raises BadInput."""
    from muster.cli_files import example, plan_files, read_named
    from muster.disclose.pack import QUESTIONS, read_pack

    if place is None or place.is_dir():
        files = example() if place is None else plan_files(place)
        inside = {path: data for path, data in files.items() if path.startswith("obligations/")}
        chosen = inside or {path: data for path, data in files.items() if "/" not in path}
        chosen = {path: data for path, data in chosen.items() if path.endswith((".yaml", ".yml"))}
        if QUESTIONS in files:
            chosen[QUESTIONS] = files[QUESTIONS]
        pack = read_pack(chosen)
    else:
        pack = read_pack({str(place): read_named(place)})
    if not pack.obligations:
        raise BadInput(
            "There is no obligation here.", shown(str(place)), "Give a file like those of `muster init`."
        )
    return pack


def _document(
    found: tuple["Clock", ...], strange: tuple[str, ...], pack: "Pack", now: datetime
) -> Mapping[str, Any]:
    from muster.core.time import stored
    from muster.disclose.clock import ClockState, next_due

    coming = next_due(found)
    return {
        "now": stored(now),
        "overdue": [clock.key for clock in found if clock.state is ClockState.OVERDUE],
        "next": None if coming is None else coming.key,
        "clocks": [_row(clock, pack) for clock in found],
        "unused": list(strange),
    }


def _row(clock: "Clock", pack: "Pack") -> Mapping[str, Any]:
    obligation, stage = clock.obligation, clock.stage
    return {
        "clock": clock.key,
        "obligation": clock.name,
        "stage": clock.stage_name,
        "title": obligation.title,
        "jurisdiction": obligation.jurisdiction,
        "instrument": obligation.instrument,
        "provision": obligation.provision,
        "source": obligation.source.locator,
        "verified_on": obligation.source.verified_on.isoformat(),
        "next_review": obligation.source.next_review.isoformat(),
        "state": clock.state.value,
        "why": clock.why,
        "due": _time(clock.operational_due),
        "legal_due": _time(clock.legal_due),
        "steps": list(clock.deadline.steps) if clock.deadline else [],
        "starts_with": stage.anchor.value,
        "starts_when": stage.anchor_means,
        "after": stage.after,
        "needs": [{"fact": fact, "question": _question(fact, pack)} for fact in clock.needs],
        "gaps": [{"content": name, "what": stage.content[name].what} for name in clock.gaps],
        "recipients": list(stage.recipients),
        "filed": _time(clock.filed.at.at if clock.filed else None),
        "earlier": [{"due": _time(one.operational), "legal_due": _time(one.legal)} for one in clock.earlier],
        "warning": clock.warning,
    }


def _time(at: datetime | None) -> str | None:
    from muster.core.time import stored

    return None if at is None else stored(at)


def _question(fact: str, pack: "Pack") -> str | None:
    asked = pack.questions.get(fact)
    return None if asked is None else asked.question


def _lines(clock: "Clock", pack: "Pack", now: datetime) -> Iterator[str]:
    """A clock for people: state, due, name and law in one line; below it why, and what it waits for."""
    state = clock.state.value
    yield f"{_WORDS.get(state, state):<18}  {_due(clock, now):<30}  {clock.key}  ({_law(clock)})"
    if state != "running" or clock.operational_due is None:
        yield f"    {clock.why}"
    if not clock.open:
        return
    for fact in clock.needs:
        yield f"    waits for {fact}: {_question(fact, pack) or 'nobody has answered it'}"
    yield f"    starts with {clock.stage.anchor}: {clock.stage.anchor_means}"
    if clock.legal_due is not None:
        yield f"    legal outer bound {_minute(clock.legal_due)}: {' '.join(clock.deadline.steps if clock.deadline else ())}"
    if clock.gaps:
        yield f"    to be said, and not answered yet: {', '.join(clock.gaps)}"
    if clock.warning:
        yield f"    warning: {clock.warning}"


def _law(clock: "Clock") -> str:
    return f"{clock.obligation.instrument}, {clock.obligation.provision}"


def _due(clock: "Clock", now: datetime) -> str:
    if clock.operational_due is None:
        return "-"
    passed = clock.open and now > clock.operational_due
    return f"due {_minute(clock.operational_due)}{', passed' if passed else ''}"


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
