"""Stories of STIX bundles: what their indicators say of themselves comes along; what is not matched is named."""

from typing import Any

import pytest

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import stix_bundle
from muster.detect.indicators.indicator import Indicator, Kind, Left, Why

ONE = "indicator--00000000-0000-4000-8000-000000000001"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
OWN = "marking-definition--00000000-0000-4000-8000-00000000000a"


def indicator(pattern: str, **more: Any) -> dict[str, Any]:
    return {"type": "indicator", "id": ONE, "pattern": pattern, "pattern_type": "stix", **more}


def bundle(*objects: Any) -> dict[str, Any]:
    return {"type": "bundle", "id": "bundle--1", "objects": list(objects)}


def test_what_an_indicator_says_of_itself_comes_along() -> None:
    one = indicator(
        "[domain-name:value = 'evil.example']",
        name="Gate",
        confidence=85,
        valid_from="2026-11-01T00:00:00Z",
        valid_until="2026-12-01T00:00:00.5Z",
        revoked=True,
        object_marking_refs=[RED],
    )
    assert list(stix_bundle.read(bundle(one))) == [
        Indicator(
            Kind.DOMAIN, "evil.example", 85, Tlp.RED, 1_793_491_200, 1_796_083_200, revoked=True, label="Gate"
        )
    ]


@pytest.mark.parametrize(
    "definition",
    [
        {"definition_type": "tlp", "definition": {"tlp": "amber"}},
        {"name": "TLP:AMBER"},
        {"extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "amber"}}},
    ],
)
def test_a_marking_is_understood_by_its_name(definition: dict[str, Any]) -> None:
    mark = {"type": "marking-definition", "id": OWN, **definition}
    one = indicator("[url:value = 'http://evil.example/']", object_marking_refs=[OWN])
    (found,) = stix_bundle.read(bundle(one, mark))
    assert isinstance(found, Indicator)
    assert found.tlp is Tlp.AMBER


def test_of_two_markings_the_stricter_counts_and_without_one_nothing_is_said() -> None:
    both = [RED, "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]
    (strict,) = stix_bundle.read(
        bundle(indicator("[url:value = 'http://a.example/']", object_marking_refs=both))
    )
    (bare,) = stix_bundle.read(bundle(indicator("[url:value = 'http://a.example/']")))
    assert isinstance(strict, Indicator)
    assert isinstance(bare, Indicator)
    assert (strict.tlp, bare.tlp) == (Tlp.RED, None)


def test_a_later_version_replaces_the_earlier_one() -> None:
    old = indicator("[domain-name:value = 'old.example']", modified="2026-01-01T00:00:00Z")
    new = indicator("[domain-name:value = 'new.example']", modified="2026-02-01T00:00:00Z")
    (found,) = stix_bundle.read(bundle(new, old))
    assert isinstance(found, Indicator)
    assert found.value == "new.example"


def test_what_is_not_matched_is_named_with_its_object_and_never_dropped() -> None:
    rows = [
        indicator("[file:name = 'a.exe']"),
        indicator("rule x {}", id="indicator--2", pattern_type="yara"),
        indicator("[domain-name:value = 'nothing']", id="indicator--3"),
        indicator("[url:value = 'http://a.example/']", id="indicator--4", valid_from="soon"),
        {"type": "malware", "id": "malware--1"},
    ]
    assert {one.where: one.why for one in stix_bundle.read(bundle(*rows)) if isinstance(one, Left)} == {
        ONE: Why.PATH,
        "indicator--2": Why.LANGUAGE,
        "indicator--3": Why.NOT_OF_KIND,
        "indicator--4": Why.TIME,
    }


def test_a_bundle_without_objects_is_refused_and_odd_ones_do_no_harm() -> None:
    with pytest.raises(BadInput):
        list(stix_bundle.read({"type": "bundle"}))
    odd = {"type": "indicator", "id": 7, "pattern": ["x"], "object_marking_refs": "x"}
    assert [type(one) for one in stix_bundle.read(bundle(odd, None, 7))] == [Left]
