"""The connection to PostgreSQL is cut after a commit and before its answer: what stands is not written a second time."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url

from muster.access.verbs import Verb
from muster.core.errors import Unavailable
from muster.respond.log import LogWritten
from tests.crash.place import Place
from tests.crash.test_clock_jump import founder


class Wire:
    """A relay to the database server; once armed, it takes the next COMMIT there, and cuts before its answer."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                committed = threading.Event()
                for source, target, upwards in ((client, server, True), (server, client, False)):
                    arguments = (source, target, committed, upwards)
                    threading.Thread(target=self._relay, args=arguments, daemon=True).start()

    def _relay(
        self, source: socket.socket, target: socket.socket, committed: threading.Event, upwards: bool
    ) -> None:
        with suppress(OSError), source, target:
            while data := source.recv(65_536):
                if upwards and self.cuts.is_set() and b"COMMIT\x00" in data:
                    self.cuts.clear()
                    committed.set()
                if not upwards and committed.is_set():
                    source.shutdown(socket.SHUT_RDWR)
                    target.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(data)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def wire(url: str) -> Iterator[tuple[Wire, str]]:
    """The wire to a database, and the database's address at its near end."""
    far = make_url(url)
    assert far.port is not None
    cut = Wire(far.port)
    try:
        yield cut, far.set(port=cut.port).render_as_string(hide_password=False)
    finally:
        cut.close()


@pytest.mark.parametrize("key", [None, "the same key"])
def test_a_lost_answer_is_said_and_not_written_twice(
    tmp_path: Path, fresh_postgres: Callable[[], str], key: str | None
) -> None:
    url = fresh_postgres()
    with wire(url) as (cut, near), Place(tmp_path, near).parts() as muster:
        ana = founder(muster)
        incident = muster.doing.do(Verb.DECLARE, {"what": "The shop is down"}, ana)["incident"]
        fields = {"incident": incident, "text": "Only once"}
        cut.cuts.set()
        with pytest.raises(Unavailable, match="not known whether"):
            muster.doing.do(Verb.LOG, fields, ana, key)
        assert not cut.cuts.is_set()
        if key is not None:
            assert muster.doing.do(Verb.LOG, fields, ana, key)["seq"] == 3
    place = Place(tmp_path, url)
    assert [entry.seq for entry in place.entries() if isinstance(entry.body, LogWritten)] == [3]
    place.is_whole()
