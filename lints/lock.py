"""The lock holds what pyproject.toml asks for, every package with hashes, and names no index."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lints.house import Finding, House

PROJECT, LOCK = "pyproject.toml", "requirements.lock"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
ADDRESS = re.compile(r"https?://|^\s*-(?!-hash)|^\s*--(?!hash=)", re.MULTILINE)


def check(house: House) -> Iterator[Finding]:
    """Compare both files without asking an index."""
    project, lock = house.text(PROJECT), house.text(LOCK)
    if project is None or lock is None:
        return
    for found in ADDRESS.finditer(lock):
        line = lock.count("\n", 0, found.start()) + 1
        if "--hash=" not in lock.splitlines()[line - 1]:
            yield Finding(
                LOCK, line, "an address or an option stands here: where packages come from is the machine's"
            )
    pins: dict[str, str] = {}
    lines = lock.splitlines()
    for number, line in enumerate(lines, start=1):
        if found := PIN.match(line):
            pins[canonicalize_name(found["name"])] = found["version"]
            if number == len(lines) or "--hash=sha256:" not in lines[number]:
                yield Finding(LOCK, number, f"{found['name']} has no hash")
    for requirement in map(Requirement, _wanted(project)):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            yield Finding(LOCK, 1, f"{requirement.name} is missing: run `make lock`")
        elif not requirement.specifier.contains(version, prereleases=True):
            yield Finding(LOCK, 1, f"{requirement} is asked for, {version} is locked: run `make lock`")


def _wanted(project: str) -> list[str]:
    tree = tomllib.loads(project)
    about = tree["project"]
    return [
        *about["dependencies"],
        *chain.from_iterable(about.get("optional-dependencies", {}).values()),
        *(entry for group in tree["dependency-groups"].values() for entry in group if isinstance(entry, str)),
        *tree["build-system"]["requires"],
    ]
