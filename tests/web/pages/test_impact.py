"""The questions of the rating form hold every axis and every value, and the unknown first."""

from typing import cast

from pydantic import TypeAdapter

from muster.plan.severity import Axis, Information, Ratings
from muster.web.pages.impact import QUESTIONS


def test_every_axis_is_asked_once() -> None:
    assert sorted(question.axis for question in QUESTIONS) == sorted(axis.value for axis in Axis)


def test_every_value_can_be_answered() -> None:
    for question in QUESTIONS:
        values = {value for value, _ in question.answers}
        assert question.answers[0][0] == "unknown"
        if question.several:
            assert values == {value.value for value in Information}
        else:
            kind = Ratings.model_fields[question.axis].annotation
            adapter = cast("TypeAdapter[object]", TypeAdapter(kind))
            assert values == set(adapter.json_schema()["enum"])
