"""Doing a verb: decided under lock, written whole or not at all, once under one key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller, nobody
from muster.app.doing import first_fault, not_found, parse
from muster.app.registry import RULES
from muster.core.errors import BadInput, Conflict, Denied, MusterError, NotFound, Refused, Unsigned
from muster.core.people import Actor, Duty, Scope
from muster.respond.declare import Declare
from tests.app.company import company
from tests.app.stage import Stage, peopled
from tests.store.world import counted


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


def done(stage: Stage, verb: Verb, who: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
    return stage.muster.doing.do(verb, fields, stage.people[who].caller, key)


def test_a_verb_is_one_entry_or_more_with_who_when_and_in_which_role(either: Stage) -> None:
    incident = done(either, Verb.DECLARE, "ana", what="The shop is slow")["incident"]
    done(either, Verb.OFFER, "ana", incident=incident, role="commander", to=either.people["ana"].account)
    done(either, Verb.STATE, "ana", incident=incident, to="active", expected=1)
    last = either.entries(stream=incident)[-1].header
    assert (last.who, last.role, last.through) == (either.people["ana"].account, "commander", "web")
    assert last.recorded_at == either.clock()
    assert [entry.header.seq for entry in either.entries(stream=incident)] == list(range(last.seq + 1))


def test_what_is_refused_writes_nothing(stage: Stage) -> None:
    incident = done(stage, Verb.DECLARE, "ana", what="x")["incident"]
    before = stage.feed
    with pytest.raises(Refused):
        done(stage, Verb.CLOSE, "ana", incident=incident, summary="x", how_learned="staff", expected=1)
    with pytest.raises(Conflict):
        done(stage, Verb.STATE, "ana", incident=incident, to="active", expected=5)
    with pytest.raises(BadInput):
        done(stage, Verb.LOG, "ana", incident=incident, text="")
    assert stage.feed == before


def test_denials_are_on_the_record_with_their_reason(stage: Stage) -> None:
    incident = done(stage, Verb.DECLARE, "ana", what="x")["incident"]
    with pytest.raises(Denied):
        done(stage, Verb.LOG, "caro", incident=incident, text="x")
    with pytest.raises(NotFound):
        done(stage, Verb.LOG, "ana", incident="INC-000000", text="x")
    found = [entry for entry in stage.entries("access.denied") if entry.body]
    assert [(one.body.tree()["reason"], one.header.who) for one in found if one.body] == [
        ("not-allowed", stage.people["caro"].account),
        ("hidden", stage.people["ana"].account),
    ]


def test_nobody_needs_an_account_for_all_but_a_report(stage: Stage) -> None:
    somebody = nobody("127.0.0.1")
    assert stage.muster.doing.do(Verb.REPORT, {"what": "odd"}, somebody)["receipt"].startswith("RCP-")
    with pytest.raises(Unsigned):
        stage.muster.doing.do(Verb.DECLARE, {"what": "odd"}, somebody)


def test_access_may_be_asked_before_anything_is_stored(stage: Stage) -> None:
    stage.muster.doing.ask(Verb.HITS, stage.people["ana"].caller)
    with pytest.raises(Denied):
        stage.muster.doing.ask(Verb.HITS, stage.people["caro"].caller)
    with pytest.raises(Unsigned):
        stage.muster.doing.ask(Verb.HITS, nobody("x"))
    assert len(stage.entries("access.denied")) == 1


@pytest.mark.parametrize("hidden", [True, False])
def test_of_two_streams_the_unseen_one_is_spoken_of_first(either: Stage, hidden: bool) -> None:
    """Caro sees the signal but may not attach it: that must not tell whether the incident exists."""
    signal = done(either, Verb.SIGNAL, "ana", title="Disk full")["signal"]
    done(either, Verb.RESTRICT, "ana", stream=signal, secrecy="open", expected=1)
    secret = done(either, Verb.DECLARE, "ana", what="x", secrecy="named")["incident"]
    incident = secret if hidden else "INC-000000"
    with pytest.raises(NotFound) as refused:
        done(either, Verb.ATTACH, "caro", signal=signal, incident=incident)
    assert refused.value.line() == not_found(incident).line()


def test_the_same_key_gives_the_first_answer(either: Stage) -> None:
    first = done(either, Verb.DECLARE, "ana", "a-key-of-ana", what="x")
    before = either.feed
    assert done(either, Verb.DECLARE, "ana", "a-key-of-ana", what="x") == first
    with pytest.raises(Refused, match="another request"):
        done(either, Verb.DECLARE, "ana", "a-key-of-ana", what="y")
    assert either.feed == before
    assert done(either, Verb.DECLARE, "ben", "a-key-of-ana", what="y") != first


def test_a_key_is_spent_only_by_what_was_done(stage: Stage) -> None:
    with pytest.raises(NotFound):
        done(stage, Verb.LOG, "ana", "a-spent-key", incident="INC-000000", text="x")
    assert done(stage, Verb.DECLARE, "ana", "a-spent-key", what="x")


@pytest.mark.parametrize("key", ["short", "x" * 129, "new\nline", "ünïcode-key"])
def test_a_key_has_a_form(stage: Stage, key: str) -> None:
    with pytest.raises(BadInput) as refused:
        done(stage, Verb.DECLARE, "ana", key, what="x")
    assert key not in refused.value.line()


def test_a_secret_is_not_in_the_answer_that_is_kept(stage: Stage) -> None:
    first = done(stage, Verb.TOKEN, "ana", "a-key-of-ana", name="laptop")
    again = done(stage, Verb.TOKEN, "ana", "a-key-of-ana", name="laptop")
    assert "secret" in first
    assert again == {key: value for key, value in first.items() if key != "secret"}


def at_once(work: Any, times: int) -> list[Any]:
    def safe(number: int) -> Any:
        try:
            return work(number)
        except MusterError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(safe, range(times)))


def test_at_once_under_one_key_it_is_done_once(either: Stage) -> None:
    answers = at_once(lambda _: done(either, Verb.DECLARE, "ana", "all-at-once", what="x"), 6)
    assert answers == [answers[0]] * 6
    assert len(either.entries("incident.declared")) == 1


def test_at_once_all_lines_are_kept_in_one_chain(either: Stage) -> None:
    incident = done(either, Verb.DECLARE, "ana", what="x")["incident"]
    at_once(lambda number: done(either, Verb.LOG, "ana", incident=incident, text=f"line {number}"), 6)
    entries = either.entries(stream=incident)
    assert [entry.header.seq for entry in entries] == list(range(len(entries)))
    texts = {
        entry.body.tree()["text"] for entry in entries if entry.header.kind == "log.written" and entry.body
    }
    assert texts == {f"line {number}" for number in range(6)}


def test_at_once_one_replaces_and_the_others_see_both_texts(either: Stage) -> None:
    incident = done(either, Verb.DECLARE, "ana", what="x")["incident"]
    answers = at_once(
        lambda number: done(
            either, Verb.SUMMARY, "ana", incident=incident, text=f"text {number}", expected=0
        ),
        5,
    )
    won = [answer for answer in answers if isinstance(answer, dict)]
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert (len(won), len(lost)) == (1, 4)
    assert len({error.theirs for error in lost}) == 1
    assert all(error.theirs != error.yours for error in lost)


def test_at_once_the_same_report_is_one_signal(either: Stage) -> None:
    answers = at_once(lambda _: either.muster.doing.do(Verb.REPORT, {"what": "Odd mail"}, nobody("x")), 5)
    assert len({answer["receipt"] for answer in answers}) == 5
    assert len(either.entries("signal.raised")) == 1
    assert len(either.entries("signal.reported-again")) == 4


def test_a_duty_counts_only_as_long_as_the_caller_has_it(stage: Stage) -> None:
    ben = stage.people["ben"]
    without = Caller(Actor(ben.account), "Ben")
    with pytest.raises(Denied):
        stage.muster.doing.do(Verb.SIGNAL, {"title": "x"}, without)
    narrow = Caller(Actor(ben.account, frozenset({Duty.RESPONDER}), scopes=frozenset({Scope.POST_EVENTS})))
    with pytest.raises(Denied, match="scope"):
        stage.muster.doing.do(Verb.SIGNAL, {"title": "x"}, narrow)


def test_the_first_fault_is_one_line_without_the_input() -> None:
    for fields in ({}, {"what": 7}, {"what": "x", "secrecy": "SECRET"}, {"what": "x", "SECRET\n": 1}):
        with pytest.raises(BadInput) as refused:
            parse(Declare, fields)
        assert "SECRET" not in refused.value.line()
        assert "\n" not in refused.value.line()
        assert refused.value.mend
    assert first_fault
    assert RULES[Verb.DECLARE].command is Declare


@pytest.mark.parametrize("approved", [False, True])
def test_a_request_costs_few_statements_under_the_built_in_plan_and_under_one_s_own(
    tmp_path: Path, approved: bool
) -> None:
    made = company(tmp_path, approved=approved)
    stage, noor = made.stage, made.who("noor")
    signals = [stage.post(Verb.SIGNAL, {"title": f"s {n}"}, noor).json()["signal"] for n in range(2)]
    requests = [
        (lambda: stage.post(Verb.DECLARE, {"what": "x"}, noor), 11),
        (lambda: stage.post(Verb.DECLARE, {"what": "x", "signal": signals.pop()}, noor), 13),
        (lambda: stage.get("incidents", noor), 5),
    ]
    for request, most in requests:
        request()  # what is kept in memory is there now
        stage.muster.world.now()
        with counted(stage.muster.record.ledger.database) as statements:
            assert request().status_code == 200
        assert len(statements) <= most, statements
    stage.close()
