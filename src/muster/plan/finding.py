"""A finding: where in the plan something is wrong, what, how it is mended, and which requirement asks for it."""

from enum import StrEnum

from muster.core.text import shown
from muster.plan.part import Part


class Weight(StrEnum):
    """A problem must be mended before the plan is approved; a note is worth knowing."""

    PROBLEM = "problem"
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
        note = "note: " if self.weight is Weight.NOTE else ""
        return shown(f"{self.file}:{self.line}: {note}{self.what} {self.mend} [{self.clause}]")


def problems(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Without the notes."""
    return tuple(finding for finding in findings if finding.weight is Weight.PROBLEM)
