"""Verbs of the command line, made from the registry: each a client of a running server. And list, show, events."""

import gzip
import json
import os
import zlib
from collections.abc import Callable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any, cast

import click

from muster.access.verbs import VERBS, Verb
from muster.cli_fields import holds_accounts
from muster.cli_fields import parameters as parameters_of
from muster.client import Client, Problem, ServerAway, new_key
from muster.core.errors import BadInput
from muster.core.text import shown

_SIGN = "Make a token on the page Accounts, and set MUSTER_TOKEN to it."
Made = Callable[..., Any]


def _server(command: Made) -> Made:
    options = (
        click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True),
        click.option("--json", "as_json", is_flag=True, help="One JSON document."),
    )
    for option in options:
        command = option(command)
    return command


def client_of(server: str) -> Client:
    """A client of this server, with the token of the environment."""
    return Client(server, os.environ.get("MUSTER_TOKEN"))


def answered(work: Callable[[], int]) -> int:
    """Runs a client's work; a refusal is exit 1, wrong use or no server exit 2, each one line."""
    try:
        return work()
    except Problem as problem:
        unsigned = problem.status == 401
        said = f"{problem.title}: {problem.detail} {_SIGN}" if unsigned else f"{problem}{_field(problem)}"
        click.echo(shown(f"muster: {said}"), err=True)
        for name in ("theirs", "yours"):
            if problem.body.get(name) is not None:
                click.echo(shown(f"{name}: {problem.body[name]}"), err=True)
        return 2 if problem.status in (400, 401, 413, 422) else 1
    except ServerAway as away:
        click.echo(shown(f"muster: {away}"), err=True)
        return 2


def _field(problem: Problem) -> str:
    """Which field it is about, where the words do not say it."""
    where = str(problem.body.get("where") or "")
    return f" ({where})" if problem.status in (400, 422) and where and where not in str(problem) else ""


def verb_command(word: str) -> click.Command:
    """The command of a verb: its first fields are arguments, the others options."""
    from muster.app.registry import RULES

    verb = Verb(word)
    model = RULES[verb].command
    parameters: list[click.Parameter] = []
    for name, field in model.model_fields.items():
        parameters.extend(parameters_of(name, field))
    parameters.append(
        click.Option(["--server"], envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
    )
    # `--key` is a field of `signal`: the key of the sender.
    parameters.append(
        click.Option(["--idempotency-key"], help="Draw one and keep it, to send the same request again.")
    )
    parameters.append(click.Option(["--json", "as_json"], is_flag=True, help="One JSON document."))

    def run(server: str, idempotency_key: str | None, as_json: bool, **given: Any) -> int:
        return answered(lambda: _do(verb, server, idempotency_key, as_json, given))

    described = f"{VERBS[verb].summary}\n\n{cleandoc(model.__doc__ or '')}"
    return click.Command(
        word, callback=run, params=parameters, help=described, short_help=VERBS[verb].summary
    )


def _do(verb: Verb, server: str, key: str | None, as_json: bool, given: Mapping[str, Any]) -> int:
    from muster.app.registry import RULES

    fields_of = RULES[verb].command.model_fields
    with client_of(server) as client:
        fields: dict[str, Any] = {}
        for name, value in given.items():
            if value is None or value == ():
                continue
            outer, _, part = name.partition("__")
            sent = list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value
            if holds_accounts(outer, fields_of[outer]):
                sent = _named(client, sent)
            if part:
                fields.setdefault(outer, {})[part] = sent
            else:
                fields[outer] = sent
        answer = client.verb(verb.value, fields, key=key or new_key())
    if as_json:
        click.echo(json.dumps(answer))
    else:
        _pairs(answer)
    return 0


def _named(client: Client, value: Any) -> Any:
    """Accounts may be given by sign-in name, or as `me`; the API takes ids."""
    if isinstance(value, list):
        return [_named(client, one) for one in cast("list[Any]", value)]
    text = str(value)
    if len(text) == 32 and all(letter in "0123456789abcdef" for letter in text):
        return text
    if text == "me":
        return client.get("me")["account"]
    for account in client.get("accounts"):
        if account["sign_in"] == text.strip().lower():
            return account["account"]
    raise Problem(
        404, "Not found", f"There is no account {text}.", "Use a sign-in name of `muster list accounts`."
    )


def _pairs(answer: Mapping[str, Any]) -> None:
    for name, value in answer.items():
        text = json.dumps(value) if isinstance(value, list | dict) else str(value)
        click.echo(f"{name}: {shown(text)}")


_LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "signals": ("signals", ("signal", "severity", "state", "count", "raised_at", "title")),
    "incidents": ("incidents", ("incident", "severity", "state", "commander", "declared_at", "what")),
    "accounts": ("", ("account", "sign_in", "state", "duties", "person", "name")),
    "tokens": ("", ("token", "scope", "state", "name")),
}


@click.command("list")
@click.argument("what", type=click.Choice(list(_LISTS)))
@click.option("--state", help="Only those in this state.")
@click.option("--after", help="Cursor of the next page.")
@_server
def list_things(what: str, state: str | None, after: str | None, server: str, as_json: bool) -> int:
    """List signals, incidents, accounts or your tokens."""

    def work() -> int:
        member, columns = _LISTS[what]
        query = {name: value for name, value in (("state", state), ("after", after)) if value}
        with client_of(server) as client:
            answer = client.get(what, **query)
        if as_json:
            click.echo(json.dumps(answer))
            return 0
        _table(answer[member] if member else answer, columns)
        if member and answer.get("next"):
            click.echo(f"More: --after {answer['next']}", err=True)
        return 0

    return answered(work)


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    cells = [
        [
            shown(", ".join(row[name]) if isinstance(row[name], list) else str(row[name] or "-"))
            for name in columns
        ]
        for row in rows
    ]
    heads = [name.replace("_", " ") for name in columns]
    widths = [max(len(line[place]) for line in [heads, *cells]) for place in range(len(columns))]
    for line in [heads, *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if not rows:
        click.echo("None.", err=True)


@click.command()
@click.argument("code")
@click.option("--before", type=click.IntRange(1), help="Entries before this number.")
@_server
def show(code: str, before: int | None, server: str, as_json: bool) -> int:
    """Show one signal or incident with its log."""

    def work() -> int:
        kind = "signals" if code.strip().upper().startswith("SIG") else "incidents"
        query = {"before": before} if before and kind == "incidents" else {}
        with client_of(server) as client:
            found = client.get(f"{kind}/{code}", **query)
        if as_json:
            click.echo(json.dumps(found))
            return 0
        head = found["signal"] if kind == "signals" else found
        for name in (
            "signal",
            "incident",
            "title",
            "what",
            "state",
            "outcome",
            "declared_at",
            "raised_at",
            "summary",
        ):
            if head.get(name):
                click.echo(f"{name.replace('_', ' ')}: {shown(str(head[name]))}")
        if kind == "incidents":
            rated = found["severity"]
            click.echo(f"severity: {rated['current']} (version {rated['version']}). {shown(rated['why'])}")
            click.echo(f"versions: state {found['state_version']}, summary {found['summary_version']}")
            for role in found["roles"]:
                if role["version"]:
                    whom = role["holder"] or (
                        f"offered to {role['offered']}" if role["offered"] else "nobody"
                    )
                    click.echo(f"{role['role']}: {shown(whom)} (version {role['version']})")
            for fact in found["facts"]:
                click.echo(
                    f"{fact['standing']} {fact['seq']}: {shown(fact['text'])} ({fact['ending'] or 'stands'}, version {fact['version']})"
                )
        for entry in found["entries"]:
            words = shown(entry["text"]) if entry["standing"] == "shown" else f"({entry['standing']})"
            click.echo(
                f"{entry['seq']:>5}  {entry['happened_at'][:19]}Z  {shown(entry['who'])}  {entry['title']}: {words}"
            )
        return 0

    return answered(work)


def _lines(file: Path) -> list[bytes]:
    """The lines of a file, unpacked when it is gzip. Raises BadInput when that is damaged."""
    data = file.read_bytes()
    if data[:2] != b"\x1f\x8b":
        return data.splitlines(keepends=True)
    try:
        return gzip.decompress(data).splitlines(keepends=True)
    except (OSError, EOFError, zlib.error):
        raise BadInput("The gzip data is broken or ends too early.", str(file), "Pack it again.") from None


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--batch", help="Id of the batch (default: the name and hash of the file's lines).")
@click.option("--lines", "a_batch", type=click.IntRange(1, 200_000), default=5_000, show_default=True)
@_server
def events(file: Path, batch: str | None, a_batch: int, server: str, as_json: bool) -> int:
    """Post events from a file (JSON lines, or gzip) to a running server, in batches."""
    from hashlib import sha256

    def work() -> int:
        lines = _lines(file)
        total = 0
        with client_of(server) as client:
            for start in range(0, len(lines), a_batch):
                part = b"".join(lines[start : start + a_batch])
                name = f"{batch or sha256(part).hexdigest()[:32]}-{start}"
                total += int(client.events(gzip.compress(part, 1), name, packed=True)["events"])
        click.echo(json.dumps({"events": total}) if as_json else f"{total} events are safe with the server.")
        return 0

    return answered(work)
