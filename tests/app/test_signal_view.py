"""A signal as people see it: words, rule, evidence, and its incident only for those who may see that."""

from muster.access.verbs import Verb
from muster.app.caller import nobody
from tests.app.stage import Stage
from tests.app.test_reading import hits


def test_a_report_with_its_contact(stage: Stage) -> None:
    stage.muster.doing.do(
        Verb.REPORT, {"what": "Strange mails\nfrom our bank", "contact": "Eve, 4711"}, nobody("x")
    )
    ana = stage.people["ana"].caller
    (row,) = stage.muster.reading.signals(ana).signals
    view = stage.muster.reading.signal(ana, row.signal)
    assert (row.title, row.source, row.count) == ("Strange mails", "person", 1)
    assert (view.text, view.contact, view.secrecy) == ("Strange mails\nfrom our bank", "Eve, 4711", "team")
    assert "RCP-" not in view.model_dump_json()


def test_hits_with_their_rule_and_evidence(stage: Stage) -> None:
    ana = stage.people["ana"].caller
    sent = hits(rule_id="ID-1", author="A. Author", level="high")
    signal = stage.muster.evidence.report_hits(sent, ana, None)["signals"][0]["signal"]
    view = stage.muster.reading.signal(ana, signal)
    assert (view.rule_id, view.rule_author, view.rule_level) == ("ID-1", "A. Author", "high")
    (evidence,) = view.evidence
    assert (evidence.events, evidence.batch) == ((0,), sent["batch"])
    assert view.signal.severity == "SEV2"


def test_its_incident_is_named_to_those_who_may_see_it(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"]
    incident = stage.do(Verb.DECLARE, ana, what="x", secrecy="named", signal=signal)["incident"]
    assert stage.muster.reading.signal(ana.caller, signal).signal.incident == incident
    other = stage.muster.reading.signal(stage.people["ben"].caller, signal)
    assert other.signal.incident is None
    assert incident not in other.model_dump_json()


def test_a_hidden_beginning_hides_title_text_and_contact(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = stage.do(Verb.SIGNAL, ana, title="hunter2", text="hunter2")["signal"]
    stage.do(Verb.REDACT, ana, stream=signal, seq=0, reason="a password")
    view = stage.muster.reading.signal(ana.caller, signal)
    assert "hunter2" not in view.model_dump_json()
    assert view.signal.title == "(hidden)"
    stage.do(Verb.ERASE, stage.people["ben"], stream=signal, seq=0)
    assert stage.muster.reading.signal(ana.caller, signal).signal.title == "(erased)"


def test_whose_duplicate_it_is_is_named_to_those_who_may_see_that(stage: Stage) -> None:
    ana = stage.people["ana"]
    first, second = (stage.do(Verb.SIGNAL, ana, title=title)["signal"] for title in ("one", "two"))
    more = {"outcome": "duplicate", "duplicate_of": first, "reason": "the same"}
    stage.do(Verb.DISMISS, ana, signal=second, **more)
    assert first in stage.muster.reading.signal(stage.people["ben"].caller, second).model_dump_json()
    stage.do(Verb.RESTRICT, ana, stream=first, secrecy="named", expected=1)
    assert first in stage.muster.reading.signal(ana.caller, second).model_dump_json()
    seen = stage.muster.reading.signal(stage.people["ben"].caller, second).model_dump_json()
    assert first not in seen
    assert "one that you may not see" in seen
