"""Who may: one pure function with default deny, and the same rule for seeing as data (`Visible`)."""

from dataclasses import dataclass
from typing import Protocol

from muster.access.verbs import VERBS, Standing, Target, Verb
from muster.core.ids import StreamType
from muster.core.labels import Secrecy
from muster.core.people import NOBODY, SERVER, Actor, Duty, Role, Scope


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on, as far as permission depends on it. For something new: `new_thing`.

    people: the account ids of its people, those who hold or were offered a role included.
    commanded: whether an incident has a commander.
    """

    type: StreamType
    lane: str
    secrecy: Secrecy
    people: frozenset[str] = frozenset()
    commanded: bool = False


def new_thing(kind: StreamType, lane: str) -> Thing:
    """The thing to ask about when a verb makes something new, or acts on no stream."""
    return Thing(kind, lane, Secrecy.OPEN)


@dataclass(frozen=True, slots=True)
class Allow:
    """Yes. `role` is the first held role that allows the verb, None when a duty or token alone does."""

    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Deny:
    """No, with a reason for people. `visible` False: the answer must be "not found"."""

    reason: str
    visible: bool


class Visible(Protocol):
    """Which things somebody sees: a small expression, evaluated here and turned into SQL by the store."""

    def admits(self, thing: Thing, /) -> bool:
        """Whether the thing is among them."""
        ...


@dataclass(frozen=True, slots=True)
class Never:
    """Nothing."""

    def admits(self, _thing: Thing, /) -> bool:
        """No thing is."""
        return False


@dataclass(frozen=True, slots=True)
class Always:
    """Everything."""

    def admits(self, _thing: Thing, /) -> bool:
        """Every thing is."""
        return True


@dataclass(frozen=True, slots=True)
class TypeIn:
    """Streams of these types."""

    types: frozenset[StreamType]

    def admits(self, thing: Thing, /) -> bool:
        """Whether its type is one of them."""
        return thing.type in self.types


@dataclass(frozen=True, slots=True)
class LaneIs:
    """Things of one lane."""

    lane: str

    def admits(self, thing: Thing, /) -> bool:
        """Whether it is of this lane."""
        return thing.lane == self.lane


@dataclass(frozen=True, slots=True)
class SecrecyIn:
    """Things of these secrecies."""

    secrecies: frozenset[Secrecy]

    def admits(self, thing: Thing, /) -> bool:
        """Whether its secrecy is one of them."""
        return thing.secrecy in self.secrecies


@dataclass(frozen=True, slots=True)
class Member:
    """Things that have this account among their people."""

    account: str

    def admits(self, thing: Thing, /) -> bool:
        """Whether the account is among its people."""
        return self.account in thing.people


@dataclass(frozen=True, slots=True)
class AllOf:
    """What every part admits."""

    parts: tuple[Visible, ...]

    def admits(self, thing: Thing, /) -> bool:
        """Whether every part admits it."""
        return all(part.admits(thing) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least one part admits."""

    parts: tuple[Visible, ...]

    def admits(self, thing: Thing, /) -> bool:
        """Whether one part admits it."""
        return any(part.admits(thing) for part in self.parts)


_WORK = frozenset({StreamType.INCIDENT, StreamType.SIGNAL})
# Seen by everybody with an account, from every lane: which drills there are to join, and the plan.
_EVERYBODYS = TypeIn(frozenset({StreamType.DRILL, StreamType.PLAN}))
_INSTALLATION = frozenset({StreamType.ACCOUNTS, StreamType.ACCESS, StreamType.LOG})


def visible(actor: Actor) -> Visible:
    """What this actor sees, as data. Equal to `may(actor, roles, Verb.SEE, thing)` for every thing."""
    if actor.account == SERVER:
        return Always()
    if actor.account == NOBODY or not _as_person(actor):
        return Never()
    secrecies = {Secrecy.OPEN}
    if Duty.RESPONDER in actor.duties:
        secrecies.add(Secrecy.TEAM)
    work = AllOf(
        (
            TypeIn(_WORK),
            LaneIs(actor.lane),
            AnyOf((SecrecyIn(frozenset(secrecies)), Member(actor.account))),
        )
    )
    if Duty.ADMINISTRATOR in actor.duties:
        return AnyOf((work, _EVERYBODYS, TypeIn(_INSTALLATION)))
    return AnyOf((work, _EVERYBODYS))


_TYPES: dict[Target, frozenset[StreamType]] = {
    Target.NEW_INCIDENT: _WORK,
    Target.INCIDENT: frozenset({StreamType.INCIDENT}),
    Target.SIGNAL: frozenset({StreamType.SIGNAL}),
    Target.NEW_SIGNAL: frozenset({StreamType.SIGNAL}),
    Target.STREAM: _WORK,
    Target.ACCOUNTS: frozenset({StreamType.ACCOUNTS}),
    Target.NEW_DRILL: frozenset({StreamType.DRILL}),
    Target.DRILL: frozenset({StreamType.DRILL}),
    Target.PLAN: frozenset({StreamType.PLAN}),
    Target.NONE: frozenset(StreamType),
}
# What the verb acts on must be seen first. Intake writes where it does not see; accounts are no secret stream.
_MUST_SEE = frozenset(
    {Target.NEW_INCIDENT, Target.INCIDENT, Target.SIGNAL, Target.STREAM, Target.DRILL, Target.PLAN}
)
# What belongs to no lane, or is there to change lanes.
_ACROSS_LANES = frozenset({Target.ACCOUNTS, Target.NONE, Target.NEW_DRILL, Target.DRILL, Target.PLAN})
_SERVER_VERBS = frozenset(
    {
        Verb.FIRST,
        Verb.PROGRAM,
        Verb.PROGRAM_TOKEN,
        Verb.REVOKE,
        Verb.RESET_LINK,
        Verb.SEE,
        Verb.EXPORT,
        Verb.READ_ACCOUNTS,
        Verb.READ_EVIDENCE,
        Verb.READ_RULES,
    }
)
_SCOPE_VERBS: dict[Scope, frozenset[Verb]] = {
    Scope.PERSON: frozenset(),
    Scope.POST_EVENTS: frozenset({Verb.POST_EVENTS}),
    Scope.REPORT_SIGNALS: frozenset({Verb.SIGNAL}),
    Scope.REPORT_HITS: frozenset({Verb.HITS, Verb.READ_RULES}),
}
_SCRIBE_VERBS = frozenset(
    {
        Verb.LOG,
        Verb.FACT,
        Verb.ASSUME,
        Verb.QUESTION,
        Verb.SETTLE,
        Verb.SUMMARY,
        Verb.REDACT,
        Verb.READ_EVIDENCE,
    }
)
_NEEDED: dict[Standing, str] = {
    Standing.ANYBODY: "Sign in first.",
    Standing.SIGNED_IN: "Sign in first.",
    Standing.RESPONDER: "This needs the duty of a responder. Ask an administrator for it.",
    Standing.COMMAND: "This is for the commander or the deputy. Ask them, or ask for a role.",
    Standing.COMMANDER: "Only the commander lowers the severity; without one, the deputy. Take command first.",
    Standing.ADMINISTRATOR: "This needs the duty of an administrator. Ask one of them.",
    Standing.SERVER: "Only Muster itself does this.",
}


def may(actor: Actor, roles: tuple[Role, ...], verb: Verb, thing: Thing) -> Allow | Deny:
    """Whether the actor, holding these roles in the thing's incident, may use the verb on the thing.

    Default deny. Ask once for every stream that the verb acts on; for a new one pass `new_thing`.
    """
    facts = VERBS[verb]
    if thing.type not in _TYPES[facts.target]:
        return Deny("There is no such thing here.", visible=False)
    if actor.account == SERVER:
        if verb in _SERVER_VERBS:
            return Allow()
        return Deny("Muster does not do this by itself. A person decides it.", visible=True)
    if facts.target not in _ACROSS_LANES and thing.lane != actor.lane:
        return Deny("There is no such thing here.", visible=False)
    if actor.account == NOBODY:
        if facts.standing is Standing.ANYBODY:
            return Allow()
        return Deny(_NEEDED[Standing.SIGNED_IN], visible=False)
    if actor.scopes is not None and any(verb in _SCOPE_VERBS[scope] for scope in actor.scopes):
        return Allow()
    seen = visible(actor).admits(thing)
    if not seen and (facts.target in _MUST_SEE or verb is Verb.SEE):
        return Deny("There is no such thing here.", visible=False)
    if not _as_person(actor):
        return Deny("The scope of this token does not allow it. Use a token made for it.", visible=True)
    if actor.scopes is not None and facts.target is Target.ACCOUNTS:
        return Deny(
            "Accounts and tokens are changed by a signed-in person on the page Accounts, never by a token.",
            visible=True,
        )
    if actor.scopes is not None and verb in (Verb.JOIN, Verb.LEAVE):
        return Deny("A token has the lane it was made with. Make one for this drill.", visible=True)
    return _standing(actor, roles, verb, thing)


def _as_person(actor: Actor) -> bool:
    return actor.scopes is None or Scope.PERSON in actor.scopes


def _standing(actor: Actor, roles: tuple[Role, ...], verb: Verb, thing: Thing) -> Allow | Deny:
    for role in roles:
        if _role_allows(role, verb, thing):
            return Allow(role)
    standing = VERBS[verb].standing
    if _duty_allows(actor, standing, thing):
        return Allow()
    return Deny(_NEEDED[standing], visible=True)


def _role_allows(role: Role, verb: Verb, thing: Thing) -> bool:
    match VERBS[verb].standing:
        case Standing.ANYBODY | Standing.SIGNED_IN:
            return True
        case Standing.RESPONDER:
            return role is not Role.SCRIBE or verb in _SCRIBE_VERBS
        case Standing.COMMAND:
            return role in (Role.COMMANDER, Role.DEPUTY)
        case Standing.COMMANDER:
            return role is Role.COMMANDER or (role is Role.DEPUTY and not thing.commanded)
        case _:
            return False


def _duty_allows(actor: Actor, standing: Standing, thing: Thing) -> bool:
    responder = Duty.RESPONDER in actor.duties
    match standing:
        case Standing.ANYBODY | Standing.SIGNED_IN:
            return True
        case Standing.RESPONDER:
            return responder
        case Standing.COMMAND:
            return responder and not thing.commanded
        case Standing.ADMINISTRATOR:
            return Duty.ADMINISTRATOR in actor.duties
        case _:
            return False
