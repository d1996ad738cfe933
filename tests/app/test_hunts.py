"""What hunts say of themselves is kept in place of their last word; nonsense is refused."""

import pytest

from muster.app.hunts import KEPT
from muster.core.errors import BadInput, Unsigned
from muster.core.people import NOBODY, Actor
from tests.app.stage import Caller, Stage

SAID = {
    "hunt": "ab" * 16, "title": "Root", "rules": 2, "events_lane": "real", "events": 5, "total": 10, "hits": 1,
    "by_hour": {"20261124T02": 1},
}  # fmt: skip


def test_the_newest_word_of_a_hunt_counts_and_old_hunts_are_forgotten(stage: Stage) -> None:
    ana, before = stage.people["ana"].caller, stage.feed
    for at in range(KEPT + 5):
        stage.muster.hunts.says(ana, SAID | {"hunt": f"{at:032x}"}, stage.clock())
    stage.muster.hunts.says(ana, SAID | {"hunt": f"{KEPT:032x}", "events": 10, "done": True}, stage.clock())
    found = stage.muster.hunts.all(ana)
    assert len(found) == KEPT
    assert (found[0].hunt, found[0].events, found[0].done) == (f"{KEPT:032x}", 10, True)
    assert stage.feed == before


@pytest.mark.parametrize(
    "bad", [{"hunt": "x"}, {"events": -1}, {"by_hour": {"soon": 1}}, {"secret-x": 1}, {"title": "x" * 201}]
)
def test_nonsense_is_refused_and_not_repeated(stage: Stage, bad: dict[str, object]) -> None:
    answer = stage.post("hunts", SAID | bad, stage.people["ana"])
    assert answer.status_code == 400
    assert "secret-x" not in answer.text
    assert stage.post("hunts", SAID, stage.people["ana"]).json() == {"kept": "yes"}


def test_who_has_no_account_neither_tells_nor_sees(stage: Stage) -> None:
    with pytest.raises(Unsigned):
        stage.muster.hunts.all(Caller(Actor(NOBODY)))
    with pytest.raises(Unsigned):
        stage.muster.hunts.says(Caller(Actor(NOBODY)), SAID, stage.clock())
    with pytest.raises(BadInput):
        stage.muster.hunts.says(stage.people["ana"].caller, {}, stage.clock())
