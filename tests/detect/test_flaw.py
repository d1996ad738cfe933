"""Flaws: each has words of its own."""

from muster.detect.flaw import Flaw, Flawed


def test_each_flaw_has_its_own_words_on_one_line() -> None:
    assert len({flaw.value for flaw in Flaw}) == len(Flaw)
    assert all(flaw.value.isprintable() for flaw in Flaw)
    assert str(Flawed(Flaw.LONG)) == Flaw.LONG
