"""Every verb by name: its one line of help, the standing it needs, and what it acts on. Imports stay light."""

from enum import StrEnum
from typing import NamedTuple


class Verb(StrEnum):
    """What can be done. The value is the word on the command line, in the API and in the room."""

    DECLARE = "declare"
    LOG = "log"
    FACT = "fact"
    ASSUME = "assume"
    QUESTION = "question"
    SETTLE = "settle"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    SEVERITY = "severity"
    SUMMARY = "summary"
    STATE = "state"
    STAND_DOWN = "stand-down"
    CLOSE = "close"
    REOPEN = "reopen"
    REDACT = "redact"
    ERASE = "erase"
    RESTRICT = "restrict"
    REPORT = "report"
    SIGNAL = "signal"
    HITS = "hits"
    ACKNOWLEDGE = "acknowledge"
    DISMISS = "dismiss"
    ATTACH = "attach"
    INVITE = "invite"
    RESET_LINK = "reset-link"
    DISABLE = "disable"
    ENABLE = "enable"
    DUTIES = "duties"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    REVOKE = "revoke"
    LOWER_SEVERITY = "lower-severity"
    PROGRAM_TOKEN = "program-token"  # noqa: S105 - a word, no secret
    ACTIVATE = "activate"
    FIRST = "first"
    PROGRAM = "program"
    SEE = "see"
    READ_EVIDENCE = "read-evidence"
    EXPORT = "export"
    READ_ACCOUNTS = "read-accounts"
    POST_EVENTS = "post-events"
    READ_RULES = "read-rules"
    EFFECT = "effect"
    ANSWER = "answer"
    START_DRILL = "start-drill"
    PAUSE = "pause"
    RESUME = "resume"
    SPEED = "speed"
    STEP = "step"
    END_DRILL = "end-drill"
    JOIN = "join"
    LEAVE = "leave"
    SEND_TEST = "send-test"


class Standing(StrEnum):
    """What somebody must be, at least, to use a verb."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    RESPONDER = "responder"
    COMMAND = "commander or deputy; any responder while there is no commander"
    COMMANDER = "commander; the deputy while there is no commander"
    ADMINISTRATOR = "administrator"
    SERVER = "Muster itself"


class Target(StrEnum):
    """What a verb acts on."""

    NEW_INCIDENT = "new incident"
    INCIDENT = "incident"
    SIGNAL = "signal"
    NEW_SIGNAL = "new signal"
    STREAM = "incident or signal"
    ACCOUNTS = "accounts"
    NEW_DRILL = "new drill"
    DRILL = "drill"
    PLAN = "plan"
    NONE = "nothing"


class Use(StrEnum):
    """How a verb is used: as a command, for reading, or only inside (a permission, or Muster's own act)."""

    COMMAND = "command"
    READING = "reading"
    INSIDE = "inside"


class Facts(NamedTuple):
    """What is known about a verb before any of its code is loaded."""

    summary: str
    standing: Standing
    target: Target
    use: Use = Use.COMMAND


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
}

# The verbs of the command line and of the API, by their word.
COMMAND_LINE_VERBS: tuple[str, ...] = tuple(
    sorted(verb.value for verb, facts in VERBS.items() if facts.use is Use.COMMAND)
)


def summary(word: str) -> str:
    """The one line of help of a verb, by its word."""
    return VERBS[Verb(word)].summary
