"""The state as bytes: canonical, bounded by its values, and read back only where it still means the same."""

import json

import pytest

from muster.detect.correlation_state import empty, from_bytes, short
from tests.detect.correlation_yard import base, compiled, correlation, event, fed, plan


def test_equal_states_have_equal_bytes_that_are_canonical() -> None:
    one = compiled(
        [base("a", kind="a"), correlation("n", "event_count", ["a"], condition={"gte": 9}, group_by=["u"])]
    )
    data = fed(one, plan(one), [event(n, kind="a", u=f"ü{n % 3}") for n in range(5)])[0].to_bytes(
        one.correlations
    )
    told = json.loads(data)
    assert json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data
    state, wrong = from_bytes(data, one.correlations)
    assert (state.to_bytes(one.correlations), wrong) == (data, "")


def test_windows_of_a_changed_correlation_are_forgotten_and_others_kept() -> None:
    def rules(number: int):
        return compiled([
            base("a", kind="a"),
            correlation("n", "event_count", ["a"], condition={"gte": number}),
            correlation("m", "event_count", ["a"], condition={"gte": 5}),
        ])  # fmt: skip

    before, after = rules(3), rules(4)
    patient = plan(before, lateness=0)
    data = fed(before, patient, [event(0, kind="a"), event(1, kind="a")])[0].to_bytes(before.correlations)
    kept, wrong = from_bytes(data, after.correlations)
    assert wrong == ""
    by_title = {
        asked.rule.title: groups for asked, groups in zip(after.correlations, kept.windows, strict=True)
    }
    assert (len(by_title["n"]), len(by_title["m"])) == (0, 1)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b'{"v":2}', b'{"v":1}', b"\xff", b'{"v":1,"counts":[1],"sources":[]}'],
)
def test_what_is_no_state_is_told_and_nothing_is_kept(data: bytes) -> None:
    state, wrong = from_bytes(data, ())
    assert wrong
    assert state == empty(())


def test_long_and_odd_values_are_kept_short_and_apart() -> None:
    assert short("plain ü") == "plain ü"
    long = [short("x" * 5_000 + tail) for tail in "ab"]
    assert long[0] != long[1]
    assert len(long[0]) < 200
    assert short("a\0b").isprintable()
    assert short("a\0b") != short("a\1b")
