"""Parts refuse what they do not know; ids, lines and reviews are what they say."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from muster.plan.part import Id, Line, Part, Reviewed


class Thing(Part):
    name: Line


def test_an_unknown_field_is_refused_and_nothing_can_be_changed() -> None:
    with pytest.raises(ValidationError):
        Thing.model_validate({"name": "a", "nmae": "b"})
    thing = Thing(name=" a ")
    assert thing.name == "a"
    with pytest.raises(ValidationError):
        thing.name = "b"


@pytest.mark.parametrize("wrong", ["", "A", "a b", "-a", "a_b", "ä", "a\n", "a" * 64])
def test_what_is_no_id(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(wrong)


def test_a_line_is_one_line() -> None:
    with pytest.raises(ValidationError):
        Thing(name="a\nb")


def test_a_review_is_due_after_its_days() -> None:
    part = Reviewed(owner="commander", reviewed_on=date(2026, 1, 1), review_within_days=30)
    assert part.review_due == date(2026, 1, 31)
