"""The script: playable in its order, told from the night's own data, nothing of it live."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from muster.access.accounts import ACCOUNTS, Account, Accounts
from muster.access.may import Allow, may
from muster.access.verbs import Verb
from muster.core.ids import ACCOUNTS_STREAM, StreamType, code
from muster.core.labels import Severity
from muster.core.people import Actor, Duty, Role
from muster.core.time import from_stored
from muster.plan.builtin import COMMITS, SEVERITY_TABLE
from muster.plan.severity import Ratings, derive
from muster.record.context import Context
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Draft, Entry, header_of
from muster.record.lane import REAL
from muster.record.state import StreamState, advance
from muster.rehearse.shop import RULES, cast_of, story_of
from muster.rehearse.shop.beats import Beat, Story
from muster.rehearse.shop.cast import defanged
from muster.rehearse.shop.story import COMMANDER, DUTY
from muster.respond.facts import FACTS, Standing
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.log import SUMMARY
from muster.respond.roles import ROLES
from muster.respond.rules import FOLDS
from muster.respond.rules import RULES as RULES_OF_RESPOND
from muster.respond.secrecy import thing_of
from muster.respond.severity import SEVERITIES
from muster.respond.signal import SIGNAL, SignalRaised, SignalState, Source

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SEEDS = range(1, 11)


def _beats(seed: int = 1) -> tuple[Beat, ...]:
    return story_of(seed, START).beats


def _words(beat: Beat) -> str:
    return " ".join(value for value in beat.fields.values() if isinstance(value, str))


def _placeholders(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and str(key).startswith("$"):
                yield str(key), inner
            yield from _placeholders(inner)


@pytest.mark.parametrize("seed", SEEDS)
def test_beats_are_in_time_order_and_by_people_of_the_script(seed: int) -> None:
    beats = _beats(seed)
    assert [beat.at for beat in beats] == sorted(beat.at for beat in beats)
    assert {beat.who for beat in beats} == {person.key for person in story_of(seed, START).people}


@pytest.mark.parametrize("seed", SEEDS)
def test_placeholders_point_backwards_or_at_rules(seed: int) -> None:
    made: set[str] = set()
    for beat in _beats(seed):
        for key, name in _placeholders(beat.fields):
            if key in ("$", "$thing"):
                assert name in made, name
            elif key == "$signal":
                assert name in RULES
            elif key == "$version":
                assert name in {"commander", "scribe", "severity", "summary", "state"} | made
            else:
                assert (key, name) in {("$account", DUTY.key), ("$account", COMMANDER.key)}
        made |= {beat.makes} - {""}


def test_every_signal_gets_an_outcome_once() -> None:
    named = [
        name
        for beat in _beats()
        if beat.verb in ("declare", "attach", "dismiss")
        for _, name in _placeholders({"signal": beat.fields["signal"]})
    ]
    assert sorted(named) == sorted(RULES)


def test_the_ratings_give_the_levels_that_the_reasons_speak_of() -> None:
    rated = [Ratings.model_validate(beat.fields["ratings"]) for beat in _beats() if beat.verb == "severity"]
    levels = [derive(SEVERITY_TABLE, ratings).severity for ratings in rated]
    assert levels == [Severity.SEV1, Severity.SEV2, Severity.SEV1]


def test_the_course_of_the_incident() -> None:
    beats = _beats()
    verbs = [beat.verb for beat in beats]
    assert verbs[:2] == ["acknowledge", "declare"]
    assert verbs[-1] == "close"
    states = [beat.fields["to"] for beat in beats if beat.verb == "state"]
    assert states == ["active", "recovering", "watching", "review"]
    assert {"offer", "accept", "log", "fact", "assume", "question", "settle", "summary", "dismiss"} <= set(
        verbs
    )
    lowered = [beat for beat in beats if beat.verb == "severity" and "Lowered" in str(beat.fields["reason"])]
    assert [beat.who for beat in lowered] == [COMMANDER.key]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_in_the_words_is_live_or_secret(seed: int) -> None:
    one = cast_of(seed)
    text = "\n".join(_words(beat) for beat in _beats(seed))
    assert one.attacker not in text
    assert one.drop not in text
    assert one.password not in text
    for word in (defanged(one.attacker), defanged(one.drop), one.portal.name, one.dump, one.table):
        assert word in text


@pytest.mark.parametrize("seed", SEEDS)
def test_stated_times_lie_before_they_are_written(seed: int) -> None:
    for beat in _beats(seed):
        if isinstance(stated := beat.fields.get("happened_at"), str):
            assert from_stored(stated) <= START + beat.at
    assert max(beat.at for beat in _beats(seed)) < timedelta(days=3)


def test_same_seed_same_story() -> None:
    assert _beats(3) == _beats(3)
    assert _beats(3) != _beats(4)


class _Stage:
    """Plays a story against the rules themselves, as the app does, with the record kept in memory."""

    def __init__(self, tale: Story) -> None:
        self.start = tale.start
        self.accounts = {person.key: f"{number:032x}" for number, person in enumerate(tale.people, 1)}
        active = Account(sign_in="x", used=True, duties=(Duty.RESPONDER,))
        accounts = Accounts(accounts=dict.fromkeys(self.accounts.values(), active))
        self.states = {
            ACCOUNTS_STREAM: StreamState(ACCOUNTS_STREAM, seq=0, lane=REAL, slices={ACCOUNTS.name: accounts})
        }
        self.signals = {
            rule: code(StreamType.SIGNAL, f"{number:032x}") for number, rule in enumerate(RULES, 100)
        }
        self.made: dict[str, Any] = {}
        for rule, stream in self.signals.items():
            raised = SignalRaised(source=Source.HITS, title=rule, group=rule)
            self._write(Draft(stream, raised, lane=REAL), self._context("server", timedelta(), rule), None)

    def play(self, beat: Beat) -> None:
        rule = RULES_OF_RESPOND[Verb(beat.verb)]
        command = rule.command.model_validate(self._filled(beat.fields))
        context = self._context(self.accounts[beat.who], beat.at, f"{beat.at}")
        role: str | None = None
        for stream in rule.acts_on(command):
            verb = rule.permission_for(command, self.states, NOTHING_KNOWN)
            held = self.states[stream].slice(ROLES).held_by(context.actor.account)
            answer = may(context.actor, held, verb, thing_of(self.states[stream]))
            assert isinstance(answer, Allow), (beat, answer)
            role = answer.role or role
        decision = rule.decide(self.states, command, context, NOTHING_KNOWN)
        for draft in decision.drafts:
            self._write(draft, context, role)
        if beat.makes:
            self.made[beat.makes] = decision.answer["incident" if beat.verb == "declare" else "seq"]

    @property
    def incident(self) -> StreamState:
        return self.states[self.made["incident"]]

    def _context(self, account: str, at: timedelta, seed: str) -> Context:
        actor = Actor(account, frozenset({Duty.RESPONDER}))
        return Context(actor, self.start + at, COMMITS, seed.encode())

    def _write(self, draft: Draft, context: Context, role: str | None) -> None:
        state = self.states.get(draft.stream, StreamState(draft.stream))
        header = header_of(
            draft, context, seq=state.seq + 1, number=0, lane=REAL, pinned=COMMITS.pinned, role=role
        )
        self.states[draft.stream] = advance(state, Entry(header, draft.body), bytes(32), FOLDS)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return [self._filled(item) for item in value]
        if not isinstance(value, dict):
            return value
        ((key, name),) = list(value.items())[:1]
        if not key.startswith("$"):
            return {field: self._filled(item) for field, item in value.items()}
        match key:
            case "$signal":
                return self.signals[name]
            case "$account":
                return self.accounts[name]
            case "$version":
                return self._version(name)
            case _:
                return self.made[name]

    def _version(self, name: str) -> int:
        match name:
            case "severity":
                return self.incident.slice(SEVERITIES).version
            case "summary":
                return self.incident.slice(SUMMARY).version
            case "state":
                return self.incident.slice(INCIDENT).version
            case "commander" | "scribe":
                return self.incident.slice(ROLES).version(Role(name))
            case _:
                return self.incident.slice(FACTS).things[self.made[name]].version


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_rules_accept_every_beat(seed: int) -> None:
    tale = story_of(seed, START)
    stage = _Stage(tale)
    for beat in tale.beats:
        stage.play(beat)
    incident = stage.incident
    assert incident.slice(INCIDENT).state is IncidentState.CLOSED
    assert incident.slice(ROLES).holders == {
        Role.COMMANDER: stage.accounts["commander"],
        Role.SCRIBE: stage.accounts["duty"],
    }
    assert incident.slice(SEVERITIES).current is incident.slice(SEVERITIES).peak is Severity.SEV1
    assert {thing.standing for thing in incident.slice(FACTS).things.values()} == {Standing.FACT}
    ends = [stage.states[stream].slice(SIGNAL).state for stream in stage.signals.values()]
    assert ends.count(SignalState.DISMISSED) == 1
    assert ends.count(SignalState.ATTACHED) == len(RULES) - 1
