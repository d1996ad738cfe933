"""Ignores that expired, never end, or belong to nobody."""

import pytest

from muster.plan.finding import problems
from muster.plan.lint import check
from tests.plan.shop_plan import NOW, Broken, assert_found_alone, example, plan

FILE = "ignores/backup.yaml"


def ignore(expires: str, owner: str | None = None) -> str:
    person = owner or next(iter(plan().in_force.people.people))
    return (
        "rule: rules/a.yml\ndetection:\n  selection: {User: backup}\n  condition: selection\n"
        f"reason: The backup does this every night.\nowner: {person}\nexpires: {expires}\n"
    )


BROKEN = (
    Broken("ignore-expired", FILE, "expires:", ((FILE, None, ignore("2026-11-23")),)),
    Broken("ignore-endless", FILE, "expires:", ((FILE, None, ignore("2036-01-01")),)),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    assert_found_alone(broken)


def test_one_that_holds_is_no_finding() -> None:
    assert problems(check({**example(), FILE: ignore("2027-01-31").encode()}, NOW)) == ()


def test_one_of_a_stranger_leads_to_nobody() -> None:
    tree = {**example(), FILE: ignore("2027-01-31", "nobody").encode()}
    assert [one.rule for one in problems(check(tree, NOW))] == ["unknown-person"]
