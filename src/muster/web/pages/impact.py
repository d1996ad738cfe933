"""The questions of the rating form: each axis of impact in plain words, with its answers."""

from dataclasses import dataclass
from enum import StrEnum

from muster.plan.severity import Activity, Axis, Functional, Information, Recoverability, YesNo


@dataclass(frozen=True)
class Question:
    """One axis: what is asked, and the answers with their values. several: more than one may hold."""

    axis: str
    text: str
    answers: tuple[tuple[str, str], ...]
    several: bool = False


def _answers(words: dict[StrEnum, str]) -> tuple[tuple[str, str], ...]:
    return tuple((value.value, text) for value, text in words.items())


_YES_NO: dict[StrEnum, str] = {YesNo.UNKNOWN: "not known yet", YesNo.YES: "yes", YesNo.NO: "no"}

QUESTIONS: tuple[Question, ...] = (
    Question(
        Axis.FUNCTIONAL.value,
        "What no longer works?",
        _answers(
            {
                Functional.UNKNOWN: "not known yet",
                Functional.NONE: "everything works",
                Functional.LOW: "a service that is not critical",
                Functional.MEDIUM: "a critical service, for some",
                Functional.HIGH: "a critical service, for all",
            }
        ),
    ),
    Question(
        Axis.INFORMATION.value,
        "What was read, taken or changed?",
        _answers(
            {
                Information.UNKNOWN: "not known yet",
                Information.NONE: "nothing",
                Information.PRIVACY: "personal data",
                Information.PRIVACY_SUSPECTED: "personal data, suspected",
                Information.CUSTOMER: "data of key customers",
                Information.CREDENTIALS: "administrator or other core credentials",
                Information.PROPRIETARY: "other sensitive data",
                Information.PROPRIETARY_SUSPECTED: "other sensitive data, suspected",
                Information.INTEGRITY: "data was changed or deleted",
            }
        ),
        several=True,
    ),
    Question(
        Axis.RECOVERABILITY.value,
        "How will it be brought back?",
        _answers(
            {
                Recoverability.UNKNOWN: "not known yet",
                Recoverability.REGULAR: "with the usual means, in a known time",
                Recoverability.SUPPLEMENTED: "with extra means, in a known time",
                Recoverability.EXTENDED: "with help; nobody knows how long",
                Recoverability.NOT_RECOVERABLE: "not at all",
            }
        ),
    ),
    Question(
        Axis.ACTIVITY.value,
        "How far did an attacker come?",
        _answers(
            {
                Activity.UNKNOWN: "not known yet",
                Activity.NONE: "no attacker",
                Activity.PREPARE: "looked around from outside",
                Activity.ENGAGE: "tried, and was stopped",
                Activity.PRESENCE: "is inside",
                Activity.EFFECT: "is acting on it",
            }
        ),
    ),
    Question(Axis.CRITICAL.value, "Is a critical asset concerned?", _answers(_YES_NO)),
    Question(Axis.SAFETY.value, "Is somebody's safety at risk?", _answers(_YES_NO)),
)
