"""Triage: a signal is acknowledged, then attached to an incident or dismissed with its outcome."""

from typing import Literal

from pydantic import model_validator

from muster.access.command import Command, IncidentCode, Rule, SignalCode, Text
from muster.access.verbs import Verb
from muster.core.errors import NotFound, Refused
from muster.core.labels import Secrecy
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.incident import IncidentSignalAttached, existing, still_open
from muster.respond.secrecy import SIGHT
from muster.respond.signal import (
    SIGNAL,
    Outcome,
    SignalAcknowledged,
    SignalAttached,
    SignalDismissed,
    SignalState,
)


class Acknowledge(Command):
    """Take a signal: you are looking at it."""

    signal: SignalCode


class Dismiss(Command):
    """End a signal that is no incident. duplicate_of: the other signal, for a duplicate."""

    signal: SignalCode
    outcome: Literal[
        Outcome.FALSE_ALARM,
        Outcome.DUPLICATE,
        Outcome.POLICY_MATTER,
        Outcome.VULNERABILITY,
        Outcome.NOT_OURS,
    ]
    reason: Text
    duplicate_of: SignalCode | None = None

    @model_validator(mode="after")
    def _duplicate_names_the_other(self) -> "Dismiss":
        if (self.outcome is Outcome.DUPLICATE) != (self.duplicate_of is not None):
            raise ValueError("duplicate_of: name the other signal when, and only when, this is a duplicate")
        if self.duplicate_of == self.signal:
            raise ValueError("duplicate_of: a signal is no duplicate of itself; name the other one")
        return self


class Attach(Command):
    """Attach a signal to an incident that is going on."""

    signal: SignalCode
    incident: IncidentCode


def waiting(states: States, stream: str) -> StreamState:
    """The loaded signal that still waits for its outcome. Raises NotFound, or Refused when it has one."""
    state = existing(states, stream)
    signal = state.slice(SIGNAL)
    match signal.state:
        case SignalState.NEW | SignalState.ACKNOWLEDGED:
            return state
        case SignalState.ATTACHED:
            raise Refused(
                "This signal belongs to an incident already.",
                stream,
                # Its code is not said here: whoever may see the signal need not know of the incident.
                "Open the incident that the signal names; if it names none, it is not for you to see.",
            )
        case SignalState.DISMISSED:
            raise Refused(
                "This signal was dismissed.",
                stream,
                "Report it again if it goes on: that makes a new signal.",
            )
        case None:
            raise NotFound("There is no signal with this code.", stream, "Check the code.")


def acknowledge(states: States, command: Acknowledge, _context: Context, _known: Known) -> Decision:
    """signal.acknowledged. Raises NotFound, Refused."""
    if waiting(states, command.signal).slice(SIGNAL).state is SignalState.ACKNOWLEDGED:
        raise Refused(
            "Somebody acknowledged this signal already.",
            command.signal,
            "See in its entries who is looking at it.",
        )
    return Decision((Draft(command.signal, SignalAcknowledged()),), {"state": SignalState.ACKNOWLEDGED})


def dismiss(states: States, command: Dismiss, _context: Context, _known: Known) -> Decision:
    """signal.dismissed. Raises NotFound, Refused."""
    waiting(states, command.signal)
    refs: tuple[Ref, ...] = ()
    if command.duplicate_of is not None:
        existing(states, command.duplicate_of)
        refs = (Ref("duplicate-of", command.duplicate_of, 0),)
    body = SignalDismissed(outcome=command.outcome, reason=command.reason, duplicate_of=command.duplicate_of)
    draft = Draft(command.signal, body, refs)
    return Decision((draft,), {"state": SignalState.DISMISSED, "outcome": command.outcome})


def attachment(signal: StreamState, incident: str, seq: int) -> tuple[Draft, Draft]:
    """The two entries that tie a signal to an incident, whose entry will have the number `seq`."""
    return (
        Draft(
            incident,
            IncidentSignalAttached(signal=signal.stream),
            (Ref("attaches", signal.stream, signal.seq + 1),),
        ),
        Draft(signal.stream, SignalAttached(incident=incident), (Ref("attached-to", incident, seq),)),
    )


def attach(states: States, command: Attach, _context: Context, _known: Known) -> Decision:
    """incident.signal-attached and signal.attached. Raises NotFound, Refused."""
    signal = waiting(states, command.signal)
    incident = still_open(states, command.incident)
    secret = signal.slice(SIGHT).secrecy is Secrecy.NAMED
    if secret and incident.slice(SIGHT).secrecy is not Secrecy.NAMED:
        raise Refused(
            "This signal is for named people, the incident is not.",
            command.incident,
            "Restrict the incident to named people first, or declare a new one from the signal.",
        )
    drafts = attachment(signal, command.incident, incident.seq + 1)
    return Decision(drafts, {"state": SignalState.ATTACHED, "incident": command.incident})


def _acknowledged(command: Acknowledge) -> tuple[str, ...]:
    return (command.signal,)


def _dismissed(command: Dismiss) -> tuple[str, ...]:
    return (command.signal,) if command.duplicate_of is None else (command.signal, command.duplicate_of)


def _attached(command: Attach) -> tuple[str, ...]:
    return (command.signal, command.incident)


RULES = (
    Rule(Verb.ACKNOWLEDGE, Acknowledge, acknowledge, _acknowledged),
    Rule(Verb.DISMISS, Dismiss, dismiss, _dismissed),
    Rule(Verb.ATTACH, Attach, attach, _attached),
)
