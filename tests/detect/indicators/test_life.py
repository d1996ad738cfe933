"""Stories of an indicator's life: a table of times and scores, and what ends it."""

import pytest

from muster.detect.indicators import life
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.life import DAY, Life, Mark, Model

BORN = 1_000 * DAY
DOMAIN = Indicator(Kind.DOMAIN, "evil.example", confidence=80, valid_from=BORN)


@pytest.mark.parametrize(
    ("days", "model", "expected"),
    [
        (0, Model(30, 1.0), 80),
        (-1, Model(30, 1.0), 80),
        (15, Model(30, 1.0), 40),
        (30, Model(30, 1.0), 0),
        (31, Model(30, 1.0), 0),
        (30, Model(120, 2.0), 40),
        (1, Model(120, 2.0), 73),
        (119, Model(120, 2.0), 0),
        (1_825, Model(3_650, 0.3), 72),
        (10_000, None, 80),
    ],
)
def test_the_score_falls_with_time_as_its_model_says(days: int, model: Model | None, expected: int) -> None:
    assert life.score(80, model, days * DAY) == expected


@pytest.mark.parametrize(
    ("day", "mark", "expected", "state"),
    [
        (0, Mark(), 80, Life.ACTIVE),
        (30, Mark(), 40, Life.ACTIVE),
        (60, Mark(), 23, Life.FADED),
        (120, Mark(), 0, Life.FADED),
        (120, Mark(sighted=BORN + 120 * DAY), 80, Life.ACTIVE),
        (150, Mark(sighted=BORN + 120 * DAY), 40, Life.ACTIVE),
        (30, Mark(sighted=BORN - DAY), 40, Life.ACTIVE),
        (0, Mark(false_alarm=True), 0, Life.FALSE_ALARM),
        (0, Mark(revoked=True, false_alarm=True), 0, Life.REVOKED),
        (-1, Mark(), 80, Life.NOT_YET),
    ],
)
def test_a_sighting_refreshes_and_people_end_it(day: int, mark: Mark, expected: int, state: Life) -> None:
    found = life.standing(DOMAIN, mark, BORN + day * DAY)
    assert (found.life, found.score) == (state, expected)


def test_valid_until_is_the_first_moment_at_which_it_no_longer_holds() -> None:
    one = Indicator(Kind.IP, "192.0.2.7", valid_from=BORN, valid_until=BORN + DAY)
    assert life.standing(one, life.NO_MARK, BORN + DAY - 1).life is Life.ACTIVE
    assert life.standing(one, life.NO_MARK, BORN + DAY).life is Life.EXPIRED


def test_a_warning_list_and_the_list_itself_silence_it() -> None:
    assert life.standing(DOMAIN, life.NO_MARK, BORN, listed=True).life is Life.LISTED
    revoked = Indicator(Kind.DOMAIN, "evil.example", revoked=True)
    assert life.standing(revoked, life.NO_MARK, BORN).life is Life.REVOKED


def test_without_a_time_it_holds_from_its_import_and_without_that_it_does_not_decay() -> None:
    bare = Indicator(Kind.IP, "192.0.2.7")
    assert life.standing(bare, life.NO_MARK, BORN).score == life.UNSAID
    assert life.standing(bare, life.NO_MARK, BORN, imported=BORN - 15 * DAY).score == life.UNSAID // 2
    assert life.standing(bare, life.NO_MARK, BORN, imported=BORN - 15 * DAY, lifetime=0).score == life.UNSAID
    assert life.standing(bare, life.NO_MARK, BORN, imported=BORN - 15 * DAY, lifetime=15).score == 0


def test_the_threshold_is_reached_not_passed() -> None:
    at = BORN + 30 * DAY
    assert life.standing(DOMAIN, life.NO_MARK, at, threshold=40).life is Life.ACTIVE
    assert life.standing(DOMAIN, life.NO_MARK, at, threshold=41).life is Life.FADED


def test_every_kind_has_a_model() -> None:
    assert set(life.MODELS) == set(Kind)
