"""The report is filled from the record, for those who may see the incident, and holds no words that are hidden."""

from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.core.errors import NotFound
from muster.web.reporting import data_of, report_of
from tests.app.stage import Stage, peopled


@pytest.fixture
def stage(tmp_path: Path) -> "Stage":
    return peopled(tmp_path)


def incident_of(stage: Stage) -> str:
    ada = stage.people["ada"]
    incident = str(stage.do(Verb.DECLARE, ada, what="The portal answers oddly")["incident"])
    stage.do(Verb.OFFER, ada, incident=incident, role="commander", to=ada.account)
    stage.do(
        Verb.LOG, ada, incident=incident, text="the password is hunter2", happened_at="2026-11-24T02:00Z"
    )
    stage.do(Verb.FACT, ada, incident=incident, text="One account", source="the log of sign-ins")
    stage.do(Verb.ASSUME, ada, incident=incident, text="It was a phished password")
    stage.do(Verb.QUESTION, ada, incident=incident, text="Since when?")
    ratings = {"functional": "high", "safety": "no"}
    stage.do(Verb.SEVERITY, ada, incident=incident, ratings=ratings, reason="All customers", expected=1)
    return incident


def test_the_report_says_what_the_record_says(stage: Stage) -> None:
    incident = incident_of(stage)

    data = data_of(stage.muster.incidents.gather(stage.people["ada"].caller, incident))

    assert (data.code, data.what, data.lane) == (incident, "The portal answers oddly", "real")
    assert data.back is not None
    assert [turn.what for turn in data.back.turning_points] == ["SEV3", data.severity]
    assert [(one.role, one.who) for one in data.back.people.holdings] == [("commander", "Ada")]
    assert [(fact.text, fact.source, fact.status) for fact in data.facts] == [
        ("One account", "the log of sign-ins", "stands")
    ]
    assert [known.text for known in data.assumptions] == ["It was a phished password"]
    assert [known.text for known in data.questions] == ["Since when?"]
    assert [entry.stated for entry in data.entries if entry.text == "the password is hunter2"] == [True]
    assert data.record.unreadable == 0
    assert data.record.entries == len(data.entries)
    assert {time.value is None for time in data.times} == {True, False}
    assert incident in data.record.verify_with


def test_hidden_words_are_not_in_it(stage: Stage) -> None:
    incident = incident_of(stage)
    view = stage.muster.reading.incident(stage.people["ada"].caller, incident)
    seq = next(entry.seq for entry in view.entries if "hunter2" in entry.text)
    stage.do(Verb.REDACT, stage.people["ada"], stream=incident, seq=seq, reason="a password")

    page = report_of(stage.muster, stage.people["ada"].caller, incident)

    assert "hunter2" not in page
    assert "(hidden)" in page


def test_hidden_words_are_counted_and_said_to_be_gone(stage: Stage) -> None:
    incident = incident_of(stage)
    ada = stage.people["ada"]
    view = stage.muster.reading.incident(ada.caller, incident)
    seq = next(entry.seq for entry in view.entries if entry.text == "One account")
    stage.do(Verb.REDACT, ada, stream=incident, seq=seq, reason="a name")

    data = data_of(stage.muster.incidents.gather(ada.caller, incident))
    page = report_of(stage.muster, ada.caller, incident)

    assert data.record.unreadable == 1
    assert "One account" not in page
    assert "1 entry of" in page


def test_a_signal_stands_at_the_time_of_its_lane(stage: Stage) -> None:
    ada = stage.people["ada"]
    stage.do(Verb.REPORT, ada, what="odd")
    arrived = stage.clock.now
    (row,) = stage.muster.reading.signals(ada.caller).signals
    signal = row.signal
    stage.clock.turn(minutes=3)
    incident = str(stage.do(Verb.DECLARE, ada, what="odd", signal=signal)["incident"])

    (one,) = data_of(stage.muster.incidents.gather(ada.caller, incident)).signals
    assert (one.first, one.last) == (arrived, arrived)


def test_what_one_may_not_see_has_no_report(stage: Stage) -> None:
    incident = incident_of(stage)
    stage.do(Verb.RESTRICT, stage.people["ada"], stream=incident, secrecy="named", people=[], expected=1)

    for name, person in stage.people.items():
        if name != "ada":
            with pytest.raises(NotFound):
                report_of(stage.muster, person.caller, incident)


def test_over_the_api_it_is_a_download_with_its_own_policy(stage: Stage) -> None:
    incident = incident_of(stage)

    answer = stage.http.get(f"/api/v1/incidents/{incident}/report", headers=stage.people["ada"].bearer)

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{incident}.html"'
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"].replace("default-src 'none'", "")
