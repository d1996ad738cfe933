"""Six words are defined, no others."""

import pytest
from pydantic import ValidationError

from muster.plan.definitions import Definitions, Term
from tests.plan.shop_plan import plan


def test_the_example_defines_all_six_with_examples_on_both_sides() -> None:
    terms = plan().pinned.definitions.terms
    assert set(terms) == set(Term)
    assert all(one.examples and one.counter_examples for one in terms.values())


def test_another_word_is_refused() -> None:
    with pytest.raises(ValidationError):
        Definitions.model_validate({"terms": {"alarm": {"means": "a", "criteria": ["b"]}}})
