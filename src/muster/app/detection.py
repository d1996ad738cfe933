"""The detection process as the server keeps it: its account and token, started again when it ends."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from muster.access.accounts import ACCOUNTS
from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.registry import FOLDS
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import SERVER, Actor, Scope, Through
from muster.store.append import load

SIGN_IN = "muster-detector"
_QUICKEST_AGAIN = 1.0
_SLOWEST_AGAIN = 30.0
_SERVER = Caller(Actor(SERVER, through=Through.SERVER))


@dataclass
class Detection:
    """Starts the detection process and keeps it running until `stop`."""

    muster: Muster
    server: str
    _stopping: threading.Event = field(default_factory=threading.Event)
    _process: "subprocess.Popen[bytes] | None" = None
    _thread: threading.Thread | None = None
    _token: str = ""
    _token_id: str = ""

    def start(self) -> None:
        """Mints the token (scope: report hits, read rules) and starts the process."""
        account = self._account(_SERVER)
        fields = {"name": "detection process", "scope": Scope.REPORT_HITS.value, "account": account}
        minted = self.muster.doing.do(Verb.TOKEN, fields, _SERVER)
        self._token, self._token_id = str(minted["secret"]), str(minted["token"])
        self._thread = threading.Thread(target=self._keep_running, name="detection", daemon=True)
        self._thread.start()

    def _account(self, server: Caller) -> str:
        """The account of the detector; tokens of earlier processes are revoked."""
        with self.muster.record.ledger.database.read() as connection:
            accounts = load(connection, [ACCOUNTS_STREAM], FOLDS, lock=False)[ACCOUNTS_STREAM].slice(ACCOUNTS)
        found = accounts.by_sign_in(SIGN_IN)
        if found is None:
            made = self.muster.doing.do(Verb.PROGRAM, {"name": "Detection", "sign_in": SIGN_IN}, server)
            return str(made["account"])
        if self.muster.record.ledger.database.is_sqlite:
            for token, known in accounts.tokens.items():
                if known.account == found:
                    self.muster.doing.do(Verb.REVOKE, {"token": token}, server)
        return found

    def _keep_running(self) -> None:
        wait = _QUICKEST_AGAIN
        while not self._stopping.is_set():
            began = time.monotonic()
            self._run_once()
            wait = _QUICKEST_AGAIN if time.monotonic() - began > 60 else min(wait * 2, _SLOWEST_AGAIN)
            self._stopping.wait(wait)

    def _run_once(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "muster.app.detector"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        self._process = process
        settings = self.muster.settings
        told = {
            "data": str(settings.data.resolve()),
            "server": self.server,
            "token": self._token,
            "keep_days": settings.events_days,
        }
        try:
            if process.stdin is not None:
                process.stdin.write(json.dumps(told).encode() + b"\n")
                process.stdin.flush()
        except (OSError, ValueError):  # it ended, or `stop` closed its input meanwhile
            pass
        process.wait()

    def stop(self) -> None:
        """Ends the process: its input ends, and with it the process; after 10 s it is killed. Revokes its token."""
        self._stopping.set()
        self._end_process()
        if self._token_id:
            self.muster.doing.do(Verb.REVOKE, {"token": self._token_id}, _SERVER)

    def _end_process(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        if self._thread is not None:
            self._thread.join(timeout=5)
