"""`muster init` writes a plan as a git repository; `muster check` lints one, with file and line."""

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.core.errors import BadInput, Refused
from muster.core.text import shown

if TYPE_CHECKING:
    from muster.detect.indicators.loading import Loaded
    from muster.detect.rulebook.lint import Rulebook
    from muster.plan.blank import Answers, ServiceAnswer
    from muster.plan.finding import Finding

_PLACE = click.Path(path_type=Path)
_NOTHING_ASKED = "Run it in a terminal, or give the answers by --from FILE; docs/plan.md shows one."


@click.command()
@click.argument("place", metavar="DIR", type=_PLACE)
@click.option("--blank", is_flag=True, help="A plan of your own, by questions or --from a file of answers.")
@click.option("--from", "answers", type=_PLACE, metavar="FILE", help="Answers in YAML, for --blank.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def init(place: Path, blank: bool, answers: Path | None, as_json: bool) -> int:
    """Write a plan into a new or empty folder, as a git repository with one commit.

    Without --blank it is the plan of an invented online shop, complete, to read, to change and to rehearse with.
    """
    from muster.cli_files import example, read_file
    from muster.plan.blank import own_plan, read_answers
    from muster.plan.example_dates import moved_to
    from muster.store.plan_checkout import create_repository
    from muster.store.plan_commits import Author

    now = datetime.now(UTC).replace(microsecond=0)
    files = moved_to(example(), now.date())
    message = "Begin with the example plan"
    author = Author("muster init", "init@example.invalid")
    if os.path.lexists(place) and (not place.is_dir() or any(place.iterdir())):
        raise BadInput("The folder is not empty.", str(place), "Give one that is new or empty.")
    if blank or answers:
        given = read_answers(read_file(answers), str(answers)) if answers else _ask()
        files = own_plan(files, given, now.date())
        message = f"Begin the plan of {given.company}"
    try:
        commit = create_repository(place, files, author, now, message)
    except OSError as error:
        reason = (error.strerror or "an error of the disk").lower()
        raise BadInput(
            f"The plan cannot be written: {reason}.", str(place), "Give another folder."
        ) from error
    if as_json:
        click.echo(json.dumps({"place": str(place), "commit": commit, "files": len(files)}))
    else:
        click.echo(shown(f"{place}: {len(files)} files, one commit ({commit[:12]})."))
        click.echo(shown(f"Next: read {place / 'policy.md'}, then `muster check {place}`."))
        click.echo(
            shown(f"Then `muster serve --plan {place}`: approve it on the page Plan, and it is in force.")
        )
    return 0


@click.command()
@click.argument("place", metavar="[DIR]", type=_PLACE, default=Path())
@click.option("--commit", metavar="COMMIT", help="Check this commit instead of the files as they lie there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check(place: Path, commit: str | None, as_json: bool) -> int:
    """Lint a plan: what is missing, wrong, stale or reaches nobody, with file, line and the mend.

    The files are taken as they lie in the folder; of a repository without work tree, and with --commit, from git.
    The rules of the plan are compiled, and the tests beside them run.
    Exit 0: no problem and no hole (notes may stand). Exit 1: some. Exit 2: nothing readable. A problem must be mended
    before the plan is approved; a hole (something missing, stale or untried) need not.
    """
    from muster.cli_files import plan_files
    from muster.detect.indicators.lint import check_indicators, sentence
    from muster.detect.rulebook.lint import check_rules
    from muster.plan.finding import in_order, problems
    from muster.plan.lint import lint
    from muster.plan.load import load
    from muster.plan.versions import tree_hash

    files = plan_files(place, commit)
    if not files:
        raise BadInput("There is no plan here.", str(place), "Make one: `muster init DIR`.")
    loaded = load(files)
    rules = check_rules(files, loaded.plan.in_force if loaded.plan else None)
    lists, left_out = check_indicators(files)
    findings = in_order((*lint(loaded, datetime.now(UTC)), *rules.findings, *left_out))
    bad = problems(findings)
    if as_json:
        click.echo(_document(findings, tree_hash(files), rules, lists))
    else:
        for finding in findings:
            click.echo(finding.sentence())
        if said := rules.sentence():
            click.echo(said)
        if said := sentence(lists):
            click.echo(said)
        click.echo(f"{_approving(findings)} Hash of the files: {tree_hash(files)}")
        click.echo(_verdict(findings, len(files)))
    return 1 if bad else 0


def _document(findings: "tuple[Finding, ...]", plan: str, rules: "Rulebook", lists: "Loaded") -> str:
    from muster.plan.finding import problems

    return json.dumps(
        {
            "ok": not problems(findings),
            "plan": plan,
            "rules": {
                "documents": rules.rules,
                "loaded": rules.loaded,
                "tests": rules.tests,
                "failed": rules.failed,
                "untested": rules.untested,
            },
            "indicators": {"lists": len(lists.lists), "loaded": lists.count, "left_out": lists.left},
            "findings": [finding.model_dump(mode="json") for finding in findings],
        }
    )


def _verdict(findings: "tuple[Finding, ...]", files: int) -> str:
    weights = Counter(finding.weight.value for finding in findings)
    said = [
        f"{count} {name}{'s' if count > 1 else ''}" for name, count in sorted(weights.items(), reverse=True)
    ]
    return f"{files} files: {', '.join(said) or 'nothing to mend'}."


def _approving(findings: "tuple[Finding, ...]") -> str:
    from muster.plan.finding import hindering, problems

    if hindering(findings):
        return "It cannot be approved before its problems are mended."
    if problems(findings):
        return "It can be approved with its holes; mend them in later versions."
    return "It can be approved."


def _ask() -> "Answers":
    """The questions of --blank, in a terminal only."""
    from muster.plan.blank import Answers, PersonAnswer, ServiceAnswer

    if not _in_a_terminal():
        raise BadInput("Nobody can be asked here.", "--blank", _NOTHING_ASKED)
    company = click.prompt("What is your company or team called?", prompt_suffix=" ")
    domains = click.prompt("Which domains are yours? (a, b)", value_proc=_list, prompt_suffix=" ")
    click.echo("Who is in the team? Two people at least; an empty name ends the list.")
    people: list[PersonAnswer] = []
    while (name := _line(f"  Name {len(people) + 1}")) or len(people) < 2:
        if name:
            people.append(
                PersonAnswer(
                    name=name,
                    title=_line("    What do they do?") or "Member of the team",
                    phone=_line("    Phone that works when your systems are down") or None,
                    mail=_line("    Mail") or None,
                )
            )
    click.echo("What do you run? One at least; an empty name ends the list.")
    services: list[ServiceAnswer] = []
    owners = click.Choice([person.name for person in people])
    while (name := _line(f"  Service {len(services) + 1}")) or not services:
        if name:
            owner = click.prompt("    Who owns it?", type=owners)
            critical = click.confirm("    Does everything stand still without it?", default=True)
            needs = click.prompt(
                "    What of the others does it need? (a, b)",
                default="",
                show_default=False,
                value_proc=_list,
                prompt_suffix=" ",
            )
            services.append(ServiceAnswer(name=name, owner=owner, critical=critical, needs=needs))
    services = _with_known_needs(services)
    call = click.prompt("Where do you talk in an incident? (a link)", prompt_suffix=" ")
    second = click.prompt("And when that is down, or may be watched?", prompt_suffix=" ")
    try:
        return Answers(
            company=company,
            domains=domains,
            people=tuple(people),
            services=tuple(services),
            call=call,
            second=second,
        )
    except ValueError as error:
        words = str(error).partition("Value error, ")[2].partition(" [type=")[0] or "an answer does not fit"
        raise Refused(
            f"This cannot be a plan: {words}.", "--blank", "Begin again; nothing was written."
        ) from None


def _with_known_needs(services: "list[ServiceAnswer]") -> "list[ServiceAnswer]":
    """The services, asked again where one needs something that is not in the list: a slip costs one answer, not all."""
    names = {one.name for one in services}
    mended: list[ServiceAnswer] = []
    for one in services:
        needs = one.needs
        while strange := [need for need in needs if need not in names]:
            click.echo(shown(f"  {', '.join(strange)} is none of: {', '.join(sorted(names))}."))
            needs = click.prompt(
                shown(f"  What does {one.name} need? (a, b)"),
                default="", show_default=False, value_proc=_list, prompt_suffix=" ",
            )  # fmt: skip
        mended.append(one.model_copy(update={"needs": tuple(needs)}))
    return mended


def _in_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _line(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False)).strip()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)
