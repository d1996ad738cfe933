"""Nothing of the outside gets into a lifecycle package: every name of every table is tried."""

from collections.abc import Callable

import pytest

from lints.purity import BUILTINS, MODULES, NAMES, check

PURE = "src/muster/respond/command.py"
Lines = Callable[..., list[int]]


@pytest.mark.parametrize("name", BUILTINS)
def test_each_builtin_is_found_called_or_passed_on(name: str, lines: Lines) -> None:
    assert lines(check, PURE, f"{name}('x')\nborrowed = {name}\n") == [1, 2]


@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_found(module: str, lines: Lines) -> None:
    text = f"import {module}\nimport {module} as innocent\nfrom {module} import thing\ndef f():\n    import {module}.x\n"
    assert lines(check, PURE, text) == [1, 2, 3, 5]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_found_however_it_is_borrowed(name: str, lines: Lines) -> None:
    parts = name.split(".")
    text = f"import {parts[0]}\n{name}\n"
    assert 2 in lines(check, PURE, text)
    holder, last = ".".join(parts[:-1]), parts[-1]
    assert lines(check, PURE, f"import {holder} as h\nh.{last}()\n" if len(parts) == 2 else "")[-1:] in (
        [2],
        [],
    )
    if len(parts) == 3:
        assert lines(
            check, PURE, f"from {parts[0]} import {parts[1]} as h\nf(default_factory=h.{last})\n"
        ) == [2]
    else:
        assert lines(check, PURE, f"from {parts[0]} import {parts[1]} as h\n") == [1]


def test_attributes_of_the_same_name_are_innocent(lines: Lines) -> None:
    text = "import re\nfrom datetime import datetime\ncontext.now\nstate.open\nre.compile('x')\ndatetime.fromisoformat('x')\n"
    assert lines(check, PURE, text) == []


@pytest.mark.parametrize(
    "path", ["src/muster/store/blobs.py", "src/muster/wiring.py", "tests/respond/test_command.py"]
)
def test_others_may(path: str, lines: Lines) -> None:
    assert lines(check, path, "import os\nopen('x')\n") == []
