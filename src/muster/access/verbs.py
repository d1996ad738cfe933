"""Every verb by name: its one line of help, the standing it needs, and what it acts on. Imports stay light."""

from muster.access.verb import Facts, Standing, Target, Use, Verb
from muster.access.work_verbs import WORK_VERBS

__all__ = ["COMMAND_LINE_VERBS", "VERBS", "Facts", "Standing", "Target", "Use", "Verb", "summary"]

VERBS: dict[Verb, Facts] = {
    Verb.DECLARE: Facts("Declare an incident.", Standing.SIGNED_IN, Target.NEW_INCIDENT),
    Verb.LOG: Facts("Write one line into the log of an incident.", Standing.RESPONDER, Target.INCIDENT),
    Verb.FACT: Facts("State a confirmed fact, with its source.", Standing.RESPONDER, Target.INCIDENT),
    Verb.ASSUME: Facts("Note what is believed but not confirmed.", Standing.RESPONDER, Target.INCIDENT),
    Verb.QUESTION: Facts("Ask an open question.", Standing.RESPONDER, Target.INCIDENT),
    Verb.SETTLE: Facts(
        "Confirm, refute, answer or withdraw a fact, assumption or question.",
        Standing.RESPONDER,
        Target.INCIDENT,
    ),
    Verb.OFFER: Facts("Offer somebody a role, command included.", Standing.COMMAND, Target.INCIDENT),
    Verb.ACCEPT: Facts("Accept a role that was offered to you.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.DECLINE: Facts("Decline a role that was offered to you.", Standing.SIGNED_IN, Target.INCIDENT),
    Verb.SEVERITY: Facts(
        "Rate the impact; the severity follows from it.", Standing.RESPONDER, Target.INCIDENT
    ),
    Verb.SUMMARY: Facts("Replace the summary of an incident.", Standing.RESPONDER, Target.INCIDENT),
    Verb.STATE: Facts("Move an incident on to its next state.", Standing.COMMAND, Target.INCIDENT),
    Verb.STAND_DOWN: Facts("End an incident that turned out to be none.", Standing.COMMAND, Target.INCIDENT),
    Verb.CLOSE: Facts("Close an incident after its review.", Standing.COMMAND, Target.INCIDENT),
    Verb.REOPEN: Facts("Go back to active.", Standing.COMMAND, Target.INCIDENT),
    Verb.REDACT: Facts("Hide an entry at once, with a reason.", Standing.RESPONDER, Target.STREAM),
    Verb.ERASE: Facts(
        "Confirm a redaction: the text is removed for good.", Standing.RESPONDER, Target.STREAM
    ),
    Verb.RESTRICT: Facts("Set who may see an incident or signal.", Standing.COMMAND, Target.STREAM),
    Verb.REPORT: Facts("Report something odd; no account is needed.", Standing.ANYBODY, Target.NEW_SIGNAL),
    Verb.SIGNAL: Facts("Send a signal from another system.", Standing.RESPONDER, Target.NEW_SIGNAL),
    Verb.HITS: Facts(
        "Report the hits of rules in one batch of events.", Standing.RESPONDER, Target.NEW_SIGNAL
    ),
    Verb.ACKNOWLEDGE: Facts("Take a signal: somebody is looking at it.", Standing.RESPONDER, Target.SIGNAL),
    Verb.DISMISS: Facts("End a signal with its outcome and reason.", Standing.RESPONDER, Target.SIGNAL),
    Verb.ATTACH: Facts("Attach a signal to an incident.", Standing.RESPONDER, Target.STREAM),
    Verb.INVITE: Facts("Make an account and its one-time link.", Standing.ADMINISTRATOR, Target.ACCOUNTS),
    Verb.RESET_LINK: Facts(
        "Make a new one-time link for an account.", Standing.ADMINISTRATOR, Target.ACCOUNTS
    ),
    Verb.DISABLE: Facts("Disable an account at once.", Standing.ADMINISTRATOR, Target.ACCOUNTS),
    Verb.ENABLE: Facts("Enable a disabled account again.", Standing.ADMINISTRATOR, Target.ACCOUNTS),
    Verb.DUTIES: Facts("Set the duties of an account.", Standing.ADMINISTRATOR, Target.ACCOUNTS),
    Verb.TOKEN: Facts("Make a token for yourself.", Standing.SIGNED_IN, Target.ACCOUNTS),
    Verb.REVOKE: Facts("Revoke a token.", Standing.SIGNED_IN, Target.ACCOUNTS),
    Verb.LOWER_SEVERITY: Facts("Lower the severity.", Standing.COMMANDER, Target.INCIDENT, Use.INSIDE),
    Verb.PROGRAM_TOKEN: Facts(
        "Make a token for a program.", Standing.ADMINISTRATOR, Target.ACCOUNTS, Use.INSIDE
    ),
    Verb.ACTIVATE: Facts("Use one's own one-time link.", Standing.SIGNED_IN, Target.ACCOUNTS, Use.INSIDE),
    Verb.FIRST: Facts("Make the first administrator.", Standing.SERVER, Target.ACCOUNTS, Use.INSIDE),
    Verb.PROGRAM: Facts(
        "Make the account of a program.", Standing.ADMINISTRATOR, Target.ACCOUNTS, Use.INSIDE
    ),
    Verb.SEE: Facts("See a stream and what is in it.", Standing.SIGNED_IN, Target.NONE, Use.READING),
    Verb.READ_EVIDENCE: Facts("Read the bytes of evidence.", Standing.RESPONDER, Target.STREAM, Use.READING),
    Verb.EXPORT: Facts("Export a stream with its proof.", Standing.RESPONDER, Target.STREAM, Use.READING),
    Verb.READ_ACCOUNTS: Facts("Read who has an account.", Standing.SIGNED_IN, Target.NONE, Use.READING),
    Verb.POST_EVENTS: Facts("Post a batch of events.", Standing.RESPONDER, Target.NONE, Use.READING),
    Verb.READ_RULES: Facts("Read the rules of detection.", Standing.RESPONDER, Target.NONE, Use.READING),
    Verb.EFFECT: Facts(
        "Say what became of a message or action that nobody is sure about.", Standing.RESPONDER, Target.STREAM
    ),
    Verb.ANSWER: Facts("Answer a call: you are on it.", Standing.RESPONDER, Target.STREAM),
    Verb.START_DRILL: Facts("Start a drill in a lane of its own.", Standing.RESPONDER, Target.NEW_DRILL),
    Verb.PAUSE: Facts("Let the clock of a drill stand.", Standing.RESPONDER, Target.DRILL),
    Verb.RESUME: Facts("Let a paused drill go on.", Standing.RESPONDER, Target.DRILL),
    Verb.SPEED: Facts("Set how fast the clock of a drill runs.", Standing.RESPONDER, Target.DRILL),
    Verb.STEP: Facts("Put the clock of a drill forward.", Standing.RESPONDER, Target.DRILL),
    Verb.END_DRILL: Facts("End a drill.", Standing.RESPONDER, Target.DRILL),
    Verb.JOIN: Facts("Take part in a drill with this session.", Standing.SIGNED_IN, Target.DRILL),
    Verb.LEAVE: Facts("Leave a drill with this session.", Standing.SIGNED_IN, Target.DRILL),
    Verb.SEND_TEST: Facts("Send a test message to somebody.", Standing.RESPONDER, Target.PLAN),
} | WORK_VERBS

# The verbs of the command line and of the API, by their word.
COMMAND_LINE_VERBS: tuple[str, ...] = tuple(
    sorted(verb.value for verb, facts in VERBS.items() if facts.use is Use.COMMAND)
)


def summary(word: str) -> str:
    """The one line of help of a verb, by its word."""
    return VERBS[Verb(word)].summary
