"""The commands on files: verify, export, backup, restore, rotate-key, as a person runs them."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muster.cli import main
from muster.core.errors import Unavailable
from tests.store.world import ERASED_TEXT, HIDDEN_TEXT, SECRET_TEXT, START, World

SCRIPT = Path(__file__).resolve().parent.parent.parent / "docs" / "verify_export.py"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line on the world's host: its state directory is the one with the key and the anchor."""
    monkeypatch.setenv("MUSTER_STATE", str(world.state))

    def ran(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        code = ended.value.code
        assert "Traceback" not in said.err
        return (0 if code is None else int(code)), said.out, said.err

    return ran


def place(world: World) -> tuple[object, ...]:
    """How a command is told which log: its data directory, or its database with the evidence."""
    return ("--database", world.url, "--blobs", world.data / "blobs") if world.url else (world.data,)


def files(world: World) -> tuple[object, ...]:
    return ("--database", world.url, "--blobs", world.data / "blobs") if world.url else ("--data", world.data)


def test_a_good_record_verifies_beside_a_running_writer(world: World, run: Run) -> None:
    world.log("the server goes on writing")
    code, out, _ = run("verify", *place(world))
    assert code == 0
    assert out.startswith("consistent with itself, signed by ")
    assert "not pinned" in out
    assert "1 not yet sealed" in out
    assert "The anchor of this host fits." in out
    assert world.log("and on") > 0


def test_with_the_pinned_key_it_is_verified(world: World, run: Run, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(world.muster.record.key.verifier().text())
    code, out, _ = run("verify", *place(world), "--key", key)
    assert (code, out.split(",")[0]) == (0, "verified")
    assert "which is pinned" in out


def test_a_changed_line_ends_in_1_and_is_named(world: World, run: Run) -> None:
    world.change("UPDATE entries SET header = :h WHERE stream = :s AND seq = 4", h=b"{}", s=world.incident)
    code, out, _ = run("verify", *place(world))
    assert code == 1
    assert out.startswith(f"does not verify: {world.incident} seq 4 (leaf ")
    code, out, _ = run("verify", *place(world), "--json")
    found: Any = json.loads(out)
    assert (code, found["ok"]) == (1, False)
    assert (found["findings"][0]["stream"], found["findings"][0]["seq"]) == (world.incident, 4)


def test_evidence_that_is_gone_is_named(world: World, run: Run) -> None:
    shutil.rmtree(world.data / "blobs")
    code, out, _ = run("verify", *place(world))
    assert code == 1
    assert f"{world.signals['hits']} seq 1: The blob " in out
    assert "is missing" in out


def test_without_its_place_evidence_is_not_looked_at_and_that_is_said(world: World, run: Run) -> None:
    if world.url is None:
        world.close()
    address = world.url or f"sqlite:///{world.data / 'muster.sqlite'}"
    code, out, _ = run("verify", "--database", address)
    assert code == 0
    assert "The evidence was not looked at" in out


@pytest.mark.parametrize("size", [0, 10, 100, 4096, 40_000])
def test_a_file_that_was_cut_ends_in_one_line(world: World, run: Run, size: int) -> None:
    if world.url:
        pytest.skip("a file of SQLite")
    world.close()
    file = world.data / "muster.sqlite"
    file.write_bytes(file.read_bytes()[:size])
    code, out, _ = run("verify", world.data)
    assert code == 1
    assert out.startswith("does not verify: ")


@pytest.mark.parametrize("offset", [0, 16, 100, 5_000, 20_000, 60_000])
def test_garbage_in_the_file_never_ends_in_a_traceback(world: World, run: Run, offset: int) -> None:
    if world.url:
        pytest.skip("a file of SQLite")
    world.close()
    file = world.data / "muster.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:offset] + b"\xa5\x5a" * 2048 + whole[offset + 4096 :])
    code, out, _ = run("verify", world.data)
    assert code == 1
    assert out.startswith("does not verify: ")


def test_a_server_that_is_not_there_is_no_damage(run: Run) -> None:
    code, _, error = run("verify", "--database", "postgresql://nobody@127.0.0.1:1/nothing")
    assert code == 2
    assert len(error.splitlines()) == 1


def test_a_folder_without_a_log_is_wrong_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, error = run("verify", tmp_path / "empty")
    assert (code, len(error.splitlines())) == (2, 1)
    code, _, error = run("verify", tmp_path / "nothing.zip")
    assert (code, len(error.splitlines())) == (2, 1)


# --- restore ----------------------------------------------------------------------------------------
def backed_up(world: World, run: Run, file: Path) -> None:
    code, out, error = run("backup", *files(world), "--out", file)
    assert code == 0, out + error


def test_a_backup_verifies_beside_the_log_that_went_on(world: World, run: Run, tmp_path: Path) -> None:
    backed_up(world, run, tmp_path / "backup")
    assert run("verify", tmp_path / "backup")[0] == 0
    world.log("one more")
    world.seal()
    code, out, _ = run("verify", tmp_path / "backup")
    assert code == 0
    assert "older than what this host has seen: 46 entries of 47" in out
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("backup")] == ["backup"]


def test_a_backup_with_a_changed_or_missing_blob_does_not_verify(
    world: World, run: Run, tmp_path: Path
) -> None:
    backed_up(world, run, tmp_path / "backup")
    with sqlite3.connect(tmp_path / "backup") as backup:
        backup.execute("UPDATE blobs SET data = x'00' WHERE name = (SELECT min(name) FROM blobs)")
    backup.close()
    assert "is not what its name says" in run("verify", tmp_path / "backup")[1]
    with sqlite3.connect(tmp_path / "backup") as backup:
        backup.execute("DELETE FROM blobs")
    backup.close()
    code, out, _ = run("verify", tmp_path / "backup")
    assert code == 1
    assert "is missing in the backup" in out
    code, _, error = run("restore", tmp_path / "backup", "--data", tmp_path / "new")
    assert code == 2
    assert "Nothing was restored" in error


def test_a_restore_of_the_newest_state_goes_on_with_the_log(world: World, run: Run, tmp_path: Path) -> None:
    world.seal()
    backed_up(world, run, tmp_path / "backup")
    code, out, _ = run("restore", tmp_path / "backup", "--data", tmp_path / "new")
    assert code == 0
    assert out.startswith(f"The log goes on: {world.muster.record.origin}")
    assert run("verify", tmp_path / "new")[0] == 0


def test_a_restore_of_an_older_state_begins_a_new_log_and_says_what_is_lost(
    world: World, run: Run, tmp_path: Path
) -> None:
    backed_up(world, run, tmp_path / "backup")
    for number in range(3):
        world.log(f"lost {number}")
    world.seal()
    old, anchor = world.muster.record, world.muster.record.folder.anchor()
    code, out, _ = run("restore", tmp_path / "backup", "--data", tmp_path / "new", "--json")
    done: Any = json.loads(out)
    assert (code, done["same_log"], done["lost"], done["entries"]) == (0, False, 3, 46)
    assert done["old_origin"] == old.origin != done["origin"]
    assert old.folder.anchor() == anchor
    assert run("verify", tmp_path / "new")[0] == 0
    with sqlite3.connect(tmp_path / "new" / "muster.sqlite") as database:
        body: Any = json.loads(
            database.execute(
                "SELECT b.body FROM bodies b JOIN leaves l ON l.stream = b.stream AND l.seq = b.seq WHERE l.feed = 46"
            ).fetchone()[0]
        )
    database.close()
    assert body["old_origin"] == old.origin
    assert body["old_checkpoint"].encode() == anchor
    assert (body["kept"], body["lost"]) == (46, 3)


def test_after_a_restore_passwords_work_and_sessions_and_tokens_have_ended(
    world: World, run: Run, tmp_path: Path
) -> None:
    from tests.store.world import Clock, caller_of, opened

    backed_up(world, run, tmp_path / "backup")
    run("restore", tmp_path / "backup", "--data", tmp_path / "new")
    muster = opened(tmp_path / "new", world.state, None, Clock(START))
    assert caller_of(muster, "ada").administers
    with muster.record.ledger.database.read() as connection:
        states = {row[0] for row in connection.exec_driver_sql("SELECT state FROM tokens")}
        secrets = connection.exec_driver_sql("SELECT count(*) FROM token_secrets").scalar_one()
    muster.record.ledger.database.close()
    assert (states, secrets) == ({"revoked"}, 0)


def test_a_restore_into_a_place_with_a_log_changes_nothing(world: World, run: Run, tmp_path: Path) -> None:
    backed_up(world, run, tmp_path / "backup")
    if world.url is None:
        world.close()
        code, _, error = run("restore", tmp_path / "backup", "--data", world.data)
        assert (code, "There is a log in this place already." in error) == (2, True)
        assert run("verify", world.data)[0] == 0


def test_a_file_that_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE x (y)").connection.close()
    code, _, error = run("restore", tmp_path / "other", "--data", tmp_path / "new")
    assert (code, len(error.splitlines())) == (2, 1)


def test_a_backup_never_overwrites(world: World, run: Run, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine")
    assert run("backup", *files(world), "--out", tmp_path / "backup")[0] == 2
    assert (tmp_path / "backup").read_text() == "mine"


# --- yesterday's directory ---------------------------------------------------------------------------
def test_yesterdays_directory_put_back_is_served_for_reading_only(
    world: World, run: Run, tmp_path: Path
) -> None:
    from muster.access.verbs import Verb
    from tests.store.world import caller_of, opened

    if world.url:
        pytest.skip("a directory that is copied")
    world.close()
    shutil.copytree(world.data, tmp_path / "yesterday")
    muster = opened(world.data, world.state, None, world.clock)
    muster.doing.do(Verb.LOG, {"incident": world.incident, "text": "today"}, world.people["ada"])
    muster.sealer.seal()
    muster.record.ledger.database.close()
    shutil.rmtree(world.data)
    shutil.copytree(tmp_path / "yesterday", world.data)
    code, out, _ = run("verify", world.data)
    assert code == 1
    assert "The record ends before the anchor: it has 46 entries, the anchor knows 47." in out
    back = opened(world.data, world.state, None, world.clock)
    try:
        assert "an older state was put back" in (back.record.ledger.frozen or "")
        assert (
            back.reading.incident(world.people["ada"], world.incident).what == "mimikatz on two web servers"
        )
        with pytest.raises(Unavailable) as refused:
            back.doing.do(Verb.LOG, {"incident": world.incident, "text": "on"}, world.people["ada"])
        assert refused.value.status == 503
        with pytest.raises(Unavailable):
            caller_of(back, "ada")
    finally:
        back.record.ledger.database.close()
    assert "46 entries" in run("verify", world.data)[1]


# --- export -----------------------------------------------------------------------------------------
def exported(world: World, run: Run, file: Path) -> bytes:
    code, out, error = run("export", world.incident, *files(world), "--out", file)
    assert code == 0, out + error
    assert "not recorded" in out
    return file.read_bytes()


def by_script(file: Path) -> int:
    return subprocess.run([sys.executable, "-I", SCRIPT, file], capture_output=True, check=False).returncode


def test_an_export_holds_the_incident_its_signals_and_their_evidence(
    world: World, run: Run, tmp_path: Path
) -> None:
    data = exported(world, run, tmp_path / "export.zip")
    code, out, _ = run("verify", tmp_path / "export.zip")
    assert code == 0
    assert f"{world.incident}: 18 entries, 1 withheld, 1 erased." in out
    assert f"{world.signals['hits']}: 3 entries" in out
    assert by_script(tmp_path / "export.zip") == 0
    for words in (ERASED_TEXT, HIDDEN_TEXT, SECRET_TEXT):
        assert words.encode() not in data
    assert b"mimikatz.exe" in data


def test_what_is_not_sealed_is_left_out_and_counted(world: World, run: Run, tmp_path: Path) -> None:
    world.log("just now")
    code, out, _ = run("export", world.incident, *files(world), "--out", tmp_path / "e.zip", "--json")
    assert (code, json.loads(out)["not_sealed"]) == (0, 1)


@pytest.mark.parametrize(
    "places", [60, pytest.param(3000, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]
)
def test_any_changed_byte_and_any_cut_of_an_export_is_found(
    world: World, run: Run, tmp_path: Path, places: int
) -> None:
    data = exported(world, run, tmp_path / "export.zip")
    bad = tmp_path / "bad.zip"
    step = max(1, len(data) // places)
    for at in range(0, len(data), step):
        bad.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        code, out, error = run("verify", bad)
        assert code == 1, (at, out, error)
    for size in (len(data) - 1, len(data) - 30, len(data) // 2, 40):
        bad.write_bytes(data[:size])
        assert run("verify", bad)[0] == 1, size
        assert by_script(bad) == 1
    for at in (10, len(data) // 3, len(data) - 5):
        bad.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert by_script(bad) == 1


def test_an_export_of_what_is_not_there_says_so(world: World, run: Run, tmp_path: Path) -> None:
    code, _, error = run("export", "SIG-000000", *files(world), "--out", tmp_path / "e.zip")
    assert code in (1, 2)
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "e.zip").exists()


# --- rotation ---------------------------------------------------------------------------------------
def test_a_rotated_key_is_trusted_by_whoever_pinned_the_old_one(
    world: World, run: Run, tmp_path: Path
) -> None:
    old = tmp_path / "old-key"
    old.write_text(world.muster.record.key.verifier().text())
    anchor = tmp_path / "old-anchor"
    anchor.write_bytes(world.muster.record.folder.anchor() or b"")
    world.close()
    more = ("--database", world.url) if world.url else ()
    code, out, error = run("rotate-key", "--data", world.data, *more, "--json")
    assert code == 0, error
    done: Any = json.loads(out)
    assert done["fingerprint"] != done["former"]
    code, out, _ = run("verify", *place(world), "--key", old, "--anchor", anchor)
    assert code == 0
    assert out.startswith(f"verified, signed by {done['fingerprint']}, which is pinned")


def test_a_key_is_not_rotated_under_a_running_server(world: World, run: Run) -> None:
    from muster.store.data_folder import DataFolder

    server = DataFolder(world.data)
    server.own()
    more = ("--database", world.url) if world.url else ()
    code, _, error = run("rotate-key", "--data", world.data, *more)
    server.release()
    assert (code, "already uses this data directory" in error) == (2, True)


# --- folders that may not be written ------------------------------------------------------------------
def as_nobody(world: World, tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user who may read everything and write nothing."""
    program = (
        "import os, sys, tempfile\n"
        "from muster.cli import main\n"
        "from muster.app import verification\n"
        "from pathlib import Path\n"
        "assert verification.database(Path(sys.argv[1]), None, None, None, None).ok\n"  # loads what it needs as root
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "main(sys.argv[2:])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "copy"), *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd="/",
        env={**os.environ, "MUSTER_STATE": str(world.state), "TMPDIR": "/tmp"},
    )  # fmt: skip


def open_to_read(folder: Path) -> None:
    for parent in list(folder.parents)[:-2]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to become somebody else")
@pytest.mark.parametrize("left", ["no log", "a log", "a writer"])
def test_a_folder_that_may_not_be_written_is_verified(world: World, tmp_path: Path, left: str) -> None:
    if world.url:
        pytest.skip("a folder of SQLite")
    world.log("the last word")
    data = tmp_path / "elsewhere"
    if left == "no log":
        world.close()
    if left == "a writer":
        data = world.data
    else:
        shutil.copytree(world.data, data)
        (data / "muster.sqlite-shm").unlink(missing_ok=True)
    assert (data / "muster.sqlite-wal").exists() == (left != "no log")
    shutil.copytree(data, tmp_path / "copy")
    open_to_read(data)
    open_to_read(world.state)
    before = sorted(file.name for file in data.iterdir())
    done = as_nobody(world, tmp_path, "verify", data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "47 entries" in done.stdout
    assert sorted(file.name for file in data.iterdir()) == before
