"""A text against the facts: a changed count and a changed date are caught, and nothing else is."""

import pytest

from muster.disclose.agreeing import agreeing, filled

FACTS = {
    "people-count": "12400",
    "what-happened": "On 24 November 2026 strangers copied 3 systems with 51,200 records.",
    "since-when": "2026-11-23T23:30Z",
    "next-update": "unknown",
}


def rules(text: str) -> list[str]:
    return [finding.rule for finding in agreeing(text, FACTS)]


@pytest.mark.parametrize(
    "text",
    [
        "It concerns 12,400 customers.",
        "It concerns 12.400 of our customers, and 12 400 accounts.",
        "On 24 November 2026 strangers copied customers' orders.",
        "They read 51200 records on 3 systems.",
        "It began on 23 November 2026 at 23:30 UTC, the 24th in Berlin: November 24th, 2026.",
        "24.11.2026 or 2026-11-24T00:30+01:00, both are right.",
        "Call +49 30 1234567; customers find Article 33 and version 2.14 there. Answer within 30 days.",
        "No figures at all.",
    ],
)
def test_what_the_facts_say_passes(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("It concerns 12,500 customers.", "count-no-fact", "12,500 customers"),
        ("It concerns 1,240 of our customers.", "count-no-fact", "1,240 of our customers"),
        ("They read 4 systems.", "count-no-fact", "4 systems"),
        ("It began on 20 November 2026.", "date-no-fact", "20 November 2026"),
        ("It began on Nov 21, 2026.", "date-no-fact", "Nov 21, 2026"),
        ("It began on 2025-11-24.", "date-no-fact", "2025-11-24"),
        ("We write again on 30.11.2026.", "date-no-fact", "30.11.2026"),
    ],
)
def test_what_no_fact_says_is_found_with_its_line(text: str, rule: str, said: str) -> None:
    (found,) = agreeing(f"Dear customer,\n{text}", FACTS, "letter.txt")
    assert (found.file, found.line, found.rule) == ("letter.txt", 2, rule)
    assert f"“{said}”" in found.what


def test_an_unknown_fact_says_nothing() -> None:
    assert [one.rule for one in agreeing("It concerns 7 people.", {"people-count": "unknown"})] == [
        "count-no-fact"
    ]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert rules("On 31 February 2026 or 2026-13-40 nothing happened.") == []


def test_places_are_filled_line_by_line_and_stay_where_nobody_knows() -> None:
    text = "{{ people-count }} people\n{{next-update}} and {{ other }}"
    assert (
        filled(text, {**FACTS, "people-count": "12400\n"}) == "12400 people\n{{next-update}} and {{ other }}"
    )
