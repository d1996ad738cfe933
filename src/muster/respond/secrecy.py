"""Who may see an incident or a signal: set when it begins, changed by `restrict`, and what access asks."""

from typing import Annotated, ClassVar

from pydantic import Field

from muster.access.command import Command, OpaqueId, Rule, Version, WorkCode
from muster.access.may import Thing
from muster.access.verbs import Verb
from muster.core.errors import Conflict
from muster.core.ids import StreamType, stream_type
from muster.core.labels import Secrecy
from muster.core.people import Role
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.lane import REAL
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.incident import existing
from muster.respond.roles import ROLES, RoleOffered
from muster.respond.signal import SignalRaised

People = Annotated[tuple[OpaqueId, ...], Field(max_length=200)]


class SecrecySet(Body):
    """Who may see the stream from now on. People: account ids, ascending."""

    kind: ClassVar[str] = "secrecy.set"
    secrecy: Secrecy
    people: tuple[str, ...] = ()


class Sight(Slice):
    """The secrecy of a stream and its people; until it is set, nobody sees it. version: how often it was set."""

    secrecy: Secrecy = Secrecy.NAMED
    people: tuple[str, ...] = ()
    version: int = 0


def evolve(sight: Sight, entry: Entry) -> Sight:
    """The secrecy after one more entry. A new signal is for the team; who is offered a role is one of the people."""
    match entry.body:
        case SecrecySet() as body:
            return Sight(secrecy=body.secrecy, people=body.people, version=sight.version + 1)
        case RoleOffered() as body:
            return sight.model_copy(update={"people": tuple(sorted({*sight.people, body.to}))})
        case _:
            pass
    if entry.header.kind == SignalRaised.kind:
        return Sight(secrecy=Secrecy.TEAM, version=sight.version + 1)
    return sight


SIGHT = Fold("secrecy", Sight(), evolve)
KINDS = kinds_of(SecrecySet)


def thing_of(state: StreamState) -> Thing:
    """What `may` and `Visible` ask about a stream. All other streams are team by type."""
    kind = stream_type(state.stream)
    lane = state.lane or REAL
    if kind not in (StreamType.INCIDENT, StreamType.SIGNAL):
        return Thing(kind, lane, Secrecy.TEAM)
    sight, roles = state.slice(SIGHT), state.slice(ROLES)
    return Thing(kind, lane, sight.secrecy, frozenset(sight.people), Role.COMMANDER in roles.holders)


class Restrict(Command):
    """Set who may see an incident or signal. You and those with a role stay among its people."""

    stream: WorkCode
    secrecy: Secrecy
    people: People = ()
    expected: Version


def restrict(states: States, command: Restrict, context: Context, _known: Known) -> Decision:
    """secrecy.set, also after the end. Raises NotFound, Conflict."""
    state = existing(states, command.stream)
    sight = state.slice(SIGHT)
    people = {*command.people, context.actor.account} | state.slice(ROLES).people
    if sight.version != command.expected:
        raise Conflict(
            "Somebody else changed who may see this.",
            "expected",
            "Look who may see it now, then set it again.",
            theirs=f"{sight.secrecy}: {', '.join(sight.people)}",
            yours=f"{command.secrecy}: {', '.join(command.people)}",
            version=sight.version,
        )
    body = SecrecySet(secrecy=command.secrecy, people=tuple(sorted(people)))
    return Decision(
        (Draft(command.stream, body),), {"secrecy": command.secrecy, "version": sight.version + 1}
    )


def _acts_on(command: Restrict) -> tuple[str, ...]:
    return (command.stream,)


RULES = (Rule(Verb.RESTRICT, Restrict, restrict, _acts_on),)
