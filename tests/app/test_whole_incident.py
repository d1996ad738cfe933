"""A whole incident: all entries, its signals and rules, its times with the unknown ones kept, and its place."""

from datetime import timedelta

import pytest

from muster.access.verbs import Verb
from muster.core.errors import NotFound
from muster.core.people import Scope
from tests.app.stage import Stage


def declared(stage: Stage) -> str:
    """An incident from a rule's signal, with more lines than a page of its log shows."""
    token = stage.bearer(stage.people["ada"], Scope.REPORT_HITS)
    hit = {
        "rule_key": "shell.yml",
        "rule_id": "rule-1",
        "title": "Shell",
        "level": "high",
        "author": "Muster",
        "rows": [3],
    }
    answer = stage.http.post(
        "/api/v1/hits", json={"batch": "a" * 64, "events": 9, "hits": [hit]}, headers=token
    ).json()
    signal = answer["signals"][0]["signal"]
    stage.clock.turn(minutes=2)
    incident = str(stage.do(Verb.DECLARE, stage.people["ada"], what="a shell", signal=signal)["incident"])
    for number in range(210):
        stage.do(Verb.LOG, stage.people["ada"], incident=incident, text=f"line {number}")
    return incident


def test_it_holds_all_entries_and_names_the_rule_with_its_author(stage: Stage) -> None:
    incident = declared(stage)

    whole = stage.muster.incidents.gather(stage.people["ada"].caller, incident)

    assert [entry.seq for entry in whole.view.entries] == list(range(whole.view.entries_total))
    assert whole.view.entries_total > 210
    (signal,) = whole.view.signals
    assert whole.rules == {signal.signal: ("rule-1", "Muster")}
    assert whole.record.entries == whole.view.entries_total
    assert whole.record.origin == stage.muster.record.origin
    assert len(whole.record.head) == 64
    assert whole.how_learned == ""
    assert whole.made_at == stage.clock.now


def test_times_that_are_not_known_yet_are_kept_as_unknown(stage: Stage) -> None:
    incident = declared(stage)

    whole = stage.muster.incidents.gather(stage.people["ada"].caller, incident)

    took = {time.measure.name: time.took for time in whole.times}
    assert took["time to acknowledge"] == timedelta(minutes=2)
    assert took["time to close"] is None
    assert {time.n for time in whole.times} == {0, 1}


def test_what_one_may_not_see_is_not_found(stage: Stage) -> None:
    incident = declared(stage)
    stage.do(Verb.RESTRICT, stage.people["ada"], stream=incident, secrecy="named", people=[], expected=1)
    others = [person for name, person in stage.people.items() if name != "ada"]

    for person in others:
        with pytest.raises(NotFound):
            stage.muster.incidents.gather(person.caller, incident)
