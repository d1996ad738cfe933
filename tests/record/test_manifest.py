"""The manifest: one line, one form, and it holds together."""

import json
from typing import Any

import pytest

from muster.core.errors import BadInput
from muster.record.manifest import Manifest, ManifestStream

A, B = "a" * 64, "b" * 64


def stream(**changes: Any) -> dict[str, Any]:
    return {"count": 3, "erased": [1], "head": A, "id": "INC-A", "withheld": [0, 2]} | changes


def manifest(**changes: Any) -> dict[str, Any]:
    return {"blobs": [A, B], "origin": "o", "root": B, "size": 9, "streams": [stream()]} | changes


def text(tree: Any) -> str:
    return json.dumps(tree, separators=(",", ":"), sort_keys=True) + "\n"


def test_it_is_one_line_of_canonical_json():
    made = Manifest(
        blobs=[A, B],
        origin="o",
        root=B,
        size=9,
        streams=[ManifestStream(count=3, erased=[1], head=A, id="INC-A", withheld=[0, 2])],
    )
    assert made.text() == text(manifest())
    assert Manifest.parse(made.text()) == made


@pytest.mark.parametrize(
    "tree",
    [
        manifest(blobs=[], streams=[stream(withheld=[], erased=[])]),
        manifest(streams=[stream(id="A"), stream(id="B"), stream(id="a_b-9" + "x" * 59)]),
        manifest(streams=[stream(count=1, withheld=[0], erased=[])]),
    ],
)
def test_good_ones_are_read(tree: Any):
    assert Manifest.parse(text(tree)).text() == text(tree)


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        manifest(more=1),
        {key: value for key, value in manifest().items() if key != "blobs"},
        manifest(blobs=[B, A]),
        manifest(blobs=[A, A]),
        manifest(blobs=["A" * 64]),
        manifest(blobs=None),
        manifest(size="9"),
        manifest(size=True),
        manifest(origin=None),
        manifest(root=1),
        manifest(streams=[]),
        manifest(streams=[stream(id="B"), stream(id="A")]),
        manifest(streams=[stream(), stream()]),
        manifest(streams=[stream(more=1)]),
        manifest(streams=[stream(count=0, withheld=[], erased=[])]),
        manifest(streams=[stream(count=-1, withheld=[], erased=[])]),
        manifest(streams=[stream(count=2)]),
        manifest(streams=[stream(count="3")]),
        manifest(streams=[stream(head="x")]),
        manifest(streams=[stream(head=None)]),
        manifest(streams=[stream(id="../x")]),
        manifest(streams=[stream(id="")]),
        manifest(streams=[stream(id="-x")]),
        manifest(streams=[stream(id="x" * 65)]),
        manifest(streams=[stream(id="x\n")]),
        manifest(streams=[stream(withheld=[2, 0])]),
        manifest(streams=[stream(withheld=[0, 0])]),
        manifest(streams=[stream(withheld=[-1])]),
        manifest(streams=[stream(withheld=[3])]),
        manifest(streams=[stream(withheld=[True])]),
        manifest(streams=[stream(erased=[2, 1], withheld=[])]),
        manifest(streams=[stream(erased=[2])]),
        manifest(streams=[stream(erased=None)]),
    ],
)
def test_what_does_not_hold_together_is_refused(tree: Any):
    with pytest.raises(BadInput, match="no manifest") as refused:
        Manifest.parse(text(tree))
    assert refused.value.where == "manifest"


def test_another_form_is_refused():
    for other in (json.dumps(manifest()) + "\n", text(manifest()) + "\n", text(manifest()) * 2, ""):
        with pytest.raises(BadInput):
            Manifest.parse(other)


def test_it_may_be_larger_than_a_body():
    many = [stream(id=f"INC-{number:06}") for number in range(1000)]
    assert len(Manifest.parse(text(manifest(streams=many))).text()) > 100_000
