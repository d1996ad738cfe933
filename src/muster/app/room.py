"""Reading the room of an incident: its head with what waits for whoever looks, and one of its parts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, RowMapping

from muster.access.may import visible
from muster.app import (
    action_view,
    custody_view,
    decision_view,
    disclosure_view,
    due_view,
    incident_view,
    learning_view,
    mine_view,
    run_view,
    work_view,
)
from muster.app.action_view import ActionsView
from muster.app.caller import Caller
from muster.app.custody_view import CustodyView
from muster.app.decision_view import DecisionsView
from muster.app.disclosure_view import DisclosureView
from muster.app.due_view import DoorView
from muster.app.learning_view import LearningView
from muster.app.look import HIDDEN, Look, Words
from muster.app.mine_view import CountsView, MineView
from muster.app.reading import Reading, code_of
from muster.app.registry import FOLDS, KINDS
from muster.app.run_view import RunsView
from muster.app.views import IncidentView, PersonView, RoleView, View
from muster.app.work_view import WorkView
from muster.app.world import World
from muster.core.ids import PLAN_STREAM, StreamType
from muster.core.labels import Secrecy
from muster.core.time import stored
from muster.plan.builtin import SEVERITY_TABLE
from muster.record.entry import Entry
from muster.record.state import States, StreamState
from muster.rehearse.clock import streams_of, time_in
from muster.respond.able import commander
from muster.respond.actions import ACTIONS, ActionProposed
from muster.respond.calling import NOBODY_REAL
from muster.respond.facts import Standing
from muster.respond.incident import INCIDENT
from muster.respond.log import SUMMARY
from muster.respond.secrecy import SIGHT
from muster.respond.severity import SEVERITIES
from muster.store import lists, schema
from muster.store.append import load
from muster.store.due import latest_in
from muster.store.entries_at import entries_at
from muster.store.read_stream import read_stream

ENTRIES = 60


class Part(StrEnum):
    """A part of the room with a page of its own."""

    WORK = "work"
    RUNS = "runs"
    ACTIONS = "actions"
    DISCLOSURE = "disclosure"
    LEARNING = "learning"


class RuleView(View):
    """A rule of the severity table: its level, its sentence, and whether it gave the level that holds."""

    severity: str
    sentence: str
    gave: bool


class HeadView(View):
    """What stands above every part: what it is, how bad, who commands; what waits for whoever looks; people.

    rated: how often the severity was. summarized: whether there is a summary. questions: those that are open.
    unreached: that nobody real can be called, of a grave incident.
    """

    incident: str
    what: str
    state: str
    ended: bool
    severity: str
    commander: str | None
    roles: tuple[RoleView, ...]
    rated: int
    summarized: bool
    questions: tuple[str, ...]
    declared_at: str
    plan: str
    in_force: str
    lane: str
    now: str
    mine: MineView
    counts: CountsView
    door: DoorView
    everybody: tuple[PersonView, ...]
    problem: str
    unreached: str = ""
    table: tuple[RuleView, ...] = ()


class RoomView(View):
    """One part of the room below its head. facts, exhibits: what can be named as showing something."""

    head: HeadView
    facts: tuple[tuple[int, str], ...] = ()
    exhibits: tuple[tuple[int, str], ...] = ()
    work: WorkView | None = None
    decisions: DecisionsView | None = None
    custody: CustodyView | None = None
    runs: RunsView | None = None
    actions: ActionsView | None = None
    disclosure: DisclosureView | None = None
    learning: LearningView | None = None


_NEEDS: Mapping[Part, tuple[Callable[[StreamState], set[int]], ...]] = {
    Part.WORK: (work_view.needs, decision_view.needs, custody_view.needs),
    Part.RUNS: (),
    Part.ACTIONS: (action_view.needs,),
    Part.DISCLOSURE: (disclosure_view.needs,),
    Part.LEARNING: (learning_view.needs, custody_view.needs),
}
# Where something is to be shown by facts and evidence.
_WITH_FACTS = frozenset({Part.WORK, Part.DISCLOSURE, Part.LEARNING})
_WITH_EXHIBITS = frozenset({Part.WORK, Part.LEARNING})


@dataclass(frozen=True)
class Room:
    """Reads the room for callers."""

    reading: Reading
    world: World

    def incident(self, caller: Caller, code: str, before: int | None = None) -> tuple[IncidentView, HeadView]:
        """The incident with a page of its log, and its head. Raises NotFound, Unsigned; as `Reading.incident`."""
        stream, states = self._first(caller, code)
        with self.reading.database.read() as connection:
            states = states or self._states(connection, caller, stream, ())
            state = states[stream]
            end = state.seq if before is None else min(before - 1, state.seq)
            start = max(0, end - ENTRIES + 1)
            page = list(
                read_stream(connection, stream, KINDS, after=start - 1, limit=max(0, end - start + 1))
            )
            found = incident_view.gather(connection, state, visible(caller.actor))
            rated = found.row["severity_seq"]
            entries = self._bodies(
                connection, {stream: mine_view.needs(state, caller.actor.account) | {rated}}
            )[stream]
            look = self._look(
                caller, states, stream, connection, Words(entries, _hidden(found.hidden)), found.names
            )
        look = replace(look, facts=_texts(found.facts))
        shown = incident_view.shown(state, found, page, start, entries.get(rated))
        head = self._head(look, found.row, found.what, found.accounts)
        return shown, head.model_copy(update={"table": _table(look, shown.severity.rule)})

    def part(self, caller: Caller, code: str, part: Part) -> RoomView:
        """One part of the room. Raises NotFound, Unsigned; its reading is an entry when the incident is secret."""
        stream, states = self._first(caller, code, (PLAN_STREAM,) if part is Part.LEARNING else ())
        with self.reading.database.read() as connection:
            more = (PLAN_STREAM,) if part is Part.LEARNING else ()
            states = states or self._states(connection, caller, stream, more)
            state = states[stream]
            row = lists.one(connection, schema.incidents, stream)
            if row is None:
                raise RuntimeError("an incident has no row; the projection is damaged")
            accounts = lists.accounts(connection)
            hidden = _hidden(lists.hidden(connection, stream))
            facts = _texts(lists.facts(connection, stream))
            mine = mine_view.needs(state, caller.actor.account)
            wanted = {stream: mine.union(*(needs(state) for needs in _NEEDS[part]))}
            plan_hidden: Collection[int] = ()
            if part is Part.LEARNING:
                wanted[PLAN_STREAM] = learning_view.plan_needs(state)
                plan_hidden = _hidden(lists.hidden(connection, PLAN_STREAM))
            entries = self._bodies(connection, wanted)
            names = {one["account"]: one["name"] for one in accounts}
            look = self._look(caller, states, stream, connection, Words(entries[stream], hidden), names)
        look = replace(look, facts=facts)
        what = HIDDEN if 0 in hidden else (row["what"] or "(erased)")
        room = RoomView(
            head=self._head(look, row, what, accounts),
            facts=look.confirmed() if part in _WITH_FACTS else (),
            exhibits=_exhibits(look) if part in _WITH_EXHIBITS else (),
        )
        if part is not Part.LEARNING:
            return room.model_copy(update=_built(look, part))
        plan_words = Words(entries[PLAN_STREAM], plan_hidden)
        return room.model_copy(update={"learning": learning_view.view(look, states[PLAN_STREAM], plan_words)})

    def _first(self, caller: Caller, code: str, more: tuple[str, ...] = ()) -> tuple[str, States | None]:
        """The stream of a code; a secret one's reading is noted before anything of it is read."""
        stream = code_of(code, StreamType.INCIDENT)
        with self.reading.database.read() as connection:
            states = self._states(connection, caller, stream, more)
        if states[stream].slice(SIGHT).secrecy is not Secrecy.NAMED:
            return stream, states
        self.reading.note(caller, states[stream])
        return stream, None

    def _states(
        self, connection: Connection, caller: Caller, stream: str, more: tuple[str, ...]
    ) -> dict[str, StreamState]:
        states = load(connection, [stream, *more, *streams_of(caller.actor.lane)], FOLDS, lock=False)
        self.reading.check(caller, states[stream])
        return states

    @staticmethod
    def _bodies(connection: Connection, wanted: Mapping[str, set[int]]) -> dict[str, dict[int, Entry]]:
        return entries_at(connection, wanted, KINDS)

    def _look(
        self,
        caller: Caller,
        states: States,
        stream: str,
        connection: Connection,
        words: Words,
        names: Mapping[str, str],
    ) -> Look:
        state, wall, lane = states[stream], self.reading.clock(), caller.actor.lane
        drilled = any(one in states and states[one].exists for one in streams_of(lane))
        now = time_in(lane, states, wall, latest_in(connection, lane)) if drilled else None
        told = self.world.told(self.world.now(), state)
        proposals = {
            seq: body
            for seq, action in state.slice(ACTIONS).pending.items()
            if isinstance(body := words.body(action_view.place(seq, action)), ActionProposed)
        }
        return Look(state, replace(told, proposals=proposals), words, names, now or wall, caller)

    def _head(self, look: Look, row: RowMapping, what: str, accounts: Collection[RowMapping]) -> HeadView:
        state = look.state
        incident, severity = state.slice(INCIDENT).state, state.slice(SEVERITIES).current
        commanding = commander(state)
        return HeadView(
            incident=state.stream,
            what=what,
            state=incident.value if incident else "",
            ended=incident is not None and incident.ended,
            severity=severity.value if severity else "unknown",
            commander=look.name(commanding) if commanding else None,
            roles=incident_view.roles(state, look.names),
            rated=state.slice(SEVERITIES).version,
            summarized=bool(state.slice(SUMMARY).text),
            questions=tuple(text for _, worth, text in look.standing() if worth == Standing.QUESTION.value),
            declared_at=row["declared_at"],
            plan=state.pinned or "",
            in_force=self.world.now().commits.in_force,
            lane=state.lane or "real",
            now=stored(look.now),
            mine=mine_view.view(look),
            counts=mine_view.counts(look),
            door=due_view.view(state),
            everybody=tuple(
                PersonView(account=one["account"], name=one["name"])
                for one in accounts
                if one["kind"] == "person" and one["state"] == "active"
            ),
            problem=self.world.now().problem or "",
            unreached=_unreached(look),
        )


def _unreached(look: Look) -> str:
    """Said of a SEV1 or SEV2 that goes on while the plan in force reaches nobody; else empty. Drills say the same."""
    severity, stands = look.state.slice(SEVERITIES).current, look.state.slice(INCIDENT).state
    grave = severity is not None and severity.rank <= 2 and stands is not None and not stands.ended
    in_force = look.told.in_force
    return NOBODY_REAL if grave and in_force is not None and not in_force.reaches_somebody else ""


def _hidden(rows: Mapping[int, RowMapping]) -> frozenset[int]:
    """Those that are hidden and not erased yet: of what is erased nothing is left to hide."""
    return frozenset(seq for seq, row in rows.items() if row["state"] == "hidden")


def _texts(rows: Collection[RowMapping]) -> dict[int, str]:
    return {row["seq"]: row["text"] for row in rows}


def _table(look: Look, rule: str) -> tuple[RuleView, ...]:
    pinned = look.told.pinned
    return tuple(
        RuleView(severity=one.severity.value, sentence=one.sentence, gave=one.id == rule)
        for one in (pinned.severity.table if pinned else SEVERITY_TABLE)
    )


def _exhibits(look: Look) -> tuple[tuple[int, str], ...]:
    return tuple((one.seq, one.name) for one in custody_view.view(look).exhibits)


def _built(look: Look, part: Part) -> dict[str, View]:
    match part:
        case Part.WORK:
            return {
                "work": work_view.view(look),
                "decisions": decision_view.view(look),
                "custody": custody_view.view(look),
            }
        case Part.RUNS:
            return {"runs": run_view.view(look)}
        case Part.ACTIONS:
            return {"actions": action_view.view(look)}
        case Part.DISCLOSURE:
            return {"disclosure": disclosure_view.view(look)}
        case Part.LEARNING:
            return {}
