"""`muster text`: a draft of outward words checked before it goes out, with file, line and the mend; no server needed."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.core.errors import BadInput
from muster.core.text import shown

if TYPE_CHECKING:
    from muster.plan.facts import AskedFact

_PLACE = click.Path(path_type=Path)
_KINDS = ("public", "customer", "regulator", "internal")
# What stands before the words of a template; its lines are kept empty, so that the others keep their numbers.
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_LINKS = frozenset({"foreign-link", "foreign-address"})


@click.command()
@click.argument("file", type=_PLACE)
@click.option("--kind", "kind", type=click.Choice(_KINDS), required=True, help="For whom it is.")
@click.option("--facts", "facts", type=_PLACE, metavar="FILE",
              help="Answered facts (docs/clocks.md): places are filled, counts and dates compared.")  # fmt: skip
@click.option("--plan", "plan", type=_PLACE, metavar="DIR", help="The plan that names your own domains.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def text(file: Path, kind: str, facts: Path | None, plan: Path | None, as_json: bool) -> int:
    """Check a text before it goes out: own domains only, the incident confirmed, date and data named, nothing played down,
    promised or blamed; with --facts, each count and date against them.

    Without --plan no domain counts as yours. Exit 0: no problem (notes may stand). Exit 1: problems. Exit 2: nothing
    readable.
    """
    from muster.disclose.agreeing import agreeing, filled
    from muster.disclose.wording import check_text
    from muster.plan.finding import problems
    from muster.plan.templates import Audience

    own, questions = _plan(plan)
    said, name = _words(file), shown(str(file))
    answers = _answers(facts, questions)
    if answers is not None:
        said = filled(said, answers)
    found = check_text(said, Audience(kind), own, name)
    if answers is not None and kind != "internal":
        found = tuple(sorted((*found, *agreeing(said, answers, name)), key=lambda one: (one.line, one.rule)))
    bad = problems(found)
    if as_json:
        rows = [finding.model_dump(mode="json") for finding in found]
        click.echo(json.dumps({"ok": not bad, "file": str(file), "kind": kind, "findings": rows}))
    else:
        for finding in found:
            click.echo(finding.sentence())
        click.echo(f"{len(bad)} to mend, {len(found) - len(bad)} to note." if found else "Nothing to mend.")
    if plan is None and any(finding.rule in _LINKS for finding in found):
        click.echo("muster: no plan is given, so no domain counts as yours. Name it by --plan DIR.", err=True)
    return 1 if bad else 0


def _words(file: Path) -> str:
    """The text of the file; of a template, without what stands before its words. Raises BadInput."""
    from muster.cli_files import read_named

    data = read_named(file)
    try:
        said = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        raise BadInput(
            "The file is not UTF-8 text.", f"{shown(str(file))}:{line}", "Save it as UTF-8."
        ) from None
    return _FRONT.sub(lambda front: "\n" * front[0].count("\n"), said)


def _plan(place: Path | None) -> "tuple[tuple[str, ...], Mapping[str, AskedFact]]":
    """The own domains and the questions of a plan. Raises BadInput when it cannot be read."""
    from muster.cli_files import plan_files
    from muster.plan.load import load

    if place is None:
        return (), {}
    loaded = load(plan_files(place))
    if loaded.plan is None:
        first = loaded.findings[0]
        where = f"{shown(str(place))}: {first.file}:{first.line}"
        raise BadInput(f"The plan cannot be read. {first.what}", where, first.mend)
    return loaded.plan.pinned.policy.domains, loaded.plan.pinned.facts.facts


def _answers(file: Path | None, questions: "Mapping[str, AskedFact]") -> Mapping[str, str] | None:
    from muster.cli_facts import read_facts_file

    return None if file is None else read_facts_file(file, {}, questions).facts
