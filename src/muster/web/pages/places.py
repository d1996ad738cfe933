"""Where on the pages of the room each verb has its form: which page, which place, and what tells its forms apart."""

from dataclasses import dataclass

from muster.access.verbs import VERBS, Target, Verb
from muster.app.room import Part


@dataclass(frozen=True)
class Place:
    """The page of a form, None for the incident's own; its place there; and a field that tells several apart."""

    part: Part | None
    anchor: str
    apart: str = ""

    def name(self, verb: Verb, given: str, apart: str) -> str:
        """The name of the form that was posted. given: the name it bears; apart: the value that tells it apart."""
        return f"{verb}-{apart}" if self.apart else given or verb.value


def _all(part: Part, anchor: str, *verbs: Verb) -> dict[Verb, Place]:
    return {verb: Place(part, anchor) for verb in verbs}


PLACES: dict[Verb, Place] = {
    Verb.LOG: Place(None, "log-form"),
    Verb.FACT: Place(None, "facts"),
    Verb.ASSUME: Place(None, "assumptions"),
    Verb.QUESTION: Place(None, "questions"),
    Verb.SETTLE: Place(None, "facts", "thing"),
    Verb.OFFER: Place(None, "roles"),
    Verb.ACCEPT: Place(None, "roles", "role"),
    Verb.DECLINE: Place(None, "roles", "role"),
    Verb.SEVERITY: Place(None, "severity"),
    Verb.SUMMARY: Place(None, "summary"),
    Verb.STATE: Place(None, "state", "to"),
    Verb.STAND_DOWN: Place(None, "state"),
    Verb.CLOSE: Place(None, "state"),
    Verb.REOPEN: Place(None, "state"),
    Verb.REDACT: Place(None, "log", "seq"),
    Verb.ERASE: Place(None, "log", "seq"),
    Verb.RESTRICT: Place(None, "secrecy"),
    Verb.ANSWER: Place(None, "door"),
    Verb.EFFECT: Place(None, "door"),
    Verb.REPIN: Place(None, "plan"),
    **_all(Part.WORK, "tasks", Verb.TASK, Verb.TAKE, Verb.HAND_OVER, Verb.CHECK_BACK, Verb.DONE, Verb.DROP),
    **_all(Part.WORK, "decisions", Verb.ASK_DECISION, Verb.DECIDE, Verb.WITHDRAW_DECISION, Verb.CORRECT),
    **_all(
        Part.WORK,
        "evidence",
        Verb.EVIDENCE,
        Verb.PASS_ON,
        Verb.RECEIVE,
        Verb.VERIFY_EVIDENCE,
        Verb.ACCESS,
    ),
    **_all(Part.WORK, "milestones", Verb.MILESTONE, Verb.REVOKE_MILESTONE, Verb.SEEN_AGAIN),
    **_all(Part.WORK, "services", Verb.LOST, Verb.RESTORED),
    **_all(Part.WORK, "posture", Verb.POSTURE),
    **_all(
        Part.ACTIONS,
        "actions",
        Verb.PROPOSE,
        Verb.CHANGE_ACTION,
        Verb.APPROVE,
        Verb.WITHDRAW_ACTION,
        Verb.START_ACTION,
        Verb.ACTION_DONE,
        Verb.VERIFY_ACTION,
        Verb.END_ACTION,
    ),
    **_all(
        Part.RUNS,
        "runs",
        Verb.RUN,
        Verb.TICK,
        Verb.TAKE_STEP,
        Verb.FINISH_STEP,
        Verb.FAIL_STEP,
        Verb.AGREE,
        Verb.SKIP_STEP,
        Verb.UNDO_STEP,
        Verb.STOP_RUN,
    ),
    **_all(
        Part.DISCLOSURE,
        "clocks",
        Verb.SCOPE,
        Verb.ANCHOR,
        Verb.WITHDRAW_ANCHOR,
        Verb.FILE_NOTICE,
        Verb.HOLD_BACK,
    ),
    **_all(Part.DISCLOSURE, "asked", Verb.ANSWER_FACT),
    **_all(Part.DISCLOSURE, "statements", Verb.DRAFT_STATEMENT, Verb.APPROVE_STATEMENT, Verb.SEND_STATEMENT),
    **_all(Part.LEARNING, "review", Verb.SCHEDULE_REVIEW, Verb.HOLD_REVIEW),
    **_all(Part.LEARNING, "causes", Verb.CAUSE, Verb.WITHDRAW_CAUSE, Verb.NO_CAUSES),
    **_all(
        Part.LEARNING,
        "lessons",
        Verb.LESSON,
        Verb.NO_LESSON,
        Verb.AGREE_LESSON,
        Verb.WRITE_CHANGE,
        Verb.APPROVE_CHANGE,
        Verb.MARK_TESTED,
        Verb.DROP_LESSON,
    ),
}


def fixed(verb: Verb, code: str) -> dict[str, str]:
    """The fields that the address of the form tells: which incident it is about."""
    match VERBS[verb].target:
        case Target.INCIDENT:
            return {"incident": code}
        case Target.STREAM:
            return {"stream": code}
        case _:
            return {}
