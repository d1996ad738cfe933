"""Quotas: a bucket for each source and one for all; who is refused learns when to come again."""

import pytest

from muster.app import quota
from muster.app.quota import Quota
from muster.core.errors import TooMany


def taken(one: Quota, source: str, times: int, at: float = 0.0) -> int:
    done = 0
    for _ in range(times):
        try:
            one.take(source, at)
        except TooMany:
            break
        done += 1
    return done


def test_so_many_a_minute_and_then_one_by_one() -> None:
    one = Quota(per_minute=6, all_per_minute=60)
    assert taken(one, "a", 10) == 6
    with pytest.raises(TooMany) as refused:
        one.take("a", 0.0)
    assert refused.value.retry_after == 11
    assert "11 s" in refused.value.mend
    assert taken(one, "a", 10, at=10.001) == 1
    assert taken(one, "a", 10, at=1000.0) == 6


def test_one_source_does_not_use_up_another_s() -> None:
    one = Quota(per_minute=2, all_per_minute=60)
    assert taken(one, "a", 5) == 2
    assert taken(one, "b", 5) == 2


def test_all_together_have_a_bound_and_a_refusal_costs_nothing() -> None:
    one = Quota(per_minute=5, all_per_minute=8)
    assert taken(one, "a", 5) + taken(one, "b", 5) + taken(one, "c", 5) == 8
    assert taken(one, "c", 5, at=7.5) == 1


def test_only_so_many_sources_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "_SOURCES", 3)
    one = Quota(per_minute=1, all_per_minute=1000)
    for source in ("a", "b", "c", "d"):
        assert taken(one, source, 2) == 1
    assert taken(one, "a", 2) == 1  # silent longest, forgotten
    assert taken(one, "d", 2) == 0


def test_what_was_no_guess_is_given_back() -> None:
    quota = Quota(2, 100)
    for _ in range(5):
        quota.take("a", 0.0)
        quota.give_back("a", 0.0)
    quota.take("a", 0.0)
    quota.take("a", 0.0)
    with pytest.raises(TooMany):
        quota.take("a", 0.0)
