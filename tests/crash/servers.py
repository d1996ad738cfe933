"""Servers that a test starts, kills, stops and starts again; each is a process of its own."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from muster.client import Client
from tests.crash.place import Place

PROGRAM = Path(__file__).with_name("server.py")
SECONDS = 60.0


@dataclass
class Server:
    """One process, for as long as it lives. `ended`: its exit code, or minus the signal that ended it."""

    pid: int
    address: str = ""
    said: dict[str, Any] = field(default_factory=dict[str, Any])
    reached: str = ""
    refused: str = ""
    ended: int | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def hears(self, words: dict[str, Any]) -> None:
        with self.changed:
            self.said |= words
            self.address = words.get("serving", self.address)
            self.reached = words.get("reached", self.reached)
            self.refused = words.get("refused", self.refused)
            self.ended = words.get("ended", self.ended)
            self.changed.notify_all()

    def serves(self) -> bool:
        """Wait until it serves (True) or has ended (False)."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.address or self.ended is not None, SECONDS)
            return self.ended is None

    def waits_for_end(self, seconds: float = SECONDS) -> int:
        with self.changed:
            assert self.changed.wait_for(lambda: self.ended is not None, seconds), "it still runs"
        assert self.ended is not None
        return self.ended

    def reaches(self, seconds: float = SECONDS) -> None:
        """Wait until it has come to its named point."""
        with self.changed:
            assert self.changed.wait_for(lambda: bool(self.reached), seconds), "the point was never passed"

    def arm(self) -> None:
        self.signal(signal.SIGUSR1)
        time.sleep(0.3)  # until its main thread has seen it

    def signal(self, number: int) -> None:
        if self.ended is None:
            os.kill(self.pid, number)

    def stops(self) -> int:
        """Stop it as `systemctl stop` would."""
        self.signal(signal.SIGTERM)
        return self.waits_for_end()

    def client(self, token: str | None = None, **more: Any) -> Client:
        return Client(self.address, token, **more)


class Program:
    """The program that starts servers, and what it says of them; it imports everything once for many tests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        self._born: queue.Queue[Server] = queue.Queue()
        self._servers: dict[int, Server] = {}
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def starts(self, order: dict[str, Any]) -> Server:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return self._born.get(timeout=SECONDS)

    def ends(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=SECONDS)
        self._reader.join(timeout=SECONDS)
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        early: dict[int, list[dict[str, Any]]] = {}
        for line in self._process.stdout:
            words = json.loads(line)
            pid = words.pop("pid")
            if not words:
                server = self._servers[pid] = Server(pid)
                for word in early.pop(pid, []):
                    server.hears(word)
                self._born.put(server)
            elif pid in self._servers:
                self._servers[pid].hears(words)
                if "ended" in words:  # its number may be given to another one
                    del self._servers[pid]
            else:  # the child was quicker than its parent
                early.setdefault(pid, []).append(words)


class Servers:
    """The servers of one test; those that it leaves running are killed."""

    def __init__(self, program: Program, log: Path) -> None:
        self._program = program
        self._log = log
        self._started: list[Server] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for server in self._started:
            with suppress(ProcessLookupError):  # it has just ended by itself
                server.signal(signal.SIGKILL)
        for server in self._started:
            server.waits_for_end()

    def start(
        self,
        place: Place,
        *,
        point: str = "",
        nth: int = 1,
        sends: int = signal.SIGKILL,
        arms: bool = False,
        clock_ahead: float = 0,
        lease: float | None = None,
        **settings: Any,
    ) -> Server:
        """Start a server; at the n-th passing of the point it sends itself the signal (arms: once `arm` was called)."""
        order = {
            "settings": place.settings(**settings).model_dump(mode="json"),
            "state": str(place.state),
            "point": point,
            "nth": nth,
            "signal": sends,
            "arms": arms,
            "clock_ahead": clock_ahead,
            "log": str(self._log),
            "lease": lease,
        }
        self._started.append(self._program.starts(order))
        return self._started[-1]

    def serving(self, place: Place, **more: Any) -> Server:
        """Start a server that is expected to serve."""
        server = self.start(place, **more)
        assert server.serves(), f"{server.refused} {self._log.read_text() if self._log.exists() else ''}"
        return server
