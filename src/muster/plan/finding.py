"""A finding: where in the plan something is wrong, what, how it is mended, and which requirement asks for it."""

from collections.abc import Iterable
from enum import StrEnum

from muster.core.text import shown
from muster.plan.part import Part


class Weight(StrEnum):
    """A problem must be mended before the plan is approved: something in it contradicts itself, or leads to nobody.

    A hole is a link that is missing, stale or untried. It is to be mended too, but not at any hour: a plan with holes
    calls people all the same, and no plan calls nobody. A note is worth knowing.
    """

    PROBLEM = "problem"
    HOLE = "hole"
    NOTE = "note"


class Finding(Part):
    """One place in the plan. rule: the linter rule; clause: the requirement or the section of a standard."""

    file: str
    line: int
    rule: str
    what: str
    mend: str
    clause: str
    weight: Weight = Weight.PROBLEM

    def sentence(self) -> str:
        """One line for a terminal; hostile text in it is made harmless."""
        weight = "" if self.weight is Weight.PROBLEM else f"{self.weight.value}: "
        return shown(f"{self.file}:{self.line}: {weight}{self.what} {self.mend} [{self.clause}]")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of files and lines."""
    return tuple(sorted(findings, key=lambda one: (one.file, one.line, one.rule, one.what)))


def problems(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Without the notes: all that is to be mended."""
    return tuple(finding for finding in findings if finding.weight is not Weight.NOTE)


def hindering(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that must be mended before the plan is approved."""
    return tuple(finding for finding in findings if finding.weight is Weight.PROBLEM)
