"""The linter for the lists of indicators of a plan: what is left out of them, with file, line and reason.

A list that cannot be read is a hole; a single entry that is left out is a note, since whoever made the list says what
stands in it.
"""

from collections import Counter
from collections.abc import Mapping

from muster.core.text import shown
from muster.detect.indicators.indicator import Left
from muster.detect.indicators.loading import NAMED, WHOLE, Loaded, load
from muster.plan.finding import Finding, Weight, in_order
from muster.plan.layout import is_indicators

CLAUSE = "DET-07"


def check_indicators(tree: Mapping[str, bytes]) -> tuple[Loaded, tuple[Finding, ...]]:
    """The lists in a plan's files, and a finding for each of the first 500 entries that are left out."""
    loaded = load({path: data for path, data in tree.items() if is_indicators(path)})
    findings = [_finding(path, one) for path, one in loaded.named]
    if loaded.left > NAMED:
        said = f"{loaded.left - NAMED} more entries of the lists are left out."
        findings.append(
            _said(loaded.lists[-1].path, 1, said, "Mend those that are named first.", Weight.NOTE)
        )
    return loaded, in_order(findings)


def sentence(loaded: Loaded) -> str:
    """One line for a terminal; empty for a plan without lists."""
    if not loaded.lists:
        return ""
    kinds = sum((one.kinds for one in loaded.lists), Counter[str]())
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    said = f"Indicators: {loaded.count} in {len(loaded.lists)} lists{f' ({counts})' if counts else ''}"
    said += "".join(
        f"; {count} {what}"
        for count, what in (
            (sum(one.excludes for one in loaded.lists), "values on warning lists"),
            (sum(one.false_alarms for one in loaded.lists), "false alarms"),
            (loaded.left, "entries left out"),
        )
        if count
    )
    return f"{said}."


def _finding(path: str, one: Left) -> Finding:
    number = one.where.removeprefix("line ")
    line = int(number) if number.isdecimal() else 1
    text = f": `{shown(one.text)}`" if one.text else ""
    if one.where == WHOLE:
        return _said(path, 1, f"This list cannot be read{text}.", "Give a list as docs/indicators.md says.",
            Weight.HOLE)  # fmt: skip
    where = "" if one.where.startswith("line ") else f" of {shown(one.where)}"
    return _said(path, line, f"An entry{where} is left out ({one.why.value}){text}.",
        "Mend it or take it out; it is not looked for.", Weight.NOTE)  # fmt: skip


def _said(path: str, line: int, what: str, mend: str, weight: Weight) -> Finding:
    return Finding(
        file=shown(path),
        line=line,
        rule="indicator-left-out",
        what=what,
        mend=mend,
        clause=CLAUSE,
        weight=weight,
    )
