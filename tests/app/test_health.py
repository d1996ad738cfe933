"""How the server is: the detector's own words, kept only when they make sense; never a reason to fail."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from muster.core.errors import BadInput, Unavailable
from tests.app.stage import Stage

SAID = {"rules_loaded": 3, "rules_not_loaded": [["a.yml", "A", "why"]], "events_matched": 7, "fault": "none"}


def test_without_a_detector_there_is_nothing_to_say_of_it(stage: Stage) -> None:
    status = stage.muster.health.status()
    assert status.detection is None
    assert status.reading_only is None
    assert status.plan


def test_what_the_detector_says_is_kept_until_its_next_word(stage: Stage) -> None:
    health = replace(stage.muster.health, detector=True)
    first = health.status().detection
    assert first is not None
    assert (first.running, first.said_at) == (False, None)
    before = stage.feed
    health.detector_says(SAID, stage.clock())
    said = health.status().detection
    assert said is not None
    assert (said.rules_loaded, said.events_matched, said.fault) == (3, 7, "none")
    assert said.rules_not_loaded == (("a.yml", "A", "why"),)
    assert said.said_at == "2026-11-24T02:10:00.000000Z"
    assert stage.feed == before


def test_what_waits_is_told_with_its_size_and_the_age_of_its_oldest(stage: Stage) -> None:
    health = replace(stage.muster.health, detector=True)
    before = health.status().detection
    now = stage.clock()
    health.spool.put(b'{"age": 1}\n', token="0", batch="age", lane="real", now=now - timedelta(seconds=90))
    after = health.status().detection
    assert before is not None
    assert after is not None
    assert after.batches_waiting == before.batches_waiting + 1
    assert after.bytes_waiting > before.bytes_waiting
    assert after.lag_seconds >= 90


@pytest.mark.parametrize(
    "said",
    [{}, {"rules_loaded": "x"}, {"rules_loaded": -1}, SAID | {"rules_not_loaded": [["a"]]}, SAID | {"SECRET": 1},
     SAID | {"fault": "x" * 5000}, SAID | {"rules_not_loaded": [["a", "b", "c"]] * 1001}],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(stage: Stage, said: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        stage.muster.health.detector_says(said, stage.clock())
    assert "SECRET" not in refused.value.line()
    assert replace(stage.muster.health, detector=True).status().detection is not None


def test_a_database_that_does_not_answer_is_no_reason_to_fail(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("Away.")

    monkeypatch.setattr("muster.app.health.position", gone)
    assert replace(stage.muster.health, detector=True).status().detection is None
