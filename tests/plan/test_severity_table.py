"""The table as the plan writes it gives the same answers as the built-in one."""

from itertools import product

import pytest
from pydantic import ValidationError

from muster.core.labels import Severity
from muster.plan.builtin import SEVERITY_TABLE
from muster.plan.severity import Activity, Functional, Information, Ratings, YesNo, derive
from muster.plan.severity_table import Cell
from tests.plan.shop_plan import plan


def test_the_example_is_the_default_table() -> None:
    assert plan().pinned.severity.table == SEVERITY_TABLE


def test_it_gives_a_level_for_whatever_is_rated() -> None:
    table = plan().pinned.severity.table
    for functional, information, activity, safety in product(Functional, Information, Activity, YesNo):
        ratings = Ratings(functional=functional, information=(information,), activity=activity, safety=safety)
        assert derive(table, ratings) == derive(SEVERITY_TABLE, ratings)


def test_each_level_has_duties() -> None:
    part = plan().pinned.severity
    assert all(part.duties(level) for level in Severity)
    worst = part.duties(Severity.SEV1)
    assert worst is not None
    assert (worst.commander_within_minutes, worst.period_hours, worst.review_within_days) == (15, 4, 3)


@pytest.mark.parametrize("when", [{"safety": ["maybe"]}, {"safety": ["unknown"]}, {"functional": []}])
def test_a_value_that_no_rating_has_is_refused(when: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError, match="may be: "):
        Cell.model_validate({"severity": "SEV1", "sentence": "A.", "when": when})
