"""Every part of Muster has its place in the order of imports; nothing below the command line imports it."""

import ast
import tomllib
from collections.abc import Iterator

from lints.house import PACKAGE, Finding, House, Source

TOP = ("cli", "demo")  # cli.py and demo.py with their siblings cli_*.py and demo_*.py
ENTRANCES = ("__init__", "__main__")


def check(house: House) -> Iterator[Finding]:
    """Compare what lies in Muster with the layers that import-linter holds."""
    placed = _placed(house.text("pyproject.toml"))
    for source in house.python(PACKAGE):
        part = source.package
        if _is_top(part) or part in ENTRANCES:
            continue
        if part not in placed:
            yield source.says(
                1, f"`{part}` has no place in the layers of pyproject.toml: which part is it of?"
            )
        yield from _upwards(source)


def _placed(project: str | None) -> set[str]:
    if project is None:
        return set()
    contracts = tomllib.loads(project)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return {name.strip(" ()") for layer in layers for name in layer.replace("|", ":").split(":")}


def _upwards(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        for module in modules:
            first, *rest = module.split(".")
            if first == "muster" and rest and _is_top(rest[0]):
                yield source.says(node, f"`{module}` is the command line: nothing below it may import it")


def _is_top(part: str) -> bool:
    return part in TOP or part.startswith(tuple(f"{name}_" for name in TOP))
