"""No file or folder whose name says nothing: the names tell the story of an incident."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from lints.house import Finding, House

EMPTY = ("common", "helper", "helpers", "manager", "managers", "misc", "service", "util", "utils")


def check(house: House) -> Iterator[Finding]:
    """Look at every part of every path; `record_utils` says as little as `utils`."""
    for source in house.sources:
        for part in PurePosixPath(source.path).with_suffix("").parts:
            word = part.removeprefix("test_")
            if word in EMPTY or word.endswith(tuple(f"_{name}" for name in EMPTY)):
                yield source.says(1, f"`{part}` says nothing: name it after what it does in an incident")
