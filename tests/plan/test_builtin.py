"""The built-in plan is complete enough to declare, rate and close with."""

from muster.core.people import Role
from muster.plan.builtin import CLOSING_FIELDS, ROLES, SEVERITY_TABLE
from muster.respond.progress import Close


def test_the_table_names_every_rule_once_and_ends_with_the_rest() -> None:
    ids = [rule.id for rule in SEVERITY_TABLE]
    assert len(set(ids)) == len(ids)
    assert SEVERITY_TABLE[-1].when == ()
    assert all(rule.when for rule in SEVERITY_TABLE[:-1])
    assert all(rule.sentence.endswith(".") for rule in SEVERITY_TABLE)
    assert all(rule.id.startswith(rule.severity.lower()) for rule in SEVERITY_TABLE)


def test_worse_rules_stand_before_milder_ones_save_for_the_near_miss() -> None:
    ranks = [rule.severity.rank for rule in SEVERITY_TABLE if rule.id != "sev5-near-miss"]
    assert ranks == sorted(ranks)


def test_closing_asks_for_fields_that_there_are() -> None:
    assert set(CLOSING_FIELDS) <= set(Close.model_fields)
    assert set(ROLES) == set(Role)
