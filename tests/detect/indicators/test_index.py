"""Stories of the index: what is in it is found, what is not is not, and a hash alone is never believed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import index
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.networks import Networks

NAMES = st.text("abc.", min_size=1, max_size=6)


def test_an_indicator_comes_back_as_it_was_put_in() -> None:
    one = Indicator(Kind.DOMAIN, "xn--bcher-kva.example", 80, Tlp.RED, 5, 7, revoked=True, label="Gäte")
    bare = Indicator(Kind.IP, "192.0.2.7")
    made = index.build([one, bare])
    assert [made.indicator(row) for row in made.rows(one.value)] == [one]
    assert [made.indicator(row) for row in made.rows(bare.value)] == [bare]
    assert made.rows("example") == []


@given(st.lists(NAMES, max_size=40), st.lists(NAMES, max_size=40))
def test_found_is_what_is_in_the_list_and_nothing_else(held: list[str], asked: list[str]) -> None:
    made = index.build([Indicator(Kind.DOMAIN, value) for value in held])
    found = {asked[place]: len(rows) for place, rows in made.find(asked)}
    assert found == {value: held.count(value) for value in asked if value in held}


def test_half_a_character_is_looked_up_like_any_other_value() -> None:
    made = index.build([Indicator(Kind.DOMAIN, "evil.example")])
    assert [place for place, _ in made.find(["\ud800", "evil.example"])] == [1]


def test_a_hash_that_collides_is_no_hit() -> None:
    made = index.build([Indicator(Kind.DOMAIN, "evil.example")])
    forged = index.Index(index.hashes_of(["good.example"]), made.facts, made.text, Networks(), hashed=False)
    assert forged.find(["good.example"]) == []


def test_probing_costs_eight_bytes_an_indicator() -> None:
    made = index.build(Indicator(Kind.DOMAIN, f"{number}.example") for number in range(70_000))
    assert len(made) == 70_000
    assert made.hashes.nbytes == 8 * len(made)
    assert bool(np.all(made.hashes[:-1] <= made.hashes[1:]))
    assert made.rows("69999.example")


def test_parts_that_do_not_fit_and_too_many_indicators_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = index.build([Indicator(Kind.DOMAIN, "evil.example")])
    with pytest.raises(BadInput):
        index.of_parts(made.hashes, made.facts[:0], made.text)
    monkeypatch.setattr(index, "MAX_INDICATORS", 3)
    with pytest.raises(BadInput, match="More than 3"):
        index.build(Indicator(Kind.DOMAIN, f"{number}.example") for number in range(4))
