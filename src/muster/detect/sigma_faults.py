"""What pySigma raises and collects, and which of it concerns what a rule means."""

from collections.abc import Iterable

from sigma.exceptions import (
    SigmaAuthorError,
    SigmaDateError,
    SigmaDescriptionError,
    SigmaError,
    SigmaFalsePositivesError,
    SigmaFieldsError,
    SigmaIdentifierError,
    SigmaLevelError,
    SigmaLicenseError,
    SigmaModifiedError,
    SigmaModifierError,
    SigmaReferencesError,
    SigmaRelatedError,
    SigmaScopeError,
    SigmaStatusError,
    SigmaTagError,
)

from muster.core.text import shown
from muster.detect.rule import NotLoadable, Reason

FAULTS = (SigmaError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What pySigma raises on rules it was not made for."""

_LONGEST = 200
_HARMLESS = (
    SigmaAuthorError, SigmaDateError, SigmaDescriptionError, SigmaFalsePositivesError, SigmaFieldsError,
    SigmaIdentifierError, SigmaLevelError, SigmaLicenseError, SigmaModifiedError, SigmaReferencesError,
    SigmaRelatedError, SigmaScopeError, SigmaStatusError, SigmaTagError,
)  # fmt: skip


def remarks(faults: Iterable[Exception]) -> tuple[str, ...]:
    """The faults that do not touch the logic, a line each. Raises `NotLoadable` for one that does."""
    found: list[str] = []
    for fault in faults:
        if type(fault) is SigmaModifierError:  # its subclasses speak of values
            raise NotLoadable(Reason.MODIFIER, str(fault))
        if not isinstance(fault, _HARMLESS):
            raise NotLoadable(Reason.INVALID, str(fault))
        found.append(one_line(str(fault)))
    return tuple(found)


def one_line(text: str) -> str:
    """Text of a stranger as one harmless line of at most 200 characters."""
    line = shown(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
