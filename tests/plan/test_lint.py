"""The example passes; every rule of the linter has a broken plan that only it complains about."""

from datetime import timedelta
from itertools import chain

from muster.plan.finding import Weight, hindering, problems
from muster.plan.lint import RULES, check
from tests.plan.lints import (
    test_ignore_rules,
    test_message_rules,
    test_people_rules,
    test_playbook_rules,
    test_policy_rules,
    test_references,
    test_role_rules,
    test_service_rules,
)
from tests.plan.shop_plan import NOW, example

ROOMS = (
    test_ignore_rules,
    test_message_rules,
    test_people_rules,
    test_playbook_rules,
    test_policy_rules,
    test_references,
    test_role_rules,
    test_service_rules,
)


def test_the_example_passes() -> None:
    assert problems(check(example(), NOW)) == ()


def test_what_only_grew_old_keeps_nobody_from_approving_a_change() -> None:
    later = check(example(), NOW + timedelta(days=400))
    assert len(problems(later)) > 5
    assert hindering(later) == ()


def test_every_rule_has_its_broken_plan_and_an_id_of_its_own() -> None:
    broken = {broken.rule for broken in chain.from_iterable(room.BROKEN for room in ROOMS)}
    rules = [rule.id for rule in RULES if rule.weight is not Weight.NOTE]
    assert len(set(rules)) == len(rules)
    assert broken == set(rules)
    assert all(rule.clause for rule in RULES)


def test_time_alone_makes_a_plan_stale() -> None:
    later = problems(check(example(), NOW + timedelta(days=400)))
    rules = {finding.rule for finding in later}
    assert rules == {
        "late-drill",
        "late-milestone",
        "never-rehearsed",
        "overdue-review",
        "past-review",
        "stale-fix-path",
        "untested-copy",
        "unverified",
    }


def test_a_plan_that_cannot_be_read_is_complained_about_as_such_alone() -> None:
    broken = {**example(), "roles.yaml": b"roles: [\n"}
    (finding,) = check(broken, NOW)
    assert (finding.rule, finding.file) == ("unreadable", "roles.yaml")
