"""A program of the tests: it starts servers as children, each of which may kill or stop itself at a named point.

One JSON line on standard input starts one server (see `servers.Order`); the answers, one JSON line each, are
`{"pid"}` when it was forked, what it serves when it serves, and `{"pid", "ended"}` when it has ended. Servers are forked
from a process that has imported everything and started nothing, which saves their start and changes nothing else:
the signal is the kernel's, and what it leaves is what lies on the disk. When standard input ends, so do all.
"""

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from muster.app.settings import Settings
from muster.core.errors import MusterError
from muster.serving import run
from muster.wiring import build


def told(**words: Any) -> None:
    os.write(1, json.dumps(words, default=str).encode() + b"\n")


def watch_of(order: dict[str, Any]) -> Callable[[str], None]:
    """At the n-th passing of the point this process gets the signal.

    When the order says so, only passings of requests count, and only after SIGUSR1 has armed it.
    """
    left = int(order["nth"])
    armed = threading.Event()
    if order["arms"]:
        signal.signal(signal.SIGUSR1, lambda _number, _frame: armed.set())

    def counts() -> bool:
        return not order["arms"] or (armed.is_set() and threading.current_thread().name != "seal")

    def watch(point: str) -> None:
        nonlocal left
        if point == order["point"] and counts():
            left -= 1
            if left == 0:
                told(pid=os.getpid(), reached=point)
                os.kill(os.getpid(), order["signal"])
                time.sleep(1)  # SIGSTOP stops all threads, but this one not at once

    return watch


def serve(order: dict[str, Any]) -> int:
    settings = Settings.model_validate(order["settings"])
    ahead = timedelta(seconds=order["clock_ahead"])
    try:
        muster = build(
            settings,
            watch=watch_of(order),
            clock=lambda: datetime.now(UTC) + ahead,
            state_root=Path(order["state"]),
        )
        muster.door.lease_seconds = float(order.get("lease") or muster.door.lease_seconds)
        return run(settings, lambda **said: told(pid=os.getpid(), **said), muster)
    except MusterError as error:
        told(pid=os.getpid(), refused=error.line())
        return 2


def child(order: dict[str, Any]) -> None:
    os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 1
    try:
        code = serve(order)
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    alive: set[int] = set()
    waiting = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.02 if alive else None)
        for pid in list(alive):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                alive.discard(pid)
                told(pid=pid, ended=os.waitstatus_to_exitcode(status))
        if not ready:
            continue
        data = os.read(0, 65_536)
        if not data:
            break
        *lines, waiting = (waiting + data).split(b"\n")
        for line in lines:
            pid = os.fork()
            if pid == 0:
                child(json.loads(line))
            alive.add(pid)
            told(pid=pid)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    for pid in alive:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
