"""A small world in memory for the tests of rules: streams, people, a clock, and verbs done as the app does them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from muster.access.accounts import AccountActivated, AccountInvited
from muster.access.command import Command, Rule
from muster.access.may import Allow, Deny, Thing, may, new_thing
from muster.access.verbs import VERBS, Target, Verb
from muster.core.errors import MusterError
from muster.core.ids import ACCOUNTS_STREAM, StreamType
from muster.core.people import Actor, Duty, Role, Through
from muster.core.time import Moment
from muster.record.body import Body
from muster.record.context import Context, PlanCommits
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.record.entry import Draft, Entry, Header, Ref
from muster.record.state import Folds, StreamState, advance

PLANS = PlanCommits("builtin-1", "builtin-1")
START = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
NEW = {
    Target.NEW_INCIDENT: StreamType.INCIDENT,
    Target.NEW_DRILL: StreamType.DRILL,
    Target.PLAN: StreamType.PLAN,
}
RESPONDER = frozenset({Duty.RESPONDER})
ADMINISTRATOR = frozenset({Duty.ADMINISTRATOR})


def account_id(name: str) -> str:
    """The account of a person of the tests."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def person(name: str, *duties: Duty, lane: str = "real") -> Actor:
    """A signed-in person."""
    return Actor(account_id(name), frozenset(duties), Through.WEB, None, lane)


ANA = person("ana", Duty.RESPONDER)
BEN = person("ben", Duty.RESPONDER)
CARO = person("caro")
ADA = person("ada", Duty.ADMINISTRATOR)


def header(
    kind: str, *, stream: str = "INC-000000", seq: int = 0, who: str = ANA.account, **more: object
) -> Header:
    """A header for tests of folds; give `refs`, `lane`, `at` where they matter."""
    refs = more.get("refs", ())
    at = more.get("at", START)
    happened = more.get("happened")
    assert isinstance(refs, tuple)
    assert isinstance(at, datetime)
    assert happened is None or isinstance(happened, Moment)
    return Header(
        stream, seq, "0" * 32, kind, 1, str(more.get("lane", "real")), who, None, "web",
        happened or Moment(at), at, PLANS, refs, "", None,
    )  # fmt: skip


def entry(body: Body, **more: object) -> Entry:
    """An entry with this body."""
    return Entry(header(body.kind, **more), body)  # pyright: ignore[reportArgumentType] - tests pass what fits


def erased(before: Entry) -> Entry:
    """The same entry with its body gone."""
    return Entry(before.header, None)


@dataclass
class World:
    """Streams and their states; `do` asks access, decides and appends."""

    rules: Mapping[Verb, Rule]
    folds: Folds
    thing_of: Callable[[StreamState], Thing] = lambda state: new_thing(StreamType.ACCOUNTS, "real")
    roles_of: Callable[[StreamState, str], tuple[Role, ...]] = lambda state, account: ()
    now: datetime = START
    entries: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])
    states: dict[str, StreamState] = field(default_factory=dict[str, StreamState])
    asked: int = 0

    def state(self, stream: str) -> StreamState:
        return self.states.get(stream, StreamState(stream))

    def kinds(self, stream: str) -> list[str]:
        """The kinds of a stream's entries, in order."""
        return [one.header.kind for one in self.entries[stream]]

    def last(self, stream: str) -> Entry:
        return self.entries[stream][-1]

    def context(self, actor: Actor) -> Context:
        self.asked += 1
        return Context(actor, self.now, PLANS, hashlib.sha256(str(self.asked).encode()).digest())

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def write(self, actor: Actor, *drafts: Draft) -> None:
        for draft in drafts:
            before = self.state(draft.stream)
            head = header(
                draft.body.kind,
                stream=draft.stream,
                seq=before.seq + 1,
                who=actor.account,
                refs=draft.refs,
                lane=before.lane or draft.lane or actor.lane,
                at=self.now,
                happened=draft.happened,
            )
            made = Entry(head, type(draft.body).model_validate(draft.body.tree()))
            self.entries.setdefault(draft.stream, []).append(made)
            self.states[draft.stream] = advance(before, made, b"\0" * 32, self.folds)

    def rule_of(self, command: Command) -> Rule:
        return next(rule for rule in self.rules.values() if rule.command is type(command))

    def allowed(self, command: Command, actor: Actor) -> Allow | Deny:
        """What access says, asked as the app asks."""
        rule = self.rule_of(command)
        verb = rule.permission_for(command, self.states, NOTHING_KNOWN)
        answers = [
            may(
                actor,
                self.roles_of(self.state(stream), actor.account),
                verb,
                self.thing_of(self.state(stream)),
            )
            for stream in rule.acts_on(command)
        ]
        if not answers:
            kind = NEW.get(VERBS[verb].target, StreamType.SIGNAL)
            answers = [may(actor, (), verb, new_thing(kind, actor.lane))]
        return next((answer for answer in answers if isinstance(answer, Deny)), answers[0])

    def do(self, command: Command, actor: Actor, known: Known = NOTHING_KNOWN) -> Decision:
        """Does a verb as this actor; fails when access says no."""
        answer = self.allowed(command, actor)
        assert isinstance(answer, Allow), answer
        decision = self.rule_of(command).decide(self.states, command, self.context(actor), known)
        self.write(actor, *decision.drafts)
        return decision

    def people(self, *actors: Actor) -> None:
        """Gives these people active accounts."""
        for number, actor in enumerate(actors):
            duties = tuple(duty for duty in Duty if duty in actor.duties)
            made = AccountInvited(
                account=actor.account, name=f"P{number}", sign_in=f"p{number}", duties=duties
            )
            used = AccountActivated(account=actor.account)
            self.write(ADA, Draft(ACCOUNTS_STREAM, made), Draft(ACCOUNTS_STREAM, used))


def refusal(world: World, command: Command, actor: Actor) -> str:
    """The one line that a person reads when this command is refused."""
    with pytest.raises(MusterError) as caught:
        world.do(command, actor)
    return caught.value.line()


def refs(*pairs: tuple[str, str, int]) -> tuple[Ref, ...]:
    """Refs from (rel, stream, seq)."""
    return tuple(Ref(*pair) for pair in pairs)
