"""A plan broken in its policy, definitions, severity table or dates is found at that line and nowhere else."""

import pytest

from tests.plan.shop_plan import Broken, assert_found_alone, one, without

BROKEN = (
    one("nobody-approves", "policy.md", "approved_by:\n  - executive", "approved_by: []"),
    one("thin-policy", "policy.md", "domains:\n  - shop.example.invalid", "domains: []"),
    one("late-milestone", "policy.md", "by: 2027-03-31", "by: 2026-11-23"),
    without("missing-term", "definitions.yaml", "  crisis:\n", "", at="terms:"),
    without("term-without-example", "definitions.yaml", "    counter_examples:", "  signal:", at="  event:"),
    one(
        "severity-without-rest",
        "severity.yaml",
        'or routine."\n',
        'or routine."\n    when: {safety: ["no"]}\n',
        at="sev4-otherwise:",
    ),
    without("level-without-duties", "severity.yaml", "  SEV5:", "", at="levels:"),
    one("overdue-review", "templates/internal-first.md", "reviewed_on: 2026-", "reviewed_on: 2025-"),
    one("never-rehearsed", "playbooks/web-intrusion.yaml", "last_rehearsed: 2026-10-05\n", "", at="title:"),
    Broken(
        "late-drill",
        "drills/portal-break-in.yaml",
        "next_on",
        (
            ("drills/portal-break-in.yaml", "last_held: 2026-10-05", "last_held: 2026-05-05"),
            ("drills/portal-break-in.yaml", "next_on: 2026-12-08", "next_on: 2026-11-02"),
        ),
    ),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    assert_found_alone(broken)


def test_a_rule_after_one_that_always_holds_is_found() -> None:
    late = (
        '\n  sev4-late:\n    severity: SEV4\n    sentence: Too late.\n    when: {safety: ["no"]}\n\nlevels:'
    )
    broken = one("severity-without-rest", "severity.yaml", "\nlevels:", late, at="sev4-late:")
    assert {(found.rule, found.line) for found in broken.found()} == {("severity-without-rest", broken.line)}


def test_an_overdue_review_says_since_when_and_whose_it_is() -> None:
    (found,) = BROKEN[7].found()
    assert "71 days ago, on 2026-09-14" in found.what
    assert "`communications`" in found.mend
