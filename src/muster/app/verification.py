"""Verifying, exporting, backing up and restoring files, for the command line: no server is needed."""

import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from muster.app.registry import FOLDS, KINDS
from muster.core.errors import BadInput, MusterError, Unavailable
from muster.record import checkpoint, export
from muster.record.note import SigningKey, VerifierKey
from muster.record.verdict import Finding
from muster.store.append import Ledger
from muster.store.backup import BackedUp, Restored, restore_backup, write_backup, wrong_blobs
from muster.store.blobs import Blobs
from muster.store.data_folder import DataFolder
from muster.store.database import Database, parse_url, sqlite_url
from muster.store.exporting import Exported, export_streams
from muster.store.lookups import attached_signals
from muster.store.open_record import open_record
from muster.store.project import FOLD_VERSION, project
from muster.store.rotate import Rotated, rotate_key
from muster.store.seal import Sealer
from muster.store.sqlite_reading import at_rest, file_url, readable
from muster.store.state_folder import StateFolder
from muster.store.verifying import Verified, origin_of, size_of, verify_database

MOST_EXPORT = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True)
class VerifyReport:
    """What `muster verify` says: lines for people, the first is the verdict."""

    ok: bool
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]

    def tree(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return {
            "ok": self.ok,
            "lines": list(self.lines),
            "findings": [
                {
                    "flaw": one.flaw.value,
                    "what": one.what,
                    "stream": one.stream,
                    "seq": one.seq,
                    "leaf": one.leaf,
                }
                for one in self.findings
            ],
        }


def export_file(path: Path, pinned: bytes | None, anchor: bytes | None = None) -> VerifyReport:
    """Verifies the file of an export or of a backup. Raises BadInput when it cannot be read or is none."""
    with path.open("rb") as file:
        if file.read(16) == b"SQLite format 3\0":
            return _backup_file(path, pinned, anchor)
    if path.stat().st_size > MOST_EXPORT:
        raise BadInput(
            "The file is too large for an export.", str(path), "Name the file that `muster export` wrote."
        )
    key = _pinned(pinned)
    try:
        tree = export.unpack(path.read_bytes())
    except BadInput as error:
        return VerifyReport(False, (f"does not verify: {error.line()}",), ())
    report = export.check(tree, key.text() if key else None)
    finding = report.finding
    lines = [report.headline()]
    if finding is None:
        lines.append(
            f"Of {report.origin}, a log of {report.size} entries at the checkpoint; {report.blobs} blobs."
        )
        lines += [
            f"{stream.id}: {stream.count} entries, {len(stream.withheld)} withheld, {len(stream.erased)} erased."
            for stream in report.streams
        ]
    return VerifyReport(finding is None, tuple(lines), () if finding is None else (finding,))


def _backup_file(path: Path, pinned: bytes | None, anchor: bytes | None = None) -> VerifyReport:
    """Verifies a backup, which may be older than what this host has seen: that is said, and is no damage."""
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(readable(path, Path(scratch)), read_only=True)
        try:
            report = _verified(database, None, pinned, anchor, of_backup=True)
            return _with_blobs(report, database) if report.ok else report
        finally:
            database.close()


def _with_blobs(report: VerifyReport, database: Database) -> VerifyReport:
    try:
        wrong = tuple(wrong_blobs(database, KINDS))
    except MusterError as error:
        return VerifyReport(False, (f"does not verify: {error.what} This is no backup.",), ())
    if not wrong:
        return report
    return VerifyReport(False, (f"does not verify: {wrong[0].line()}", *report.lines[1:]), wrong)


def database(
    path: Path | None, url: str | None, blobs: str | None, pinned: bytes | None, anchor: bytes | None
) -> VerifyReport:
    """Verifies a data directory or a database, also beside a running server. Raises BadInput, Unavailable."""
    if path is not None and url is None:
        report = _at_rest(DataFolder(path), blobs, pinned, anchor)
        if report is not None:
            return report
    with _opened(path, url) as (found, folder):
        place = blobs or (str(folder.blobs) if folder is not None else None)
        return _verified(found, Blobs(place, make=False) if place else None, pinned, anchor)


def _at_rest(
    folder: DataFolder, blobs: str | None, pinned: bytes | None, anchor: bytes | None
) -> VerifyReport | None:
    """Verifies a data directory that nobody has open, and makes no file in it: one of root's would lock a server out.

    None when somebody has it open, or opened it meanwhile.
    """
    before = at_rest(folder.database)
    if before is None:
        return None
    found = Database(file_url(folder.database, "immutable=1"), read_only=True)
    try:
        report = _verified(found, Blobs(blobs or str(folder.blobs), make=False), pinned, anchor)
    finally:
        found.close()
    return report if at_rest(folder.database) == before else None


def _verified(
    found: Database,
    blobs: Blobs | None,
    pinned: bytes | None,
    anchor: bytes | None,
    *,
    of_backup: bool = False,
) -> VerifyReport:
    key = _pinned(pinned)
    try:
        held = anchor or _held_anchor(found)  # read before the rows are: a running server may move it
        older = _older(found, held) if of_backup and anchor is None and held is not None else None
        verified = verify_database(
            found,
            blobs,
            kinds=KINDS,
            folds=FOLDS,
            project=project,
            fold_version=FOLD_VERSION,
            keys=[key] if key else [],
            anchor=None if older else held,
            projections=not of_backup,
        )
    except Unavailable as error:
        if not _is_damage(found, error):
            raise
        return _damaged(error.__cause__ or error)
    except MusterError:
        raise
    except Exception as error:  # noqa: BLE001 - of a damaged database the driver raises whatever it finds first
        return _damaged(error)
    report = _report(verified, anchored=held is not None and older is None)
    if blobs is None and not of_backup:
        line = "The evidence was not looked at: say with --blobs where it is."
        report = replace(report, lines=(*report.lines, line))
    return replace(report, lines=(*report.lines, older)) if older else report


def _damaged(error: BaseException) -> VerifyReport:
    kind = type(getattr(error, "orig", None) or error).__name__
    return VerifyReport(
        False, (f"does not verify: the database is damaged, or none ({kind}). Restore a backup.",), ()
    )


_NOT_NOW = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


def _is_damage(found: Database, error: Unavailable) -> bool:
    """Whether an SQLite file says by its error that it is broken, not that it cannot be had just now."""
    code = getattr(getattr(error.__cause__, "orig", None), "sqlite_errorcode", None)
    return found.is_sqlite and code is not None and code & 0xFF not in _NOT_NOW


def _older(found: Database, held: bytes) -> str | None:
    """What to say of a backup that ends before the anchor, None when it does not."""
    try:
        seen = checkpoint.parse(held).size
    except BadInput:
        return None
    size = size_of(found)
    if size is None or size >= seen:
        return None
    return (
        f"It is older than what this host has seen: {size} entries of {seen}. To restore it begins a new log."
    )


def _report(verified: Verified, *, anchored: bool) -> VerifyReport:
    record = verified.record
    ok = not verified.findings
    if record.findings or ok:
        lines = [record.headline()]
    else:
        lines = [f"does not verify: {verified.findings[0].line()}"]
    lines.append(
        f"{record.size} entries in {record.streams} streams, {record.sealed} sealed, {record.unsealed} not yet sealed; "
        f"{record.erased} bodies erased; {record.checkpoints} checkpoints; {verified.blobs} blobs looked at."
    )
    lines.append(
        "The anchor of this host fits." if anchored and ok else "" if anchored else "No anchor is known here."
    )
    if verified.stale:
        lines.append(
            "The lists are of an older fold: stale, not tampered with. The next start folds them anew."
        )
    lines += [finding.line() for finding in verified.findings[1:10]]
    return VerifyReport(ok, tuple(line for line in lines if line), verified.findings)


def _held_anchor(found: Database) -> bytes | None:
    try:
        origin = origin_of(found)
        return StateFolder.of(origin).anchor() if origin else None
    except BadInput:
        return None


def _pinned(data: bytes | None) -> VerifierKey | None:
    if data is None:
        return None
    try:
        return VerifierKey.parse(data.decode())
    except UnicodeDecodeError:
        raise BadInput("This is no verifier key.", "--key", "Give the file `key` of an export.") from None


@contextmanager
def _opened(path: Path | None, url: str | None) -> Generator[tuple[Database, DataFolder | None]]:
    """The database for reading only; of a data directory in a folder that may not be written, too."""
    if url is not None:
        found = Database(parse_url(url), read_only=True)
        try:
            yield found, DataFolder(path) if path else None
        finally:
            found.close()
        return
    folder = DataFolder(path or Path())
    if not folder.database.is_file():
        raise BadInput(
            "Here is no data directory and no export.",
            str(path),
            "Name a directory that `muster serve --data` wrote.",
        )
    with tempfile.TemporaryDirectory() as scratch:
        found = Database(readable(folder.database, Path(scratch)), read_only=True)
        try:
            yield found, folder
        finally:
            found.close()


def _ledger(database: Database) -> Ledger:
    return Ledger(database, KINDS, FOLDS, project)


def export_from_files(data: Path | None, url: str | None, blobs: str | None, code: str) -> Exported:
    """An export read from files, up to the newest checkpoint. Raises NotFound, Refused, BadInput."""
    with _opened(data, url) as (found, folder):
        place = blobs or (str(folder.blobs) if folder is not None else None)
        if place is None:
            raise BadInput("It is not known where the evidence is.", "--blobs", "Give its folder or URL.")
        origin = origin_of(found)
        if origin is None:
            raise BadInput("There is no log in this database.", "--database", "Start a server on it first.")
        key = SigningKey(origin, StateFolder.of(origin).seed())
        return export_streams(found, _with_signals(found, code), key, Blobs(place, make=False), KINDS)


def _with_signals(found: Database, code: str) -> list[str]:
    with found.read() as connection:
        return [code, *attached_signals(connection, code)]


def back_up(
    data: Path | None, url: str | None, blobs: str | None, out: Path
) -> tuple[BackedUp, VerifyReport]:
    """Writes and verifies a backup. Raises BadInput, Damaged, Unavailable."""
    with _opened(data, url) as (found, folder):
        place = blobs or (str(folder.blobs) if folder is not None else None)
        if place is None:
            raise BadInput("It is not known where the evidence is.", "--blobs", "Give its folder or URL.")
        made = write_backup(found, Blobs(place, make=False), out)
    return made, _backup_file(out, None)


def bring_back(
    file: Path, data: Path | None, url: str | None, blobs: str | None
) -> tuple[Restored, VerifyReport]:
    """Restores and verifies a backup. Raises BadInput, Damaged, Unavailable."""
    if data is None:
        raise BadInput("It is not said where to restore to.", "--data", "Name an empty data directory.")
    checked = _backup_file(file, None) if file.is_file() else None
    if checked is not None and not checked.ok:
        raise BadInput(
            f"The backup {checked.lines[0]}", str(file), "Nothing was restored. Use another backup."
        )
    folder = DataFolder(data)
    folder.prepare()
    folder.own()
    found = Database(parse_url(url) if url else sqlite_url(folder.database))
    try:
        kept = Blobs(blobs or str(folder.blobs))
        done = restore_backup(file, _ledger(found), kept, fold_version=FOLD_VERSION)
        record = open_record(_ledger(found), fold_version=FOLD_VERSION)
        Sealer(found, record.key, record.folder, "restore").seal()
        return done, _verified(found, kept, None, None)
    finally:
        found.close()
        folder.release()


def rotate(data: Path, url: str | None, key_file: Path | None) -> Rotated:
    """Gives the log of a data directory a new key; the directory's lock keeps a server and a second one away.

    Raises BadInput, Unavailable.
    """
    folder = DataFolder(data)
    if url is None and not folder.database.is_file():
        raise BadInput("There is no log here.", str(data), "Name the data directory of the server.")
    folder.own()
    found = Database(parse_url(url) if url else sqlite_url(folder.database))
    try:
        record = open_record(_ledger(found), fold_version=FOLD_VERSION, key_file=key_file)
        return rotate_key(record, key_file)
    finally:
        found.close()
        folder.release()
