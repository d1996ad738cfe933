"""Who may do what is decided in access and nowhere else."""

import ast
import re
from collections.abc import Iterator, Mapping

from lints.house import Finding, House, Source

DECIDES: Mapping[str, str] = {
    "src/muster/access/": "the one place that says no",
}
PASSES_ON: Mapping[str, str] = {
    "src/muster/app/": "turns the answer of access into an error, with the reason that access gave",
}
NO_PERMISSION: Mapping[tuple[str, str], str] = {
    ("src/muster/app/sign_in.py", "_wrong"): "a password that does not fit is no question of who may do what",
    ("src/muster/web/app.py", "_refusal"): "a request forged by another site is refused whoever is signed in",
}
HOLDS = ("roles", "role", "groups", "scopes")  # what an actor has; comparing it is a decision


def check(house: House) -> Iterator[Finding]:
    """Look for denials that are made up elsewhere, and for questions about what an actor holds."""
    for source in house.python("src/muster/"):
        if source.path.startswith(tuple(DECIDES)):
            continue
        free = set(_exempt(source))
        for node in ast.walk(source.tree):
            if node in free:
                continue
            if isinstance(node, ast.Call) and _name(node.func) == "Denied" and not _passed_on(source, node):
                yield source.says(node, "access denies, others pass its reason on: ask `may`")
            if isinstance(node, ast.Compare) and any(map(_of_actor, [node.left, *node.comparators])):
                yield source.says(node, "this compares what an actor holds: ask `may` (lints/permissions.py)")


def _exempt(source: Source) -> Iterator[ast.AST]:
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (source.path, node.name) in NO_PERMISSION
        ):
            yield from ast.walk(node)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _passed_on(source: Source, call: ast.Call) -> bool:
    """In app, an error may carry a reason that came from elsewhere, never words written on the spot."""
    given = [*call.args, *(word.value for word in call.keywords)]
    return source.path.startswith(tuple(PASSES_ON)) and bool(given) and not _own_words(given[0])


def _own_words(text: ast.expr) -> bool:
    constants = (node.value for node in ast.walk(text) if isinstance(node, ast.Constant))
    return any(isinstance(value, str) and re.search("[A-Za-z]{2}", value) for value in constants)


def _of_actor(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in HOLDS and _name(node.value) in {"actor", "who"}
