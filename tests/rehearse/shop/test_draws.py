"""Draws: the same for the same seed and label, different otherwise, and within their bounds."""

from muster.rehearse.shop.draws import Draws


def test_same_seed_and_label_draw_the_same() -> None:
    one, other = Draws(7, "a"), Draws(7, "a")
    assert [one.below(1000) for _ in range(20)] == [other.below(1000) for _ in range(20)]


def test_seed_and_label_both_matter() -> None:
    rows = {
        tuple(Draws(seed, label).below(1000) for _ in range(1)) for seed in (1, 2) for label in ("a", "b")
    }
    assert len(rows) == 4


def test_bounds() -> None:
    draws = Draws(1, "bounds")
    assert {draws.between(3, 5) for _ in range(200)} == {3, 4, 5}
    assert {draws.pick("xyz") for _ in range(200)} == {"x", "y", "z"}
    assert not any(draws.chance(0) for _ in range(50))
    assert all(draws.chance(100) for _ in range(50))
    assert len(draws.hexadecimal(12)) == 12
