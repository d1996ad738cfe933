"""The log's own entries: their kinds and fields are read for ever."""

import pytest

from muster.record.log import KINDS, LogKeyRotated, LogRestored, LogStarted

SAMPLES = {
    "log.started": {"origin": "muster.invalid/ab", "verifier_key": "muster.invalid/ab+01+AQ=="},
    "log.restored": {
        "origin": "muster.invalid/cd",
        "verifier_key": "muster.invalid/cd+01+AQ==",
        "old_origin": "muster.invalid/ab",
        "old_checkpoint": None,
        "kept": 12,
        "lost": None,
    },
    "log.key-rotated": {"verifier_key": "muster.invalid/ab+02+AQ=="},
}


def test_every_kind_has_its_frozen_sample() -> None:
    assert set(SAMPLES) == set(KINDS)
    assert {kind.model for kind in KINDS.values()} == {LogStarted, LogRestored, LogKeyRotated}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_is_read_and_written_alike(name: str) -> None:
    assert KINDS[name].read(1, dict(SAMPLES[name])).tree() == SAMPLES[name]
