"""The words of a notice: each rule finds its fault in a bad letter and is silent on a good one."""

import pytest

from muster.disclose.wording import check_text, claims, wording
from muster.plan.finding import Weight
from muster.plan.templates import Audience

GOOD = """Security incident at Harbour Goods

On 24 November 2026 strangers broke into our order database and copied it.
They copied your name, your address and your orders. They did not copy passwords.
What you should do: do not answer a mail that asks you to pay again.
We never ask you to send us your password. Ask us: help@shop.example
We write again on 26 November 2026 at 12:00 UTC.
"""
A = Audience


def rules(text: str, audience: Audience = A.CUSTOMER) -> set[str]:
    return {finding.rule for finding in wording(text, audience)}


@pytest.mark.parametrize("audience", list(Audience))
def test_a_good_letter_has_no_finding(audience: Audience) -> None:
    assert check_text(GOOD, audience, ("shop.example",)) == ()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Your data may have been copied by strangers.", "hedge"),
        ("It may include your address.", "hedge"),
        ("An attack potentially took place.", "hedge"),
        ("It happened last night.", "relative-date"),
        ("There is no evidence that your data was misused.", "no-evidence"),
        ("Out of an abundance of caution we tell you.", "stock-phrase"),
        ("We take your security very seriously.", "stock-phrase"),
        ("This was an isolated incident.", "stock-phrase"),
        ("Please send us your password to check.", "asks-for-secrets"),
        ("By reading on you agree to arbitration.", "waiver"),
        ("It concerns {{ data-kinds }}.", "not-filled"),
        ("Your account is 100% secure now.", "absolute-claim"),
        ("We guarantee that nothing else was read.", "absolute-claim"),
        ("This will never happen again.", "absolute-claim"),
        ("The cause was human error.", "blame"),
        ("An employee forgot to close the door.", "blame"),
        ("It was the fault of a new contractor.", "blame"),
        ("TLP:RED", "label"),
        ("It began at 02:10.", "time-without-zone"),
        ("We write again at 9:30 a.m. on 26 November 2026.", "time-without-zone"),
    ],
)
def test_each_fault_is_found_with_its_line(line: str, rule: str) -> None:
    found = [one for one in wording(GOOD + line, A.CUSTOMER, "letter.txt") if one.rule == rule]
    assert [(one.file, one.line) for one in found] == [("letter.txt", 8)]
    assert found[0].mend


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (GOOD.replace("24 November 2026", "a Tuesday").replace("26 November 2026", "Friday"), "no-date"),
        ("On 24 November 2026 there was an incident. We are sorry.", "no-data"),
        ("On 24 November 2026 we saw something about your orders.", "not-confirmed"),
        ("On 24 November 2026 strangers may have copied your orders.", "not-confirmed"),
    ],
)
def test_what_must_be_said_is_missed(text: str, rule: str) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(
    "line",
    [
        "It began at 02:10 UTC and ended at 03:30 (UTC).",
        "It began between 02:10 and 03:30 CET.",
        "It began at 2026-11-24T02:10:00.000000Z, which is 2026-11-24T03:10+01:00.",
        "Ask an employee of ours; our users fail to get an answer elsewhere.",
        "Nothing that we do makes it impossible; it must not happen a second time.",
        "Pages 12:1 to 3:4 of the enclosed paper.",
    ],
)
def test_what_only_looks_like_a_fault_is_none(line: str) -> None:
    assert wording(GOOD + line, A.CUSTOMER) == ()


def test_a_label_of_sharing_holds_for_its_readers() -> None:
    assert "label" in rules(GOOD + "TLP:GREEN", A.PUBLIC)
    assert "label" not in rules(GOOD + "TLP:GREEN", A.CUSTOMER)
    assert "label" in rules(GOOD + "TLP:AMBER+STRICT", A.REGULATOR)
    assert "label" not in rules(GOOD + "TLP:CLEAR", A.PUBLIC)


def test_a_long_sentence_is_only_a_note() -> None:
    (found,) = wording(GOOD + "And " + "then we looked " * 9 + "again.", A.PUBLIC)
    assert (found.rule, found.weight) == ("long-sentence", Weight.NOTE)
    assert len(found.what) < 120


def test_the_month_of_may_hedges_nothing() -> None:
    assert "hedge" not in rules("On 3 May 2026 strangers copied your orders.")


def test_what_may_follow_is_no_hedge_about_what_happened() -> None:
    assert rules(GOOD + "Somebody may send you false invoices, and could know your name.") == set()


def test_an_authority_may_be_told_what_is_only_believed() -> None:
    text = GOOD + "Further accounts may be affected by the attack; there is no evidence of it yet."
    assert rules(text, A.REGULATOR) == set()
    assert rules(text, A.PUBLIC) == {"hedge", "no-evidence"}


def test_our_own_people_are_told_in_any_words_but_with_every_place_filled() -> None:
    assert rules("Something may be wrong with {{ services-affected }} today.", A.INTERNAL) == {"not-filled"}


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Strangers were in the portal.", True),
        ("It concerns 12 people.", True),
        ("Your orders are safe.", True),
        ("We are sorry.", False),
        ("We will answer every question.", False),
    ],
)
def test_what_must_rest_on_a_fact(sentence: str, claim: bool) -> None:
    assert claims(sentence) is claim
