"""Declaring an incident: one field is enough, the rest has defaults and is asked for before closing."""

from muster.access.command import Command, MaybeLine, Rule, SignalCode, Text
from muster.access.verbs import Verb
from muster.core.errors import Refused
from muster.core.ids import StreamType, code
from muster.core.labels import Secrecy
from muster.plan.severity import Ratings
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.incident import IncidentDeclared, stated
from muster.respond.secrecy import SIGHT, People, SecrecySet
from muster.respond.severity import rated
from muster.respond.triage import attachment, waiting


class Declare(Command):
    """Declare an incident. happened_at: since when you are aware of it.

    secrecy: left out, it is open, also from a signal (which is for the team because of what strangers wrote
    in it, not because of the incident); from a signal for named people it is for those people.
    """

    what: Text
    signal: SignalCode | None = None
    secrecy: Secrecy | None = None
    people: People = ()
    happened_at: MaybeLine = None


def declare(states: States, command: Declare, context: Context, known: Known) -> Decision:
    """incident.declared, secrecy.set, severity.rated with nothing known yet; with a signal its attachment.

    The answer holds the new code. Raises NotFound, Refused, BadInput.
    """
    signal = None if command.signal is None else waiting(states, command.signal)
    incident = code(StreamType.INCIDENT, context.id("stream"))
    lane = None if signal is None else signal.lane
    refs = () if signal is None else (Ref("declared-from", signal.stream, signal.seq + 1),)
    severity = rated(Ratings(), known)
    drafts = [
        Draft(
            incident,
            IncidentDeclared(what=command.what, signal=command.signal),
            refs,
            stated(command.happened_at, context),
            lane,
        ),
        Draft(incident, _secrecy(command, signal, context), lane=lane),
        Draft(incident, severity, lane=lane),
    ]
    if signal is not None:
        drafts.extend(attachment(signal, incident, len(drafts)))
    return Decision(tuple(drafts), {"incident": incident, "severity": severity.severity})


def _secrecy(command: Declare, signal: StreamState | None, context: Context) -> SecrecySet:
    people = {*command.people, context.actor.account}
    secrecy = command.secrecy or Secrecy.OPEN
    if signal is not None and signal.slice(SIGHT).secrecy is Secrecy.NAMED:
        if command.secrecy not in (None, Secrecy.NAMED):
            raise Refused(
                "The signal is for named people, so the incident must be too.",
                "secrecy",
                "Leave the secrecy out; change it later if it turns out harmless.",
            )
        secrecy = Secrecy.NAMED
        people |= set(signal.slice(SIGHT).people)
    return SecrecySet(secrecy=secrecy, people=tuple(sorted(people)))


def _acts_on(command: Declare) -> tuple[str, ...]:
    return () if command.signal is None else (command.signal,)


RULES = (Rule(Verb.DECLARE, Declare, declare, _acts_on),)
