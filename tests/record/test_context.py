"""A context gives ids and secrets: the same at each asking, others for another purpose, number or seed."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from muster.core.people import NOBODY, Actor
from muster.record.context import Context, PlanCommits

NOW = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)


def context(seed: bytes = b"s" * 32) -> Context:
    return Context(Actor(NOBODY), NOW, PlanCommits("a", "b"), seed)


def test_an_id_is_32_hex_digits_and_the_same_at_each_asking() -> None:
    one = context().id("stream")

    assert len(one) == 32
    assert int(one, 16) >= 0
    assert context().id("stream") == one
    assert context().id("stream", 0) == one


def test_ids_are_known_answers() -> None:
    # SHA-256(seed, NUL, "stream/0") and SHA-256(seed, NUL, "secret receipt/0"), computed by hand
    import hashlib

    assert context().id("stream") == hashlib.sha256(b"s" * 32 + b"\0stream/0").hexdigest()[:32]
    assert context().secret("receipt") == hashlib.sha256(b"s" * 32 + b"\0secret receipt/0").digest()


@given(st.lists(st.tuples(st.text(max_size=8), st.integers(0, 99)), unique=True, min_size=2, max_size=6))
def test_every_purpose_and_number_has_its_own(asked: list[tuple[str, int]]) -> None:
    made = [context().id(purpose, number) for purpose, number in asked]

    assert len(set(made)) == len(made)


def test_another_seed_gives_others() -> None:
    assert context(b"a" * 32).id("stream") != context(b"b" * 32).id("stream")
    assert context(b"a" * 32).secret("receipt") != context(b"b" * 32).secret("receipt")


def test_a_secret_is_32_bytes_that_no_id_tells() -> None:
    secret = context().secret("receipt")

    assert len(secret) == 32
    assert secret.hex()[:32] not in {context().id("receipt"), context().id("secret receipt", 1)}


def test_its_instant_is_the_lanes_now_where_the_lane_has_a_clock() -> None:
    assert context().instant == NOW
    later = NOW.replace(hour=9)
    assert replace(context(), lane_now=later).instant == later
