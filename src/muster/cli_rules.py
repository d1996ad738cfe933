"""`muster coverage`: which techniques were seen firing, or a layer for the ATT&CK Navigator, from a running server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from muster.core.errors import BadInput
from muster.core.text import shown


@click.command()
@click.option(
    "--layer",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a Navigator layer here (`-`: show it).",
)
@click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def coverage(layer: Path | None, server: str, as_json: bool) -> int:
    """Techniques of ATT&CK that were seen firing in the record, reality and drills apart.

    How many rules name a technique stands beside it, and proves nothing. Only signals that you may see are counted.
    """
    from muster import cli_verbs

    def work() -> int:
        with cli_verbs.client_of(server) as client:
            found = client.get("coverage/layer" if layer else "coverage")
        if layer is None:
            click.echo(json.dumps(found) if as_json else "\n".join(map(shown, _lines(found))))
        elif str(layer) == "-":
            click.echo(json.dumps(found, indent=1))
        else:
            _write(layer, json.dumps(found, indent=1))
        return 0

    return cli_verbs.answered(work)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise BadInput(
            f"The layer cannot be written: {error.strerror}.", shown(str(file)), "Give another file."
        ) from error
    click.echo(shown(f"{file}: open it in the ATT&CK Navigator."))


def _lines(found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield "No rule in force names a technique, and none has fired."
    tactic = ""
    for one in found:
        if one["tactic"] != tactic:
            tactic = one["tactic"]
            yield tactic
        real, drills = _seen(one["own"]), _seen(one["drills"])
        yield f"  {one['technique']:<10} fired {real}; in drills {drills}; named by {_counted(one['loaded'], 'rule')}"


def _seen(one: dict[str, Any]) -> str:
    return f"{_counted(one['signals'], 'signal')}, last {one['last_at']}" if one["signals"] else "never"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
