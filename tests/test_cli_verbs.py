"""Verbs of the command line against a server: fields, tables, JSON, exit codes, names instead of ids."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import COMMAND_LINE_VERBS, Verb
from muster.app.registry import RULES
from muster.cli_verbs import verb_command
from muster.core.people import Scope
from tests.app.stage import Stage, peopled
from tests.cli_client import speak_as
from tests.test_cli import run

HOSTILE = "<b>\x1b[31mred\nline\u202e"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("cli"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def served(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana's token, and a client that reaches the stage instead of the network."""
    monkeypatch.setenv("NO_COLOR", "1")
    speak_as("ana", stage, monkeypatch)


def answer(capsys: Capture, *arguments: str) -> Any:
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, ""), err
    return json.loads(out)


@pytest.fixture
def incident(capsys: Capture) -> str:
    return str(answer(capsys, "declare", "The shop is down")["incident"])


def test_an_incident_from_its_declaration_to_its_end(capsys: Capture, stage: Stage) -> None:
    code = str(answer(capsys, "declare", "The shop is down", "--secrecy", "team")["incident"])
    assert answer(capsys, "offer", code, "commander", "me")["holder"] == stage.people["ana"].account
    assert answer(capsys, "offer", code, "scribe", "ben")["offered"] == stage.people["ben"].account
    assert answer(capsys, "log", code, "A line", "--happened-at", "2026-11-24T02:00Z")["seq"]
    assert answer(capsys, "fact", code, "It is full", "df")["version"] == 1
    rated = answer(
        capsys, "severity", code, "--functional", "high", "--information", "none", "--expected", "1"
    )
    assert rated["severity"].startswith("SEV")
    assert answer(capsys, "summary", code, "A full disk", "--expected", "0")["version"] == 1
    assert answer(capsys, "state", code, "review", "--expected", "1")["state"] == "review"
    assert answer(capsys, "hold-review", code, "--people", "me")
    done = answer(capsys, "close", code, "A full disk", "--how-learned", "staff", "--expected", "2")
    assert done["state"] == "closed"


def test_a_table_for_people(capsys: Capture, incident: str) -> None:
    code, out, _ = run(capsys, "log", incident, "A line")
    assert code == 0
    assert re.fullmatch(r"seq: \d+\n", out)
    code, out, _ = run(capsys, "list", "incidents")
    assert code == 0
    assert out.splitlines()[0].split()[:3] == ["incident", "severity", "state"]
    assert incident in out
    code, out, _ = run(capsys, "show", incident.lower())
    assert code == 0
    assert "A line" in out
    assert "what: The shop is down" in out


@pytest.mark.parametrize("what", ["signals", "incidents", "accounts", "tokens"])
def test_lists_as_one_document(capsys: Capture, what: str) -> None:
    assert isinstance(answer(capsys, "list", what), dict | list)
    assert run(capsys, "list", what)[0] == 0


def test_an_empty_list_is_done_and_says_so(capsys: Capture) -> None:
    code, _, err = run(capsys, "list", "signals", "--state", "attached")
    assert (code, err) == (0, "None.\n")


def test_long_lists_say_how_to_go_on(capsys: Capture, stage: Stage) -> None:
    for number in range(51):
        stage.do(Verb.SIGNAL, stage.people["ana"], title=f"s {number}")
    code, _, err = run(capsys, "list", "signals")
    assert code == 0
    cursor = err.strip().removeprefix("More: --after ")
    assert answer(capsys, "list", "signals", "--after", cursor)["signals"]


def test_hostile_words_do_nothing_to_the_terminal(capsys: Capture, stage: Stage) -> None:
    ana = stage.people["ana"]
    code = stage.do(Verb.DECLARE, ana, what=HOSTILE)["incident"]
    signal = stage.do(Verb.SIGNAL, ana, title=HOSTILE, text=HOSTILE)["signal"]
    for verb in (Verb.LOG, Verb.ASSUME, Verb.QUESTION):
        stage.do(verb, ana, incident=code, text=HOSTILE)
    stage.do(Verb.FACT, ana, incident=code, text=HOSTILE, source=HOSTILE)
    stage.do(Verb.SUMMARY, ana, incident=code, text=HOSTILE, expected=0)
    stage.do(Verb.TOKEN, ana, name=HOSTILE)
    lines: list[str] = []
    for arguments in (
        ("show", code),
        ("show", signal),
        ("list", "incidents"),
        ("list", "signals"),
        ("list", "tokens"),
    ):
        _, out, err = run(capsys, *arguments)
        assert not re.search("[\x1b\u202e]", out + err)
        lines += out.splitlines()
        _, out, _ = run(capsys, *arguments, "--json")
        assert not re.search("[\x1b\u202e]", out)
        json.loads(out)
    assert not any(line.startswith("line") for line in lines)
    code_, _, err = run(capsys, "summary", code, HOSTILE, "--expected", "0")
    assert code_ == 1
    assert err.count("\n") == 3
    assert not re.search("[\x1b\u202e]", err)


REFUSED = [
    (1, ("log", "INC-000000", "x")),
    (1, ("show", "INC-000000")),
    (1, ("show", "nothing")),
    (1, ("offer", "{incident}", "scribe", "nobody-of-that-name")),
    (1, ("close", "{incident}", "x", "--how-learned", "staff", "--expected", "1")),
    (1, ("state", "{incident}", "active", "--expected", "9")),
    (1, ("token", "laptop")),
    (2, ("log", "{incident}", "")),
    (2, ("log", "INC-00001", "x")),
    (2, ("log", "{incident}", "x", "--happened-at", "yesterday")),
    (2, ("log", "{incident}", "x", "--idempotency-key", "short")),
]


@pytest.mark.parametrize(("code", "arguments"), REFUSED)
def test_a_refusal_is_1_and_wrong_use_2(
    capsys: Capture, incident: str, code: int, arguments: tuple[str, ...]
) -> None:
    got, out, err = run(capsys, *(part.format(incident=incident) for part in arguments))
    assert (got, out) == (code, ""), err
    assert err.startswith("muster: ")


def test_a_bad_token_is_2_and_says_what_to_do(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for token in ("mst_0", "", "mst_é"):
        monkeypatch.setenv("MUSTER_TOKEN", token)
        code, _, err = run(capsys, "list", "signals")
        assert code == 2
        assert err.count("\n") == 1


def test_a_sender_s_own_key_makes_repeats_one_signal(capsys: Capture) -> None:
    first = answer(capsys, "signal", "Disk full", "--key", "disk-1")
    assert answer(capsys, "signal", "Disk full again", "--key", "disk-1") == {
        "signal": first["signal"],
        "count": 2,
    }


def test_the_same_key_does_it_once(capsys: Capture) -> None:
    first = answer(capsys, "declare", "x", "--idempotency-key", "a-key-of-mine")
    assert answer(capsys, "declare", "x", "--idempotency-key", "a-key-of-mine") == first


@pytest.mark.parametrize("packed", [False, True])
def test_events_of_a_file_in_batches(
    capsys: Capture, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, packed: bool
) -> None:
    monkeypatch.setenv(
        "MUSTER_TOKEN", stage.bearer(stage.people["ada"], Scope.POST_EVENTS)["Authorization"].split()[1]
    )
    lines = b"".join(b'{"n": %d}\n' % number for number in range(25))
    file = tmp_path / "events"
    file.write_bytes(gzip.compress(lines) if packed else lines)
    before = len(stage.muster.events.spool.waiting_batches())
    assert answer(capsys, "events", str(file), "--lines", "10") == {"events": 25}
    assert answer(capsys, "events", str(file), "--lines", "10") == {"events": 25}
    assert len(stage.muster.events.spool.waiting_batches()) == before + 3


@pytest.mark.parametrize(
    "data",
    [
        b"\x1f\x8bxxx",
        gzip.compress(b"{}\n" * 99, mtime=0)[:-9],
        b"\x1f\x8b",
        gzip.compress(b"x", mtime=0)[:12],
    ],
)
def test_a_damaged_file_is_one_line(capsys: Capture, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "events.gz"
    file.write_bytes(data)
    code, _, err = run(capsys, "events", str(file))
    assert code == 2
    assert "events.gz" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("word", COMMAND_LINE_VERBS)
def test_every_field_of_a_verb_can_be_given(word: str) -> None:
    model = RULES[Verb(word)].command
    given = {(parameter.name or "").partition("__")[0] for parameter in verb_command(word).params}
    assert set(model.model_fields) <= given
