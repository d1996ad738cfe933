"""Tags: their form, and what they name."""

import pytest

from muster.detect.rulebook.tags import tactics, techniques, wrong_form


@pytest.mark.parametrize(
    "tag", ["attack.t1059", "attack.t1059.003", "attack.g0032", "attack.s0002", "attack.initial-access", "cve.2021-44228", "tlp.red", "detection.threat-hunting"]
)  # fmt: skip
def test_known_forms(tag: str) -> None:
    assert wrong_form(tag) is None


@pytest.mark.parametrize(
    "tag", ["attack.t105", "attack.T1059", "attack.lateral_movement", "attack.mischief", "word", "a b.c"]
)
def test_unknown_forms(tag: str) -> None:
    assert wrong_form(tag)


def test_the_mend_of_the_older_writing_is_said() -> None:
    assert (
        wrong_form("attack.lateral_movement") == "tactics are written with hyphens: attack.lateral-movement"
    )


def test_what_tags_name() -> None:
    tags = ("attack.t1059.003", "attack.execution", "attack.t1059.003", "attack.lateral_movement", "car.1")
    assert techniques(tags) == ("T1059.003",)
    assert tactics(tags) == ("execution", "lateral-movement")
