"""Shapes by name."""

from muster.detect.shapes.shape import ShapeName


def test_names_are_short_words() -> None:
    assert all(name.replace("-", "").isalnum() and name.islower() for name in ShapeName)
