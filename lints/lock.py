"""The locks hold what pyproject.toml asks for, every package with hashes, and name no index."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lints.house import Finding, House

PROJECT, LOCK = "pyproject.toml", "requirements.lock"
APART = {"bench": "requirements-bench.lock", "spark": "requirements-spark.lock"}
"""Groups and extras that are too heavy for everybody: each in a lock of its own, and in no other."""

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
ADDRESS = re.compile(r"https?://|^\s*-(?!-hash)|^\s*--(?!hash=)", re.MULTILINE)


def check(house: House) -> Iterator[Finding]:
    """Compare the files without asking an index."""
    project = house.text(PROJECT)
    if project is None:
        return
    tree = tomllib.loads(project)
    groups = {**tree["project"].get("optional-dependencies", {}), **tree["dependency-groups"]}
    ordinary = [
        *tree["project"]["dependencies"],
        *chain.from_iterable(asked for name, asked in groups.items() if name not in APART),
        *tree["build-system"]["requires"],
    ]
    yield from _one(house, LOCK, ordinary)
    for name, lock in APART.items():
        yield from _one(house, lock, groups.get(name, []))


def _one(house: House, path: str, wanted: Sequence[object]) -> Iterator[Finding]:
    lock = house.text(path)
    if lock is None:
        return
    for found in ADDRESS.finditer(lock):
        line = lock.count("\n", 0, found.start()) + 1
        if "--hash=" not in lock.splitlines()[line - 1]:
            yield Finding(
                path, line, "an address or an option stands here: where packages come from is the machine's"
            )
    pins: dict[str, str] = {}
    lines = lock.splitlines()
    for number, line in enumerate(lines, start=1):
        if found := PIN.match(line):
            pins[canonicalize_name(found["name"])] = found["version"]
            if number == len(lines) or "--hash=sha256:" not in lines[number]:
                yield Finding(path, number, f"{found['name']} has no hash")
    for requirement in (Requirement(entry) for entry in wanted if isinstance(entry, str)):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield Finding(path, 1, f"{requirement.name} is missing: run `make lock`")
        elif not requirement.specifier.contains(version, prereleases=True):
            yield Finding(path, 1, f"{requirement} is asked for, {version} is locked: run `make lock`")
