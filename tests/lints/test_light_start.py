"""What starts often or serves pages loads no engine of detection before it is asked to detect."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = {"duckdb", "hyperscan", "pyarrow", "sigma"}


def loaded(statement: str) -> set[str]:
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name for name in told.stdout.split() if name in HEAVY}


@pytest.mark.parametrize("module", ["muster.cli", "muster.web.app", "muster.wiring"])
def test_it_starts_light(module: str) -> None:
    if find_spec(module) is None:
        pytest.skip(f"{module} does not exist yet")
    assert loaded(f"import {module}") == set()


def test_a_heavy_start_would_be_seen() -> None:
    assert loaded("import pyarrow") == {"pyarrow"}
