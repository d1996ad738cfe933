"""Bodies: one model a kind, read in today's version whatever version was written."""

from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from muster.record.body import Body, Kind, kinds_of


class Noted(Body):
    kind: ClassVar[str] = "test.noted"
    v: ClassVar[int] = 3

    text: str
    source: str | None = None
    count: int


class Other(Body):
    kind: ClassVar[str] = "test.other"


def test_a_body_is_plain_data_with_its_null_fields() -> None:
    assert Noted(text="a", count=2).tree() == {"text": "a", "source": None, "count": 2}


def test_unknown_fields_are_refused_and_bodies_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Noted.model_validate({"text": "a", "count": 1, "more": 1})
    with pytest.raises(ValidationError):
        Noted(text="a", count=1).text = "b"  # pyright: ignore[reportAttributeAccessIssue] - that is the point


def test_an_older_version_is_read_by_upcasts_step_by_step() -> None:
    def renamed(tree: dict[str, Any]) -> dict[str, Any]:
        return {"text": tree["words"]}

    def counted(tree: dict[str, Any]) -> dict[str, Any]:
        return tree | {"count": 1}

    kind = Kind(Noted, {1: renamed, 2: counted})

    assert kind.read(1, {"words": "a"}) == Noted(text="a", count=1)
    assert kind.read(2, {"text": "b"}) == Noted(text="b", count=1)
    assert kind.read(3, {"text": "c", "count": 7}) == Noted(text="c", count=7)


def test_a_version_without_a_way_to_today_is_an_error() -> None:
    with pytest.raises(KeyError):
        Kind(Noted).read(1, {"text": "a"})


def test_the_first_version_is_1() -> None:
    assert Other.v == 1
    assert Kind(Other).read(1, {}) == Other()


def test_a_registry_names_each_kind_once() -> None:
    found = kinds_of(Noted, Other)

    assert list(found) == ["test.noted", "test.other"]
    assert found["test.noted"].model is Noted
    assert dict(found["test.noted"].upcasts) == {}
    with pytest.raises(ValueError, match=r"test\.noted is defined twice"):
        kinds_of(Noted, Other, Noted)
