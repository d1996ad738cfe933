"""Run every lint of the house and print what it finds, with file and line."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lints import (
    docstrings,
    lanes,
    length,
    libraries,
    lock,
    names,
    own_tests,
    permissions,
    places,
    purity,
    reasons,
    words,
)
from lints.house import Finding, House

ROOT = Path(__file__).resolve().parent.parent
LINTS: Mapping[str, Callable[[House], Iterator[Finding]]] = {
    "docstrings": docstrings.check,
    "lanes": lanes.check,
    "length": length.check,
    "libraries": libraries.check,
    "lock": lock.check,
    "names": names.check,
    "own-tests": own_tests.check,
    "permissions": permissions.check,
    "places": places.check,
    "purity": purity.check,
    "reasons": reasons.check,
    "words": words.check,
}


def main(root: Path = ROOT) -> int:
    """Answer 0 when nothing was found."""
    house = House.read(root)
    count = 0
    for name, lint in LINTS.items():
        for finding in sorted(lint(house)):
            print(f"{finding.path}:{finding.line}: [{name}] {finding.message}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
