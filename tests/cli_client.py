"""A client of the command line that reaches a whole server in this process, instead of the network."""

import pytest

from muster import cli_verbs
from muster.client import Client
from tests.app.stage import Stage


def reach(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verbs of the command line are done by this stage, until the test ends."""
    real = cli_verbs.client_of

    def client(server: str) -> Client:
        made = real(server)
        wired = stage.browser()
        wired.headers.update(made._http.headers)
        made._http.close()
        made._http = wired
        return made

    monkeypatch.setattr(cli_verbs, "client_of", client)


def speak_as(person: str, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with this person's token."""
    monkeypatch.setenv("MUSTER_TOKEN", stage.people[person].bearer["Authorization"].split()[1])
    reach(stage, monkeypatch)
