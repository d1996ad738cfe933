"""Errors say what happened, where, and the next step; their kinds give the answer's status."""

import pytest

from muster.core import errors
from muster.core.errors import BadInput, Conflict, MusterError, Refused, TooMany

STATUS = {
    "BadInput": 400, "Unsigned": 401, "Denied": 403, "NotFound": 404, "Refused": 409, "Conflict": 409,
    "TooMany": 429, "Damaged": 503, "Unavailable": 503,
}  # fmt: skip


def test_a_line_is_where_what_and_the_mend() -> None:
    assert BadInput("This is no time.", "happened_at", "Write it so.").line() == (
        "happened_at: This is no time. Write it so."
    )
    assert str(Refused("It is closed.")) == "It is closed."
    assert BadInput("No.", "", "Go on.").line() == "No. Go on."


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_each_kind_has_its_status(name: str, status: int) -> None:
    assert getattr(errors, name).status == status


def test_no_kind_is_forgotten_here_and_none_shares_its_words() -> None:
    kinds = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, MusterError) and one is not MusterError
    ]
    assert {one.__name__ for one in kinds} == set(STATUS)
    assert len({one.slug for one in kinds}) == len({one.title for one in kinds}) == len(kinds)


def test_a_conflict_carries_both_texts_and_the_version() -> None:
    error = Conflict("Changed.", "expected", "Look.", theirs="theirs", yours="yours", version=3)
    assert (error.theirs, error.yours, error.version) == ("theirs", "yours", 3)
    assert isinstance(error, Refused)


def test_too_many_says_when_to_come_again() -> None:
    assert TooMany("Too often.", retry_after=7).retry_after == 7
    assert TooMany("Too often.").retry_after == 60
