"""Reading: lists and pages that show what may be seen, and leave a trace only of what is secret."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app.caller import nobody
from muster.core.errors import BadInput, Damaged, Denied, NotFound, Unavailable, Unsigned
from tests.app.stage import Stage, peopled
from tests.web.edge import SHA

DATA = b'{"user": "root"}\n'


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


def hits(data: bytes = DATA, **more: Any) -> dict[str, Any]:
    evidence = {"data": b64encode(data).decode(), "events": [0]}
    hit = {"rule_key": "r", "rule_id": "r", "title": "A rule", "rows": [0], "evidence": evidence}
    return {"batch": SHA, "events": 1, "hits": [hit | more]}


def hit_signal(stage: Stage) -> tuple[str, str]:
    """A signal with evidence: its code and the hash of the bytes."""
    answer = stage.muster.evidence.report_hits(hits(), stage.people["ana"].caller, None)
    signal = str(answer["signals"][0]["signal"])
    (evidence,) = stage.muster.reading.signal(stage.people["ana"].caller, signal).evidence
    return signal, evidence.sha256


def test_lists_are_newest_first_in_pages_and_by_state(either: Stage) -> None:
    ana = either.people["ana"]
    made = []
    for number in range(5):
        either.clock.turn(seconds=1)
        made.append(either.do(Verb.SIGNAL, ana, title=f"signal {number}")["signal"])
    either.do(Verb.ACKNOWLEDGE, ana, signal=made[2])
    reading, seen, after = either.muster.reading, [], None
    while True:
        page = reading.signals(ana.caller, after=after, limit=2)
        seen += [row.signal for row in page.signals]
        after = page.next
        if after is None:
            break
    assert seen == made[::-1]
    assert [row.signal for row in reading.signals(ana.caller, state="acknowledged").signals] == [made[2]]
    assert reading.signals(ana.caller, state="no such state").signals == ()
    assert len(reading.signals(ana.caller, limit=0).signals) == 1
    with pytest.raises(BadInput):
        reading.signals(ana.caller, after="\0")


def test_lists_show_what_may_be_seen(either: Stage) -> None:
    ana = either.people["ana"]
    either.do(Verb.DECLARE, ana, what="open", secrecy="open")
    either.do(Verb.DECLARE, ana, what="team", secrecy="team")
    either.do(Verb.DECLARE, ana, what="named", secrecy="named", people=[either.people["caro"].account])
    seen = {
        name: {row.what for row in either.muster.reading.incidents(either.people[name].caller).incidents}
        for name in ("ana", "ben", "caro")
    }
    assert seen == {"ana": {"open", "team", "named"}, "ben": {"open", "team"}, "caro": {"open", "named"}}


def test_ordinary_reading_writes_nothing(stage: Stage) -> None:
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    before, reading = stage.feed, stage.muster.reading
    for _ in range(2):
        reading.incidents(ana.caller)
        reading.incident(ana.caller, incident)
        reading.signals(ana.caller)
        reading.accounts(ana.caller)
        reading.tokens(ana.caller)
        reading.sessions(ana.caller)
        reading.people(ana.caller)
    assert stage.feed == before


def test_reading_what_is_for_named_people_is_on_the_record(stage: Stage) -> None:
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="x", secrecy="named")["incident"]
    for _ in range(3):
        stage.muster.reading.incident(ana.caller, incident)
    (entry,) = stage.entries("access.read")
    assert entry.body is not None
    assert entry.body.tree() == {"thing": incident, "what": "stream for named people"}
    assert entry.header.who == ana.account


def test_evidence_is_on_the_record_before_it_is_given_out(stage: Stage) -> None:
    signal, sha256 = hit_signal(stage)
    assert stage.muster.reading.evidence(stage.people["ana"].caller, signal, sha256) == DATA
    stage.muster.reading.evidence(stage.people["ana"].caller, signal, sha256)
    (entry,) = stage.entries("access.read")
    assert entry.body is not None
    assert entry.body.tree() == {"thing": sha256, "what": "evidence"}


def test_what_cannot_be_recorded_is_not_shown(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    signal, sha256 = hit_signal(stage)
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="x", secrecy="named")["incident"]

    def full(*_: Any, **__: Any) -> Any:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(type(stage.muster.record.ledger), "append", full)
    with pytest.raises(Unavailable):
        stage.muster.reading.evidence(ana.caller, signal, sha256)
    with pytest.raises(Unavailable):
        stage.muster.reading.incident(ana.caller, incident)
    assert stage.muster.reading.incidents(ana.caller).incidents


@pytest.mark.parametrize("sha256", [SHA, "", "../../etc/passwd", "A" * 64])
def test_evidence_of_no_signal_is_not_found(stage: Stage, sha256: str) -> None:
    signal, _ = hit_signal(stage)
    with pytest.raises(NotFound):
        stage.muster.reading.evidence(stage.people["ana"].caller, signal, sha256)


def test_evidence_that_was_changed_on_disk_is_not_given_out(stage: Stage) -> None:
    signal, sha256 = hit_signal(stage)
    file = stage.muster.settings.data / "blobs" / sha256[:2] / sha256[2:]
    file.write_bytes(b"something else")
    with pytest.raises(Damaged):
        stage.muster.reading.evidence(stage.people["ana"].caller, signal, sha256)


def test_evidence_of_a_hidden_entry_is_hidden_with_it(stage: Stage) -> None:
    signal, sha256 = hit_signal(stage)
    stage.do(Verb.REDACT, stage.people["ana"], stream=signal, seq=1, reason="a password in it")
    with pytest.raises(NotFound):
        stage.muster.reading.evidence(stage.people["ana"].caller, signal, sha256)


def test_whoever_tries_codes_leaves_a_trace(stage: Stage) -> None:
    secret = stage.do(Verb.DECLARE, stage.people["ana"], what="x", secrecy="named")["incident"]
    ben = stage.people["ben"].caller
    for code in (secret, "INC-000000"):
        with pytest.raises(NotFound):
            stage.muster.reading.incident(ben, code)
    stage.muster.journal.flush(stage.clock(), all_of_them=True)
    found = [entry.body.tree()["count"] for entry in stage.entries("access.denied") if entry.body]
    assert found == [1, 1]


def test_hidden_words_are_hidden_in_lists_too(stage: Stage) -> None:
    ana, reading = stage.people["ana"], stage.muster.reading
    incident = stage.do(Verb.DECLARE, ana, what="hunter2")["incident"]
    signal = stage.do(Verb.SIGNAL, ana, title="hunter2")["signal"]
    stage.do(Verb.ATTACH, ana, signal=signal, incident=incident)
    stage.do(Verb.SUMMARY, ana, incident=incident, text="hunter2", expected=0)
    last = stage.entries(stream=incident)[-1].header.seq
    for stream, seq in ((incident, 0), (signal, 0), (incident, last)):
        stage.do(Verb.REDACT, ana, stream=stream, seq=seq, reason="a password")
    seen = [
        reading.incidents(ana.caller), reading.signals(ana.caller), reading.incident(ana.caller, incident),
        reading.signal(ana.caller, signal),
    ]  # fmt: skip
    for view in seen:
        assert "hunter2" not in view.model_dump_json()
    assert "(hidden)" in seen[0].model_dump_json()
    stage.do(Verb.ERASE, stage.people["ben"], stream=incident, seq=0)
    assert reading.incidents(ana.caller).incidents[0].what == "(erased)"


def test_reading_needs_an_account_and_some_of_it_a_duty(stage: Stage) -> None:
    signal, sha256 = hit_signal(stage)
    stage.do(Verb.RESTRICT, stage.people["ana"], stream=signal, secrecy="open", expected=1)
    caro, reading = stage.people["caro"].caller, stage.muster.reading
    assert reading.signal(caro, signal).signal.signal == signal
    with pytest.raises(Denied):
        reading.evidence(caro, signal, sha256)
    with pytest.raises(Denied):
        reading.may_export(caro, signal)
    for work in (reading.signals, reading.incidents, reading.accounts, reading.tokens, reading.people):
        with pytest.raises(Unsigned):
            work(nobody("x"))
    with pytest.raises(Unsigned):
        reading.signal(nobody("x"), signal)


@pytest.mark.parametrize("code", ["ACC-ACCOUNTS", "LOG-LOG"])
def test_streams_of_the_installation_are_nobody_s_to_export(stage: Stage, code: str) -> None:
    for name in ("ada", "ana"):
        with pytest.raises(NotFound):
            stage.muster.reading.may_export(stage.people[name].caller, code)


def test_a_receipt_tells_where_a_report_stands_and_nothing_else(either: Stage) -> None:
    receipt = either.muster.doing.do(Verb.REPORT, {"what": "odd", "contact": "me"}, nobody("x"))["receipt"]
    view = either.muster.reading.receipt(f" {receipt.lower()} ")
    assert (view.state, view.outcome) == ("new", None)
    assert set(type(view).model_fields) == {"state", "outcome", "raised_at", "last_at"}
    with pytest.raises(BadInput):
        either.muster.reading.receipt("RCP-\0")
    with pytest.raises(NotFound):
        either.muster.reading.receipt("RCP-0000-0000-0000-0000")


def test_people_to_choose_from_are_persons_in_use(stage: Stage) -> None:
    ada = stage.people["ada"]
    stage.do(Verb.INVITE, ada, name="Dora", sign_in="dora")
    stage.do(Verb.PROGRAM, ada, name="Probe", sign_in="probe")
    stage.do(Verb.DISABLE, ada, account=stage.people["ben"].account, reason="left")
    assert [person.name for person in stage.muster.reading.people(ada.caller)] == ["Ada", "Ana", "Caro"]
    rows = {row.sign_in: (row.state, row.kind) for row in stage.muster.reading.accounts(ada.caller)}
    assert rows["dora"] == ("invited", "person")
    assert rows["ben"] == ("disabled", "person")
    assert rows["probe"][1] == "program"


def test_an_account_is_found_by_sign_in_name_or_id(stage: Stage) -> None:
    ana, reading = stage.people["ana"], stage.muster.reading
    assert (
        reading.account_of(ana.caller, " ANA ") == reading.account_of(ana.caller, ana.account) == ana.account
    )
    with pytest.raises(NotFound):
        reading.account_of(ana.caller, "nobody")


def test_a_long_log_comes_in_pages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from muster.app import reading as module

    monkeypatch.setattr(module, "ENTRIES_A_PAGE", 4)
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    for number in range(6):
        stage.do(Verb.LOG, ana, incident=incident, text=f"line {number}")
    seqs, before = [], None
    while True:
        view = stage.muster.reading.incident(ana.caller, incident, before=before)
        seqs = [entry.seq for entry in view.entries] + seqs
        before = view.earlier
        if before is None:
            break
    assert seqs == list(range(view.entries_total))
