"""From a tree of files to the typed plan; every complaint names file and line, and one cause has one complaint."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError

from muster.core.text import shown
from muster.plan.complaints import complaints
from muster.plan.finding import Finding
from muster.plan.front_matter import read_markdown
from muster.plan.layout import PLACES, Place, is_free, is_rule, is_rule_test, name_in, place_of
from muster.plan.part import Part
from muster.plan.plan import Half, InForce, Pinned, Plan
from muster.plan.tree import Tree, check_tree
from muster.plan.yaml_text import Flaw, Parsed, read_yaml

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What could be read. plan: None when a part is missing or unreadable; findings say which and where."""

    plan: Plan | None
    findings: tuple[Finding, ...]
    parsed: Mapping[str, Parsed]

    def line(self, file: str, path: tuple[str | int, ...]) -> int:
        """The line of a value in a file."""
        found = self.parsed.get(file)
        return found.line(path) if found else 1


def load(tree: Tree) -> Loaded:
    """Reads a plan. Raises BadInput only when the tree breaks the limits; all else is findings."""
    check_tree(tree)
    findings: list[Finding] = list(_strangers(tree))
    parsed: dict[str, Parsed] = {}
    halves: dict[Half, dict[str, object]] = {Half.PINNED: {}, Half.IN_FORCE: {}}
    complete = True
    for place in PLACES:
        files = {name_in(place, path): path for path in sorted(tree) if place_of(path) is place}
        if not files and not place.may_lack:
            findings.append(_missing(place))
        read: dict[str, Part] = {}
        for name, path in files.items():
            found = _read(place, name, path, tree[path], parsed)
            if isinstance(found, Part):
                read[name] = found
            else:
                findings += found
        complete = complete and (bool(files) or place.may_lack) and len(read) == len(files)
        halves[place.half][place.field] = read if place.is_folder else next(iter(read.values()), None)
    plan = _plan(halves, tree) if complete else None
    return Loaded(plan, tuple(findings), parsed)


def _plan(halves: Mapping[Half, Mapping[str, object]], tree: Tree) -> Plan:
    rules = tuple(path for path in sorted(tree) if is_rule(path))
    return Plan(
        pinned=Pinned.model_validate(halves[Half.PINNED]),
        in_force=InForce.model_validate({**halves[Half.IN_FORCE], "rules": rules}),
    )


def _read(
    place: Place, name: str, path: str, data: bytes, parsed: dict[str, Parsed]
) -> Part | tuple[Finding, ...]:
    if place.is_folder and not _ID.fullmatch(name):
        what = "The name of this file is no id."
        mend = "Use lower-case letters, digits and hyphens: `order-database`."
        return (_finding(place, path, 1, "file-name", what, mend),)
    try:
        found = read_markdown(data) if place.suffix == ".md" else read_yaml(data)
    except Flaw as flaw:
        return (_finding(place, path, flaw.line, "unreadable", flaw.what, flaw.mend),)
    parsed[path] = found
    if not isinstance(found.value, dict):
        what, mend = "The file holds no fields.", f"Write {place.title} here."
        return (_finding(place, path, 1, "unreadable", what, mend),)
    try:
        return place.model.model_validate(found.value)
    except ValidationError as error:
        return tuple(
            _finding(place, path, found.line(one.path), one.rule, one.what, one.mend)
            for one in complaints(place.model, error)
        )


def _finding(place: Place, path: str, line: int, rule: str, what: str, mend: str) -> Finding:
    return Finding(file=path, line=line, rule=rule, what=what, mend=mend, clause=place.clause)


def _missing(place: Place) -> Finding:
    file = f"a file {place.path}NAME{place.suffix}" if place.is_folder else f"the file {place.path}"
    return Finding(
        file=place.path,
        line=1,
        rule="part-missing",
        what=f"The plan does not hold {place.title}.",
        mend=f"Add {file}; `muster init` shows one.",
        clause=f"PRE-01, {place.clause}" if place.clause != "PRE-01" else "PRE-01",
    )


def _strangers(tree: Tree) -> Iterator[Finding]:
    """Files that look like a part of the plan and are none: usually a folder's name with a typing error."""
    folders = [place.path.rstrip("/") for place in PLACES if place.is_folder]
    names = [place.path for place in PLACES if not place.is_folder]
    for path in sorted(tree):
        if (
            is_rule(path)
            or is_rule_test(path)
            or is_free(path)
            or place_of(path)
            or not path.endswith((".yaml", ".yml", ".md"))
        ):
            continue
        top, _, rest = path.partition("/")
        near = get_close_matches(top, folders if rest else names, 1)
        mend = "Move it to docs/ if it is only for reading."
        if near and near[0] != top:
            mend = f"Did you mean {near[0]}{'/' if rest else ''}?"
        elif near:
            mend = f"Its name should end with {next(p.suffix for p in PLACES if p.path == f'{top}/')}."
        yield Finding(
            file=shown(path),
            line=1,
            rule="file-unknown",
            what="This file is no part of the plan.",
            mend=mend,
            clause="PRE-01",
        )
