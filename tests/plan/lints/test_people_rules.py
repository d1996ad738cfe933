"""Somebody who cannot be reached is found before the night, and the example says that nobody real can be called."""

import pytest

from muster.plan.finding import Weight
from muster.plan.lint import check
from muster.plan.lints.people_rules import under
from tests.plan.shop_plan import NOW, Broken, assert_found_alone, example, one

PHONE = '      phone: {kind: phone, address: "sip:mika.sandoval@phones.example.invalid", outside: true}\n'
BROKEN = (
    Broken("one-channel", "people.yaml", PHONE.strip(), (("people.yaml", PHONE + "      mail: {kind: mail, address: mika.sandoval@shop.example.invalid}\n", PHONE),)),
    Broken("all-inside", "people.yaml", "a line of", (("people.yaml", PHONE, PHONE.replace(", outside: true", "") + "      # a line of words\n"),)),
    one("claims-outside", "people.yaml", "robin.vale@shop.example.invalid}", "robin.vale@shop.example.invalid, outside: true}", at="robin.vale@shop"),
    one("unverified", "people.yaml", "verified: 2026-10-26", "verified: 2026-08-25"),
    one("missing-contact", "contacts.yaml", "kind: police", "kind: vendor", at="contacts:"),
    one("example-address", "people.yaml", "sip:noor.lindgren@phones.example.invalid", "+49 30 23125 001", at="sip:robin.vale"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    if broken.rule in ("one-channel", "all-inside"):  # the place is the list of channels, above the words
        (found,) = broken.found()
        lines = broken.tree["people.yaml"].decode().splitlines()
        assert (found.rule, lines[found.line - 1].strip()) == (broken.rule, "channels:")
        assert "mika" in "".join(lines[found.line - 8 : found.line])
        return
    assert_found_alone(broken)


def test_ninety_days_are_still_fresh() -> None:
    assert (
        one("unverified", "people.yaml", "verified: 2026-10-26", "verified: 2026-08-26", at="people:").found()
        == ()
    )


def test_the_example_says_that_nobody_real_can_be_called_and_one_real_address_ends_it() -> None:
    (note,) = [found for found in check(example(), NOW) if found.weight is Weight.NOTE]
    assert (note.rule, note.file, note.line) == ("nobody-real", "people.yaml", 3)
    assert "nobody real can be called" in note.what


def test_beside_real_people_the_addresses_that_reach_nobody_are_counted() -> None:
    (found,) = BROKEN[-1].found()
    assert found.what.startswith("This and ")
    everybody_real = {
        path: data.replace(b"example.invalid", b"harbour.test") for path, data in example().items()
    }
    assert check(everybody_real, NOW) == ()


def test_a_domain_covers_what_lies_under_it_and_nothing_that_only_ends_alike() -> None:
    assert under("shop.example.invalid", ("shop.example.invalid",))
    assert under("mail.shop.example.invalid", ("shop.example.invalid",))
    assert not under("myshop.example.invalid", ("shop.example.invalid",))
