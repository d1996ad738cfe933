"""An incident as people see it: roles, facts and severity with their versions, a clock that went back."""

from muster.access.verbs import Verb
from tests.app.stage import Stage


def test_roles_with_holder_offer_and_version(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    one = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    stage.do(Verb.OFFER, ana, incident=one, role="commander", to=ana.account)
    stage.do(Verb.OFFER, ana, incident=one, role="commander", to=ben.account)
    roles = {role.role: role for role in stage.muster.reading.incident(ana.caller, one).roles}
    command = roles["commander"]
    assert (command.holder, command.holder_account) == ("Ana", ana.account)
    assert (command.offered, command.offered_account, command.version) == ("Ben", ben.account, 3)
    assert (roles["scribe"].holder, roles["scribe"].version) == (None, 0)
    (row,) = stage.muster.reading.incidents(ana.caller).incidents
    assert row.commander == "Ana"
    stage.do(Verb.ACCEPT, ben, incident=one, role="commander", expected=command.version)


def test_facts_as_they_stand_and_how_they_ended(stage: Stage) -> None:
    ana = stage.people["ana"]
    one = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    believed = stage.do(Verb.ASSUME, ana, incident=one, text="The cache")["seq"]
    asked = stage.do(Verb.QUESTION, ana, incident=one, text="Which cache?")["seq"]
    settle = {"incident": one, "thing": believed, "expected": 1, "ending": "confirmed", "text": "It is"}
    stage.do(Verb.SETTLE, stage.people["ben"], source="Ben looked", **settle)
    facts = {fact.seq: fact for fact in stage.muster.reading.incident(ana.caller, one).facts}
    confirmed = facts[believed]
    assert (confirmed.standing, confirmed.text, confirmed.source) == ("fact", "The cache", "Ben looked")
    assert (confirmed.ending, confirmed.ended_by, confirmed.version) == ("confirmed", "Ben", 2)
    assert (facts[asked].standing, facts[asked].ending, facts[asked].version) == ("question", None, 1)
    stage.do(Verb.REDACT, ana, stream=one, seq=asked, reason="a password")
    hidden = {fact.seq: fact for fact in stage.muster.reading.incident(ana.caller, one).facts}
    assert hidden[asked].text == "(hidden)"


def test_the_severity_says_why(stage: Stage) -> None:
    ana = stage.people["ana"]
    one = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    answer = stage.do(Verb.SEVERITY, ana, incident=one, ratings={"functional": "high"}, expected=1)
    severity = stage.muster.reading.incident(ana.caller, one).severity
    assert (severity.current, severity.version) == (answer["severity"], 2)
    assert severity.why == answer["why"]
    assert severity.ratings["functional"] == "high"
    assert not severity.overridden


def test_an_entry_recorded_after_a_clock_was_set_back_is_marked(stage: Stage) -> None:
    ana = stage.people["ana"]
    one = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    assert not stage.muster.reading.incident(ana.caller, one).clock_warning
    stage.clock.turn(hours=-1)
    seq = stage.do(Verb.LOG, ana, incident=one, text="x")["seq"]
    view = stage.muster.reading.incident(ana.caller, one)
    assert view.clock_warning
    assert [entry.seq for entry in view.entries if entry.late] == [seq]


def test_a_signal_that_one_may_not_see_is_not_named_in_the_log(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"]
    one = stage.do(Verb.DECLARE, ana, what="x", signal=signal)["incident"]
    version = stage.muster.reading.signal(ana.caller, signal).secrecy_version
    stage.do(Verb.RESTRICT, ana, stream=signal, secrecy="named", expected=version)
    assert signal in stage.muster.reading.incident(ana.caller, one).model_dump_json()
    seen = stage.muster.reading.incident(stage.people["ben"].caller, one).model_dump_json()
    assert signal not in seen
    assert "Disk full" not in seen
