"""Doing a verb: parse, load under lock, ask access, decide, append, remember the answer. One request, one transaction."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from muster.access.command import Command, Rule
from muster.access.may import Allow, Deny, may, new_thing
from muster.access.passing import DenialReason
from muster.access.verbs import VERBS, Target, Verb
from muster.app.caller import Caller
from muster.app.following import decide_all
from muster.app.journal import Journal
from muster.app.lane_clock import lane_context
from muster.app.plan_desk import AT_DESK, PlanDesk
from muster.app.proposals import proposals_of
from muster.app.registry import ALSO, LOOKS_UP, MOVES_SESSION, OF_ACTION, RULES, blob_of
from muster.app.world import Snapshot, World
from muster.core.errors import BadInput, Denied, NotFound, Refused, Unavailable, Unsigned
from muster.core.ids import StreamType, stream_type
from muster.core.people import NOBODY, Role
from muster.record.canonical import canonical
from muster.record.context import Context, PlanCommits
from muster.record.decision import Decision, Known
from muster.record.lane import REAL
from muster.record.state import States, StreamState
from muster.rehearse.clock import lane_of, refuse_when_over, streams_of
from muster.respond.ground import Told
from muster.respond.roles import ROLES
from muster.respond.secrecy import thing_of
from muster.store.answers import remember, remembered
from muster.store.append import Decided, Ledger, Working
from muster.store.blobs import Blobs
from muster.store.credentials import move_session
from muster.store.lookups import known_hits, open_signals

Answer = dict[str, Any]
# With a switch of the test server: each command that was decided, with all that it was decided from.
Watch = Callable[[Verb, Command, Context, Known, States, Decided], None]
_TRIES = 10
_FIELD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_KIND: dict[Target, StreamType] = {
    Target.NEW_INCIDENT: StreamType.INCIDENT,
    Target.INCIDENT: StreamType.INCIDENT,
    Target.SIGNAL: StreamType.SIGNAL,
    Target.NEW_SIGNAL: StreamType.SIGNAL,
    Target.STREAM: StreamType.INCIDENT,
    Target.ACCOUNTS: StreamType.ACCOUNTS,
    Target.NONE: StreamType.ACCOUNTS,
    Target.NEW_DRILL: StreamType.DRILL,
    Target.DRILL: StreamType.DRILL,
    Target.PLAN: StreamType.PLAN,
}
# Verbs on these happen at the wall clock's now: they are of no lane, or begin one.
_WITHOUT_CLOCK = frozenset({Target.ACCOUNTS, Target.NONE, Target.NEW_DRILL, Target.PLAN})


class _Stale(Exception):
    """What was looked up before the streams were locked has changed since; look again."""


@dataclass(frozen=True)
class Doing:
    """Does verbs for callers."""

    ledger: Ledger
    journal: Journal
    clock: Callable[[], datetime]
    world: World
    desk: PlanDesk
    blobs: Blobs
    watch: Watch | None = None

    def context(self, caller: Caller, now: datetime, plans: PlanCommits | None = None) -> Context:
        """The context of one command of a caller. plans: as they were read for it."""
        return Context(caller.actor, now, plans or self.world.now().commits, secrets.token_bytes(32))

    def do(self, verb: Verb, fields: Mapping[str, Any], caller: Caller, key: str | None = None) -> Answer:
        """Does a verb with the fields that were sent; returns its answer.

        key: an idempotency key; the same request with it again gets the first answer. Raises any MusterError.
        """
        rule = RULES[verb]
        command = parse(rule.command, fields)
        now = self.clock()
        try:
            return self._do(rule, command, caller, _checked(key), now)
        except NotFound:
            self.journal.denied(caller, now, DenialReason.HIDDEN)
            raise
        except Denied:
            self.journal.denied(caller, now, DenialReason.NOT_ALLOWED)
            raise

    def _do(self, rule: Rule, command: Command, caller: Caller, key: str | None, now: datetime) -> Answer:
        request = hashlib.sha256(
            canonical([rule.verb.value, command.model_dump(mode="json")], most=2**24)
        ).hexdigest()
        first = self._before_desk(rule, caller, key, request) if rule.verb in AT_DESK else None
        if first is not None:
            return dict(first)
        for _ in range(_TRIES):
            try:
                return self._once(rule, command, caller, key, request, now)
            except _Stale:
                self.world.changed()
        raise Unavailable(
            "Too many others wrote at the same moment.", rule.verb.value, "Send it again in a moment."
        )

    def _once(
        self, rule: Rule, command: Command, caller: Caller, key: str | None, request: str, now: datetime
    ) -> Answer:
        """Looks up what no lock holds, then decides under lock. Raises _Stale where that no longer fits."""
        world = self.world.now()
        desk = self.desk.known(rule.verb, command, self.world.told(world), world, caller, now)
        looks_up = LOOKS_UP.get(rule.verb)
        asked = self.context(caller, now, world.commits)
        groups = self._groups(looks_up.groups(command, asked) if looks_up else ())
        lane = _lane_of(rule, command, caller)
        streams = (*rule.acts_on(command), *rule.reads(command), *groups.values(), *streams_of(lane))

        def decide(states: States, connection: Connection) -> Decided:
            # Anew at each try: a code that is taken must not be drawn again.
            context = lane_context(self.context(caller, now, world.commits), lane, states, connection)
            if key is not None:
                before = remembered(connection, caller.actor.account, key)
                if before is not None:
                    return Decided((), context, _first_answer(before.request, request, before.answer))
            if not world.fits(states):
                raise _Stale
            known = self._told(rule, command, states, connection, world, desk)
            if looks_up:
                if open_signals(connection, looks_up.groups(command, context)) != groups:
                    raise _Stale
                hits = known_hits(connection, looks_up.hits(command, context))
                known = replace(known, groups=groups, hit_keys=hits)
            role = self._allowed(rule, command, caller, states, known)
            if VERBS[rule.verb].target is not Target.DRILL:
                refuse_when_over(lane, states)
            decision = decide_all(rule, states, command, context, known, self.ledger.folds)
            decided = self._decided(rule, command, context, decision, role, key, request)
            decided = replace(decided, working=(*decided.working, *_moved(rule, command, caller)))
            if self.watch is not None:
                self.watch(rule.verb, command, context, known, states, decided)
            return decided

        appended = self.ledger.append(streams, decide)
        self.desk.done(rule.verb, appended.answer, world.commits.in_force)
        return dict(appended.answer)

    def _told(
        self,
        rule: Rule,
        command: Command,
        states: States,
        connection: Connection,
        world: Snapshot,
        desk: Known,
    ) -> Known:
        """What the rule is told of the world: of the incident that it acts on, the plan that it pinned."""
        if not isinstance(desk, Told):
            return desk
        acts_on = [one for one in rule.acts_on(command) if stream_type(one) is StreamType.INCIDENT]
        if not acts_on:
            return desk
        state = states[acts_on[0]]
        told = self.world.told(world, state)
        if rule.verb in OF_ACTION:
            told = replace(told, proposals=proposals_of(connection, state, command, self.ledger.kinds))
        blob = blob_of(state, command) if rule.verb is Verb.VERIFY_EVIDENCE else None
        return told if blob is None else replace(told, recomputed={blob: self.blobs.hash_now(blob)})

    def _before_desk(
        self, rule: Rule, caller: Caller, key: str | None, request: str
    ) -> Mapping[str, Any] | None:
        """Before files are read or written for a verb: only who may use it gets there, and the same request once."""
        _role_of(self._may(rule.verb, caller), caller)
        if key is None:
            return None
        with self.ledger.database.read() as connection:
            before = remembered(connection, caller.actor.account, key)
        return None if before is None else _first_answer(before.request, request, before.answer)

    def _groups(self, keys: Sequence[str]) -> dict[str, str]:
        if not keys:
            return {}
        with self.ledger.database.read() as connection:
            return open_signals(connection, keys)

    def _decided(
        self,
        rule: Rule,
        command: Command,
        context: Context,
        decision: Decision,
        role: Role | None,
        key: str | None,
        request: str,
    ) -> Decided:
        also = ALSO.get(rule.verb)
        extra = also(command, context, decision) if also else None
        answer: Answer = dict(decision.answer)
        working = list(extra.working) if extra else []
        if key is not None:
            streams = tuple(sorted({draft.stream for draft in decision.drafts}))

            def keep(connection: Connection) -> None:
                remember(
                    connection,
                    account=context.actor.account,
                    key=key,
                    request=request,
                    streams=streams,
                    answer=answer,
                    now=context.now,
                )

            working.append(keep)
        # A secret is shown once and never kept: a repeat gets the answer without it.
        full = answer | dict(extra.shown_once) if extra else answer
        return Decided(decision.drafts, context, full, role, tuple(working))

    def ask(self, verb: Verb, caller: Caller) -> None:
        """Asks access for a verb that acts on no stream, before anything is stored for it. Raises as `do` does."""
        try:
            _role_of(self._may(verb, caller), caller)
        except Denied:
            self.journal.denied(caller, self.clock(), DenialReason.NOT_ALLOWED)
            raise

    @staticmethod
    def _may(verb: Verb, caller: Caller) -> Allow | Deny:
        """What access says of a verb that acts on no stream."""
        return may(caller.actor, (), verb, new_thing(_KIND[VERBS[verb].target], caller.actor.lane))

    def _allowed(
        self, rule: Rule, command: Command, caller: Caller, states: States, known: Known
    ) -> Role | None:
        """Asks access for every stream that the command acts on. Raises NotFound, Denied or Unsigned."""
        acts_on = rule.acts_on(command)
        verb = rule.permission_for(command, states, known)
        if not acts_on:
            return _role_of(self._may(verb, caller), caller)
        answers = {stream: _answer(caller, verb, states[stream]) for stream in acts_on}
        # What is not there or may not be seen comes first, in the order of the streams: of two streams, a refusal
        # about the one must not tell whether the other exists.
        unseen = [
            answer for answer in answers.items() if isinstance(answer[1], Deny) and not answer[1].visible
        ]
        role: Role | None = None
        for stream, answer in (*unseen, *answers.items()):
            role = _role_of(answer, caller, stream) or role
        return role


def _lane_of(rule: Rule, command: Command, caller: Caller) -> str:
    """The lane whose clock says when it happens: for a verb on a drill that of the drill, wherever its caller is."""
    target = VERBS[rule.verb].target
    if target is Target.DRILL:
        return lane_of(rule.acts_on(command)[0])
    return REAL if target in _WITHOUT_CLOCK else caller.actor.lane


def _moved(rule: Rule, command: Command, caller: Caller) -> tuple[Working, ...]:
    """The caller's session in another lane, where the verb does that."""
    into, session, account = MOVES_SESSION.get(rule.verb), caller.session, caller.actor.account
    if into is None or session is None:
        return ()
    return (lambda connection: move_session(connection, account, session, into(command)),)


def _answer(caller: Caller, verb: Verb, state: StreamState) -> Allow | Deny:
    if not state.exists and stream_type(state.stream) is not StreamType.ACCOUNTS:
        return Deny("There is no such thing here.", visible=False)
    held = state.slice(ROLES).held_by(caller.actor.account)
    return may(caller.actor, held, verb, thing_of(state))


def _role_of(answer: Allow | Deny, caller: Caller, stream: str = "") -> Role | None:
    if isinstance(answer, Allow):
        return answer.role
    if caller.actor.account == NOBODY:
        raise Unsigned("This needs an account.", "", "Sign in, or use a token.")
    if not answer.visible:
        raise not_found(stream)
    reason, _, mend = answer.reason.partition(". ")
    raise Denied(f"{reason.rstrip('.')}.", stream, mend)


def not_found(stream: str) -> NotFound:
    """The one answer for what does not exist and for what one may not see."""
    return NotFound("There is nothing with this code.", stream, "Check the code, or search the list.")


def parse(command: type[Command], fields: Mapping[str, Any]) -> Command:
    """The command of the fields that were sent. Raises BadInput: one line, the first field that is wrong."""
    try:
        return command.model_validate(fields)
    except ValidationError as error:
        raise first_fault(error, command) from None


def first_fault(error: ValidationError, command: type[Command]) -> BadInput:
    """The first fault of a validation as one line; the input itself is not repeated."""
    fault = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = ", ".join(command.model_fields)
        # The name itself is input: only what looks like the name of a field is said again.
        where = where if _FIELD.fullmatch(where) else ""
        return BadInput("This field is not known.", where, f"Known fields: {known}.")
    if fault["type"] == "missing":
        return BadInput("This field is missing.", where, "Give it and send it again.")
    message = str(fault["msg"]).removeprefix("Value error, ")
    return BadInput(f"{message.rstrip('.')}.", where, "Mend this field and send it again.")


def _checked(key: str | None) -> str | None:
    if key is not None and not (8 <= len(key) <= 128 and key.isascii() and key.isprintable()):
        raise BadInput(
            "An idempotency key has 8 to 128 printable characters.", "Idempotency-Key", "Draw one at random."
        )
    return key


def _first_answer(before: str, request: str, answer: Answer) -> Answer:
    if before != request:
        raise Refused(
            "This idempotency key was used for another request.",
            "Idempotency-Key",
            "Use a new key for a new request.",
        )
    return answer
