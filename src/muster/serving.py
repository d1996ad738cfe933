"""Running a server: one web process and one detection process, until it is told to stop."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

from muster.access.accounts import ACCOUNTS
from muster.access.passing import LinkPurpose
from muster.app.caller import Caller
from muster.app.detection import Detection
from muster.app.muster import Muster
from muster.app.registry import FOLDS
from muster.app.retention import Retention
from muster.app.settings import Settings
from muster.core.errors import BadInput, MusterError
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import SERVER, Actor, Through
from muster.store.answers import forget_old
from muster.store.append import load
from muster.web.app import create
from muster.wiring import build, logging_to_stderr

FLUSH_SECONDS = 5.0
SWEEP_SECONDS = 3600.0
_LOG = logging.getLogger("muster")
Say = Callable[..., None]


def run(settings: Settings, say: Say, muster: Muster | None = None) -> int:
    """Serves until SIGINT or SIGTERM. say: told once what is served, by name. Raises BadInput, Unavailable."""
    os.umask(0o077)
    logging_to_stderr()
    listener = _listener(settings)
    try:
        parts = muster or build(settings)
    except BaseException:
        listener.close()
        raise
    return _Serving(parts, listener, say).run()


def _listener(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
    except OSError as error:
        listener.close()
        raise BadInput(
            f"The port cannot be used: {error.strerror}.",
            f"--port {settings.port}",
            "Choose another with --port.",
        ) from error
    listener.listen(512)
    return listener


class _Serving:
    def __init__(self, muster: Muster, listener: socket.socket, say: Say) -> None:
        self._muster = muster
        self._listener = listener
        self._say = say
        self._done = threading.Event()
        port = listener.getsockname()[1]
        self.address = f"http://localhost:{port}"
        host = muster.settings.host.strip("[]")
        self._local = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._detection: Detection | None = None

    def run(self) -> int:
        config = uvicorn.Config(
            create(self._muster),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="off",
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=64 * 1024,
        )
        server = _Server(config, self._ready)
        writes = self._muster.record.ledger.frozen is None
        if writes:
            self._muster.sealer.start()
            self._muster.door.start()
            threading.Thread(target=self._flush, name="journal", daemon=True).start()
        # uvicorn raises the signal that ended it again when it is done; what must happen at a clean stop comes after.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        try:
            server.run(sockets=[self._listener])
        finally:
            self._stop(writes=writes)
        return 0

    def _ready(self) -> None:
        muster = self._muster
        said: dict[str, Any] = {"serving": self.address}
        frozen = muster.record.ledger.frozen
        if frozen is not None:
            self._say(**said, reading_only=frozen)
            return
        if muster.settings.detector:
            self._detection = Detection(muster, self._local)
            self._detection.start()
        link = first_link(muster)
        if link is not None:
            said["first_link"] = f"/link/{link}"
        self._say(**said)

    def _flush(self) -> None:
        retention = Retention(
            self._muster.doing,
            Caller(Actor(SERVER, through=Through.SERVER)),
            self._muster.settings.access_days,
        )
        next_sweep = 0.0
        while not self._done.wait(FLUSH_SECONDS):
            try:
                self._muster.journal.flush(self._muster.clock())
                if self._muster.monotonic() >= next_sweep:
                    next_sweep = self._muster.monotonic() + SWEEP_SECONDS
                    retention.run(self._muster.clock())
            except MusterError as error:
                _LOG.warning("%s", error.line())

    def _stop(self, *, writes: bool) -> None:
        self._done.set()
        muster, steps = self._muster, list[Callable[[], object]]()
        if self._detection is not None:
            steps.append(self._detection.stop)
        if writes:
            steps.append(muster.door.stop)
            steps.append(lambda: muster.journal.flush(muster.clock(), all_of_them=True))
            steps.append(lambda: forget_old(muster.record.ledger.database, muster.clock()))
            steps.append(muster.sealer.stop)
        # One that fails, on a full disk for instance, keeps none of the others from being done.
        for step in steps:
            try:
                step()
            except MusterError as error:
                _LOG.warning("%s", error.line())
        muster.record.ledger.database.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and ends on SIGTERM as on SIGINT."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        threading.Thread(target=self._tell, name="ready", daemon=True).start()

    def _tell(self) -> None:
        try:
            self._ready()
        except MusterError as error:
            _LOG.error("%s", error.line())
            signal.raise_signal(signal.SIGTERM)


def first_link(muster: Muster) -> str | None:
    """The secret of a link for the first administrator, while nobody administers."""
    with muster.record.ledger.database.read() as connection:
        accounts = load(connection, [ACCOUNTS_STREAM], FOLDS, lock=False)[ACCOUNTS_STREAM].slice(ACCOUNTS)
    if accounts.administrators():
        return None
    return muster.sign_in.make_link(LinkPurpose.FIRST, "", Through.SERVER)
