"""Legal clocks looked back on: begun, due, filed, with the receipt; and those that never ran, with why."""

from datetime import timedelta

from muster.app.looking_back.clocks import clocks_told
from muster.disclose.owed import ObligationFiled
from tests.app.looking_back.night import START, night, past, without


def test_a_clock_that_was_kept_tells_all_its_times() -> None:
    clock = clocks_told(night().past())[0]

    assert clock.key == "gdpr-art-33/notice"
    assert clock.anchored_at == START + timedelta(minutes=70)
    assert clock.due == START + timedelta(minutes=70, days=3)
    assert (clock.filed_at, clock.filed_by) == (START + timedelta(minutes=110), "Dora")
    assert clock.receipt == "Receipt 4711"
    assert clock.recipients == ("Data protection authority, breach desk",)
    assert clock.place.startswith("obligations/gdpr-art-33.yaml:")


def test_one_that_nobody_filed_is_open_and_says_so() -> None:
    clock = clocks_told(past(without(night().told, ObligationFiled.kind)))[0]

    assert clock.filed_at is None
    assert clock.open
    assert clock.state == "overdue"


def test_one_that_never_ran_says_why() -> None:
    others = clocks_told(night().past())[1:]

    assert all(one.anchored_at is None and one.why for one in others)


def test_a_hidden_receipt_is_said_to_be_hidden() -> None:
    told = night()

    assert clocks_told(told.past(hidden=frozenset({told.seqs["receipt"]})))[0].receipt == "(hidden)"


def test_under_no_plan_there_is_none() -> None:
    assert clocks_told(night().past(known=False)) == ()
