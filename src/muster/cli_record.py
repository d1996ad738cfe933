"""`muster verify`, `export`, `backup`, `restore` and `rotate-key`."""

import json
import os
from pathlib import Path
from typing import Any

import click

from muster.core.errors import BadInput, Refused
from muster.core.text import shown

_PLACE = click.Path(path_type=Path)


def _say(as_json: bool, line: str, **said: Any) -> None:
    click.echo(json.dumps(said) if as_json else shown(line))


@click.command()
@click.argument("path", required=False, type=_PLACE)
@click.option("--database", help="A database instead of a path: postgresql://... or sqlite:///...")
@click.option("--blobs", help="Where its evidence is, when it is not in the data directory.")
@click.option("--key", type=_PLACE, help="File of the log's verifier key, to pin it.")
@click.option("--anchor", type=_PLACE, help="File of the anchor (default: the one in your state directory).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def verify(
    path: Path | None,
    database: str | None,
    blobs: str | None,
    key: Path | None,
    anchor: Path | None,
    as_json: bool,
) -> int:
    """Verify a data directory, a database or an export: every hash, chain, root, signature and list.

    Exit 0: it verifies. Exit 1: it does not; the first bad entry is named.
    """
    from muster.app import verification

    if (path is None) == (database is None):
        raise click.UsageError("Give either a path or --database.")
    pinned = _read(key, "--key") if key else None
    held = _read(anchor, "--anchor") if anchor else None
    if path is not None and path.is_file():
        report = verification.export_file(path, pinned, held)
    else:
        report = verification.database(path, database, blobs, pinned, held)
    if as_json:
        click.echo(json.dumps(report.tree()))
    else:
        for line in report.lines:
            click.echo(shown(line))
    return 0 if report.ok else 1


def _read(file: Path, option: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The file cannot be read: {error.strerror}.", f"{option} {file}", "Give another."
        ) from error


@click.command()
@click.argument("incident")
@click.option("--out", required=True, type=_PLACE, help="File to write; it must not exist.")
@click.option(
    "--data", type=_PLACE, help="Data directory: read files instead of asking a server; not recorded."
)
@click.option("--database", help="A database instead: read it directly; not recorded.")
@click.option("--blobs", help="Where its evidence is, when it is not in the data directory.")
@click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def export(
    incident: str,
    out: Path,
    data: Path | None,
    database: str | None,
    blobs: str | None,
    server: str,
    as_json: bool,
) -> int:
    """Export an incident (or a signal) with its proof, so that anybody can verify it without Muster."""
    from muster.core.ids import parse_code
    from muster.store.safe_file import write_safely

    code = parse_code(incident)
    if out.exists():
        raise BadInput("This file exists already.", str(out), "Choose another name.")
    if data is not None or database is not None:
        from muster.app.verification import export_from_files

        made = export_from_files(data, database, blobs, code)
        content, left_out = made.data, made.left_out
        note = f"{left_out} entries are not sealed yet and left out. This export is not recorded: file access was its permission."
    else:
        from muster.cli_verbs import answered
        from muster.client import Client

        kind = "incidents" if code.startswith("INC-") else "signals"
        got: list[bytes] = []

        def fetch() -> int:
            with Client(server, os.environ.get("MUSTER_TOKEN")) as client:
                got.append(client.download(f"/api/v1/{kind}/{code}/export"))
            return 0

        refused = answered(fetch)
        if refused:
            return refused
        content, left_out, note = got[0], 0, "The export is on the record."
    write_safely(out, content)
    _say(
        as_json,
        f"{out}: {len(content)} bytes. {note}",
        file=str(out),
        bytes=len(content),
        not_sealed=left_out,
    )
    return 0


@click.command()
@click.option("--data", type=_PLACE, help="Data directory of the server.")
@click.option("--database", help="Its database, when it is not the SQLite file in the data directory.")
@click.option("--blobs", help="Where its evidence is, when it is not in the data directory.")
@click.option("--out", required=True, type=_PLACE, help="File to write; it must not exist.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def backup(data: Path | None, database: str | None, blobs: str | None, out: Path, as_json: bool) -> int:
    """Write a backup of record and evidence, beside a running server too, and verify it."""
    from muster.app.verification import back_up

    made, report = back_up(data, database, blobs, out)
    line = f"{out}: {made.entries} entries and {made.blobs} blobs of {made.origin}. {report.lines[0]}"
    _say(
        as_json,
        line,
        file=str(out),
        origin=made.origin,
        entries=made.entries,
        blobs=made.blobs,
        verified=report.ok,
    )
    return 0 if report.ok else 1


@click.command()
@click.argument("file", type=_PLACE)
@click.option("--data", type=_PLACE, help="Empty data directory to restore into.")
@click.option("--database", help="Empty database to restore into; then --data is for evidence and spool.")
@click.option("--blobs", help="Where the evidence goes, when not into the data directory.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def restore(file: Path, data: Path | None, database: str | None, blobs: str | None, as_json: bool) -> int:
    """Restore a backup. Of an older state than this host has seen, a new log begins and says what is lost."""
    from muster.app.verification import bring_back

    done, report = bring_back(file, data, database, blobs)
    if done.same_log:
        line = f"The log goes on: {done.origin}, {done.entries} entries."
    else:
        lost = "it is not known what is lost" if done.lost is None else f"{done.lost} entries are lost"
        line = (
            f"A new log begins: {done.origin}. {done.entries} entries of {done.old_origin} were kept; {lost}."
        )
    line += " Sessions and tokens have ended; passwords work."
    _say(
        as_json,
        line,
        origin=done.origin,
        old_origin=done.old_origin,
        same_log=done.same_log,
        entries=done.entries,
        lost=done.lost,
        verified=report.ok,
    )
    if not report.ok:
        raise Refused(report.lines[0], str(file), "Use another backup.")
    return 0


@click.command("rotate-key")
@click.option("--data", required=True, type=_PLACE, help="Data directory of the server, which must not run.")
@click.option("--database", help="Its database, when it is not the SQLite file in the data directory.")
@click.option("--key-file", type=_PLACE, help="The signing key, when it is not in your state directory.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def rotate_key(data: Path, database: str | None, key_file: Path | None, as_json: bool) -> int:
    """Give the log a new signing key. Stop the server first; on PostgreSQL every server of this log.

    The first checkpoint after it is signed by both keys, so whoever pinned the old key can verify the new one.
    """
    from muster.app.verification import rotate

    done = rotate(data, database, key_file)
    line = (
        f"The log has a new key: {done.fingerprint}. It was {done.former}. Both signed the checkpoint of "
        f"{done.size} entries. Pin this line from now on: {done.verifier_key}"
    )
    _say(
        as_json,
        line,
        fingerprint=done.fingerprint,
        former=done.former,
        verifier_key=done.verifier_key,
        entries=done.size,
    )
    return 0
