"""One line -> its fields, the same as in a batch, without loading columns."""

import subprocess
import sys

import pytest

from muster.detect.flaw import Flawed
from muster.detect.normalising import happened, normalised


def test_the_fields_of_a_line() -> None:
    found = normalised(b'{"a":{"b":1},"c":"x"}')
    assert found is not None
    assert dict(found[1]) == {"a.b": "1", "c": "x"}
    assert happened(b'{"ts":"2026-01-02T03:04:05Z"}') == "2026-01-02T03:04:05Z"
    assert happened(b"nothing") is None
    with pytest.raises(Flawed):
        normalised(b"{")


def test_pages_can_use_it_without_the_engine() -> None:
    code = "import sys, muster.detect.normalising; print(sorted({'pyarrow', 'hyperscan', 'sigma'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"  # fmt: skip
