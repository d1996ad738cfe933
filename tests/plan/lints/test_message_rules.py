"""Templates and obligations that wait for what nobody will say, or that are past their review, are found."""

import pytest

from tests.plan.shop_plan import Broken, assert_found_alone, one, without

CUSTOMER, INTERNAL, GDPR, NORDWIND = (
    "templates/customer-first-notice.md",
    "templates/internal-first.md",
    "obligations/gdpr-art-33.yaml",
    "obligations/nordwind-contract.yaml",
)
BROKEN = (
    one("unknown-place", CUSTOMER, "{{ advice }}", "{{ advise }}", at="{{ advise }}"),
    one("broken-place", CUSTOMER, "{{ advice }}", "{{ advice }", at="{{ advice }"),
    Broken("missing-audience", "templates/", "", (("templates/public-statement.md", "", None), ("playbooks/ransomware-or-data-theft.yaml", "    template: public-statement\n", ""))),
    one("lacks-content", "templates/authority-art-33.md", "2. Contact point: {{ contact-point }}\n", "", at=""),
    one("choice-without-choices", "facts.yaml", "    choices: [unlikely, risk, high]\n", "", at="x"),
    one("impossible-condition", GDPR, "one_of: [risk, high]", "one_of: [risk, hihg]", at="hihg"),
    Broken("always-applies", GDPR, "applies:", ((GDPR, '  every:\n    - {fact: personal-data, one_of: ["yes"]}\n    - {fact: risk-to-people, one_of: [risk, high]}\n', "  every: []\n"),)),
    one("past-review", GDPR, "next_review: 2027-03-07", "next_review: 2026-11-23"),
    one("not-in-force", GDPR, "standing: in-force", "standing: future"),
    one("no-deadline", GDPR, "    quantity: 72\n", "", at="    unit: hours"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    if broken.rule == "lacks-content":
        (found,) = broken.found()
        line = broken.tree[GDPR].decode().splitlines()[found.line - 1]
        assert (found.rule, found.file, line) == ("lacks-content", GDPR, "      contact:")
        return
    if (
        broken.rule == "choice-without-choices"
    ):  # an obligation that asks for one of the choices is hit as well
        assert {found.rule for found in broken.found()} == {
            "choice-without-choices",
            "impossible-condition",
        }
        return
    assert_found_alone(broken)


def test_a_near_name_is_offered() -> None:
    (found,) = BROKEN[0].found()
    assert found.mend == "Did you mean `advice`?"


def test_an_obligation_that_ended_is_found() -> None:
    broken = one(
        "not-in-force",
        GDPR,
        "effective_from: 2018-05-25",
        "effective_from: 2018-05-25\neffective_to: 2026-11-23",
        at="standing:",
    )
    assert_found_alone(broken)


def test_a_clock_that_starts_with_a_filing_names_which() -> None:
    assert_found_alone(one("no-deadline", NORDWIND, "    after: notice\n", "", at="anchor: submitted"))


def test_a_place_in_a_subject_counts_too() -> None:
    broken = one(
        "unknown-place",
        INTERNAL,
        "subject: Something is wrong; please read this",
        'subject: "{{ nothing-known-of }}: please read"',
    )
    assert_found_alone(broken)


def test_stretches_can_be_taken_out() -> None:
    assert without("", GDPR, "notes:", "source:", at="x").found() == ()
