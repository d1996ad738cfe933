"""Each file has its place and its half."""

import pytest

from muster.plan.layout import BY_FIELD, half_of, is_free, is_rule, is_rule_test, name_in, place_of
from muster.plan.plan import Half
from tests.plan.shop_plan import example


@pytest.mark.parametrize(
    ("path", "half"),
    [
        ("severity.yaml", Half.PINNED),
        ("playbooks/a.yaml", Half.PINNED),
        ("templates/a.md", Half.PINNED),
        ("people.yaml", Half.IN_FORCE),
        ("services/a.yaml", Half.IN_FORCE),
        ("rules/a.yml", Half.IN_FORCE),
        ("rules/deep/a.yaml", Half.IN_FORCE),
        ("rules/a.test.yaml", Half.IN_FORCE),
        ("ignores/a.yaml", Half.IN_FORCE),
        ("playbooks/deep/a.yaml", None),
        ("templates/a.yaml", None),
        ("other.yaml", None),
    ],
)
def test_the_half_of_a_file(path: str, half: Half | None) -> None:
    assert half_of(path) is half


def test_every_file_of_the_example_has_a_place() -> None:
    for path in example():
        assert is_free(path) or is_rule(path) or place_of(path) is not None


def test_the_id_of_a_thing_is_the_name_of_its_file() -> None:
    place = BY_FIELD["templates"]
    assert place.file("first-word") == "templates/first-word.md"
    assert name_in(place, "templates/first-word.md") == "first-word"


@pytest.mark.parametrize("path", ["README.md", "docs/a.yaml", ".gitattributes", ".github/x.yaml", "a/.b"])
def test_what_may_lie_beside_a_plan(path: str) -> None:
    assert is_free(path)


def test_tests_beside_rules_are_no_rules() -> None:
    assert is_rule_test("rules/a.test.yaml")
    assert not is_rule("rules/a.test.yaml")
    assert not is_rule_test("rules/a.yaml")
