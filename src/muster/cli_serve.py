"""`muster serve` and `muster admin-link`."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from muster.core.errors import BadInput
from muster.core.text import shown

DATA = Path("muster-data")


def data_option(command: Any) -> Any:
    """The option --data."""
    return click.option(
        "--data", type=click.Path(path_type=Path), default=None, help=f"Data directory (default: {DATA})."
    )(command)


@click.command()
@data_option
@click.option(
    "--plan", type=click.Path(path_type=Path), help="Git repository of the plan (`muster init` makes one)."
)
@click.option(
    "--database", help="sqlite:///PATH or postgresql://... (default: SQLite in the data directory)."
)
@click.option("--blobs", help="Folder or URL of the evidence (default: DATA/blobs).")
@click.option("--key-file", type=click.Path(path_type=Path), help="The log's signing key.")
@click.option("--host", help="Loopback address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 for any (default: 8420).")
@click.option(
    "--rules", type=click.Path(path_type=Path), multiple=True, help="Sigma rules: files or folders."
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings as TOML.")
@click.option("--no-detector", is_flag=True, help="Do not start the detection process.")
@click.option("--json", "as_json", is_flag=True, help="Say what it serves as one JSON line.")
def serve(
    data: Path | None,
    plan: Path | None,
    database: str | None,
    blobs: str | None,
    key_file: Path | None,
    host: str | None,
    port: int | None,
    rules: tuple[Path, ...],
    config: Path | None,
    no_detector: bool,
    as_json: bool,
) -> int:
    """Start the server: web pages, API and detection."""
    from muster.app.settings import settings_from

    given = {
        "data": data if data is not None or config is not None else DATA,
        "plan": plan,
        "database": database or os.environ.get("MUSTER_DATABASE"),
        "blobs": blobs,
        "key_file": key_file,
        "host": host,
        "port": port,
        "rules": rules,
        "detector": False if no_detector else None,
    }
    for place in rules:
        if not place.exists():
            raise BadInput("This file or folder does not exist.", f"--rules {place}", "Give one that does.")
    if plan is not None and not plan.exists():
        raise BadInput("This folder does not exist.", f"--plan {plan}", "Make one with `muster init`.")
    settings = settings_from(config, **given)
    from muster.serving import run

    return run(settings, partial(_say, as_json))


def _say(as_json: bool, **said: Any) -> None:
    if as_json:
        click.echo(json.dumps(said))
        return
    click.echo(f"Muster serves {said['serving']}")
    if "first_link" in said:
        click.echo(
            f"Make the first administrator (once, within 30 minutes): {said['serving']}{said['first_link']}"
        )
    if "reading_only" in said:
        click.echo(shown(str(said["reading_only"])), err=True)


@click.command("admin-link")
@data_option
@click.option("--database", help="The database, when it is not the SQLite file in the data directory.")
@click.option("--account", help="Sign-in name of the administrator, when there are several.")
@click.option("--port", type=click.IntRange(1, 65535), default=8420, help="Port of the server, for the link.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def admin_link(data: Path | None, database: str | None, account: str | None, port: int, as_json: bool) -> int:
    """Print a one-time link for an administrator who is locked out; it works beside a running server."""
    from muster.app.lockout import link_for_administrator
    from muster.app.settings import settings_from
    from muster.wiring import build

    folder = data or DATA
    if database is None and not folder.exists():
        raise BadInput("There is no data directory.", str(folder), "Name the one of the server with --data.")
    muster = build(settings_from(None, data=folder, database=database), own=False)
    try:
        made = link_for_administrator(muster, account)
    finally:
        muster.record.ledger.database.close()
    link = f"http://localhost:{port}/link/{made.secret}"
    if as_json:
        click.echo(
            json.dumps({"account": made.account, "name": made.name, "link": link, "hours": made.hours})
        )
    else:
        whom = f"for {shown(made.name)}" if made.name else "for the first administrator"
        click.echo(f"{link}\nOnce, {whom}, for {made.hours:g} h.")
    return 0
