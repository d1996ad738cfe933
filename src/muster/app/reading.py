"""Reading for people: every list and page asks access first, and shows nothing that may not be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from muster.access.accounts import ACCOUNTS
from muster.access.may import Allow, Visible, may, new_thing, visible
from muster.access.passing import DenialReason, ReadThing
from muster.access.verbs import Verb
from muster.app import incident_view, signal_view
from muster.app.caller import Caller
from muster.app.doing import not_found
from muster.app.journal import Journal
from muster.app.registry import FOLDS, KINDS
from muster.app.views import (
    AccountRow,
    IncidentList,
    IncidentView,
    PersonView,
    ReceiptView,
    SignalList,
    SignalView,
    TokenRow,
)
from muster.core.errors import BadInput, Denied, MusterError, NotFound, Unsigned
from muster.core.ids import ACCOUNTS_STREAM, StreamType, parse_code
from muster.core.labels import Secrecy
from muster.core.people import NOBODY, Actor
from muster.plan.services import Service
from muster.record.state import StreamState
from muster.respond.receipt import receipt_hash
from muster.respond.roles import ROLES
from muster.respond.secrecy import thing_of
from muster.store import lists
from muster.store.append import load
from muster.store.blobs import Blobs
from muster.store.credentials import SessionRow, sessions_of
from muster.store.database import Database
from muster.store.read_stream import StoredEntry, read_stream

ENTRIES_A_PAGE = 200


@dataclass(frozen=True)
class Reading:
    """What callers may read. services: those of the plan in force now."""

    database: Database
    blobs: Blobs
    journal: Journal
    clock: Callable[[], datetime]
    services: Callable[[], Mapping[str, Service]]

    def signals(
        self, caller: Caller, *, state: str | None = None, after: str | None = None, limit: int = lists.PAGE
    ) -> SignalList:
        """A page of signals, newest first. Raises Unsigned."""
        seen = self._seen(caller)
        _storable(state, after)
        with self.database.read() as connection:
            page = lists.signals(connection, seen, state=state, after=after, limit=_bounded(limit))
            incidents = {row["incident"] for row in page.rows if row["incident"]}
            open_to = self._visible_of(connection, caller.actor, incidents)
            covered = lists.covered(connection, (row["stream"] for row in page.rows))
        rows = tuple(signal_view.row(row, open_to, hidden=row["stream"] in covered) for row in page.rows)
        return SignalList(signals=rows, next=page.next)

    def incidents(
        self, caller: Caller, *, state: str | None = None, after: str | None = None, limit: int = lists.PAGE
    ) -> IncidentList:
        """A page of incidents, newest first. Raises Unsigned."""
        seen = self._seen(caller)
        _storable(state, after)
        with self.database.read() as connection:
            page = lists.incidents(connection, seen, state=state, after=after, limit=_bounded(limit))
            names = lists.names(connection)
            covered = lists.covered(connection, (row["stream"] for row in page.rows))
        rows = tuple(incident_view.row(row, names, hidden=row["stream"] in covered) for row in page.rows)
        return IncidentList(incidents=rows, next=page.next)

    def incident(self, caller: Caller, code: str, *, before: int | None = None) -> IncidentView:
        """One incident with a page of its log. Raises NotFound, Unsigned; its reading is an entry when it is secret."""
        stream = code_of(code, StreamType.INCIDENT)
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.SEE)
        self.note(caller, state)
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.SEE)
            end = state.seq if before is None else min(before - 1, state.seq)
            start = max(0, end - ENTRIES_A_PAGE + 1)
            entries = list(
                read_stream(connection, stream, KINDS, after=start - 1, limit=max(0, end - start + 1))
            )
            seen = self._seen(caller)
            return incident_view.view(connection, state, entries, seen, start)

    def signal(self, caller: Caller, code: str) -> SignalView:
        """One signal. Raises NotFound, Unsigned; its reading is an entry when it is secret."""
        stream = code_of(code, StreamType.SIGNAL)
        services = self.services()
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.SEE)
        self.note(caller, state)
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.SEE)
            first = list(read_stream(connection, stream, KINDS, limit=ENTRIES_A_PAGE))
            last_listed = first[-1].entry.header.seq if first else -1
            start = max(last_listed, state.seq - ENTRIES_A_PAGE)
            rest = list(read_stream(connection, stream, KINDS, after=start))
            entries: list[StoredEntry] = [*first, *rest]
            open_to = self._visible_of(connection, caller.actor, set(signal_view.named_in(state, entries)))
            return signal_view.view(connection, state, entries, open_to, services)

    def evidence(self, caller: Caller, code: str, sha256: str) -> bytes:
        """The bytes of a signal's evidence. Its reading is an entry first. Raises NotFound, Denied, Damaged."""
        stream = code_of(code, StreamType.SIGNAL)
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.READ_EVIDENCE)
            hidden = lists.hidden(connection, stream)
            entries = read_stream(connection, stream, KINDS)
            known = signal_view.evidence_hashes(
                item for item in entries if item.entry.header.seq not in hidden
            )
        if sha256 not in known:
            raise NotFound("There is no such evidence.", stream, "Open the signal and follow its link.")
        self.note(caller, state)
        self.journal.read(caller, self.clock(), sha256, ReadThing.EVIDENCE)
        return self.blobs.get(sha256)

    def state(self, connection: Connection, caller: Caller, stream: str) -> StreamState:
        """The state of a stream that the caller may see. Raises NotFound, Unsigned."""
        return self._state(connection, caller, stream, Verb.SEE)

    def may_export(self, caller: Caller, code: str) -> StreamState:
        """The stream that a caller may export. Raises NotFound, Denied, Unsigned."""
        with self.database.read() as connection:
            return self._state(connection, caller, parse_code(code), Verb.EXPORT)

    def accounts(self, caller: Caller) -> tuple[AccountRow, ...]:
        """All accounts. Raises Denied, Unsigned."""
        self.ask(caller, Verb.READ_ACCOUNTS)
        with self.database.read() as connection:
            rows = lists.accounts(connection)
            known = (
                load(connection, [ACCOUNTS_STREAM], FOLDS, lock=False)[ACCOUNTS_STREAM]
                .slice(ACCOUNTS)
                .accounts
            )
        return tuple(
            AccountRow(
                account=row["account"],
                name=row["name"],
                sign_in=row["sign_in"],
                duties=tuple(part for part in row["duties"].split(",") if part),
                state=row["state"],
                kind=row["kind"],
                version=known[row["account"]].changes if row["account"] in known else 0,
                person=(known[row["account"]].person or None) if row["account"] in known else None,
            )
            for row in rows
        )

    def people(self, caller: Caller) -> tuple[PersonView, ...]:
        """People with an account in use, to choose from. Raises Unsigned."""
        return tuple(
            PersonView(account=row.account, name=row.name)
            for row in self.accounts(caller)
            if row.kind == "person" and row.state == "active"
        )

    def tokens(self, caller: Caller, *, all_of_them: bool = False) -> tuple[TokenRow, ...]:
        """The caller's tokens; all tokens for an administrator who asks. Raises Unsigned."""
        self.ask(caller, Verb.READ_ACCOUNTS)
        account = None if all_of_them and caller.administers else caller.actor.account
        with self.database.read() as connection:
            rows = lists.tokens(connection, account)
            names = lists.names(connection)
        return tuple(
            TokenRow(
                token=row["token"],
                account=row["account"],
                holder=names.get(row["account"], ""),
                name=row["name"],
                scope=row["scope"],
                lane=row["lane"],
                state=row["state"],
            )
            for row in rows
        )

    def sessions(self, caller: Caller) -> tuple[SessionRow, ...]:
        """The caller's open sessions. Raises Unsigned."""
        self.ask(caller, Verb.READ_ACCOUNTS)
        with self.database.read() as connection:
            return tuple(sessions_of(connection, caller.actor.account, self.clock()))

    def receipt(self, text: str) -> ReceiptView:
        """Where a report stands, for whoever has its receipt. Raises BadInput, NotFound."""
        with self.database.read() as connection:
            row = lists.receipt(connection, receipt_hash(text))
        if row is None:
            raise NotFound("There is no report with this receipt.", "receipt", "Check it, or report again.")
        return ReceiptView(**row)

    def account_of(self, caller: Caller, text: str) -> str:
        """The account of an id or a sign-in name. Raises NotFound, Unsigned."""
        self.ask(caller, Verb.READ_ACCOUNTS)
        with self.database.read() as connection:
            found = lists.account_of(connection, text)
        if found is None:
            raise NotFound(
                "There is no such account.", "account", "Use the sign-in name from `muster list accounts`."
            )
        return found

    def _seen(self, caller: Caller) -> Visible:
        self.ask(caller, Verb.READ_ACCOUNTS)
        return visible(caller.actor)

    def seen(self, caller: Caller, code: str, kind: str | None = None) -> str:
        """The stream of a code that the caller may see. Raises NotFound, Unsigned; its reading is an entry when secret."""
        stream = code_of(code, None if kind is None else StreamType(kind))
        with self.database.read() as connection:
            state = self._state(connection, caller, stream, Verb.SEE)
        self.note(caller, state)
        return stream

    def ask(self, caller: Caller, verb: Verb) -> None:
        """Asks access for a verb that acts on no stream. Raises Denied, Unsigned."""
        answer = may(caller.actor, (), verb, new_thing(StreamType.ACCOUNTS, caller.actor.lane))
        if not isinstance(answer, Allow):
            raise _denied(caller, answer.reason)

    def _state(self, connection: Connection, caller: Caller, stream: str, verb: Verb) -> StreamState:
        state = load(connection, [stream], FOLDS, lock=False)[stream]
        return self.check(caller, state, verb)

    def check(self, caller: Caller, state: StreamState, verb: Verb = Verb.SEE) -> StreamState:
        """The state, when the caller may do this with it; a refusal leaves its trace. Raises NotFound, Denied, Unsigned."""
        if caller.actor.account == NOBODY:
            raise _denied(caller, "")
        held = state.slice(ROLES).held_by(caller.actor.account)
        answer = may(caller.actor, held, verb, thing_of(state)) if state.exists else None
        if isinstance(answer, Allow):
            return state
        # Whoever tries codes one by one leaves a trace, whether they exist or not.
        if answer is None or not answer.visible:
            self.journal.denied(caller, self.clock(), DenialReason.HIDDEN)
            raise not_found(state.stream)
        self.journal.denied(caller, self.clock(), DenialReason.NOT_ALLOWED)
        raise _denied(caller, answer.reason)

    def note(self, caller: Caller, state: StreamState) -> None:
        """Leaves the entry of a reading, where the stream is for named people."""
        if thing_of(state).secrecy is Secrecy.NAMED:
            self.journal.read(caller, self.clock(), state.stream, ReadThing.NAMED)

    def _visible_of(self, connection: Connection, actor: Actor, streams: set[str]) -> frozenset[str]:
        if not streams:
            return frozenset()
        seen = visible(actor)
        states = load(connection, sorted(streams), FOLDS, lock=False)
        return frozenset(stream for stream, state in states.items() if seen.admits(thing_of(state)))


def _denied(caller: Caller, reason: str) -> MusterError:
    if caller.actor.account == NOBODY:
        return Unsigned("This needs an account.", "", "Sign in, or use a token.")
    first, _, mend = reason.partition(". ")
    return Denied(f"{first.rstrip('.')}.", "", mend)


def code_of(text: str, kind: StreamType | None) -> str:
    """A code as typed; one that is none is simply not found."""
    try:
        return parse_code(text, kind)
    except BadInput as error:
        raise NotFound(error.what, "code", error.mend) from None


def _storable(*texts: str | None) -> None:
    """PostgreSQL takes no NUL, not even in a question. Raises BadInput."""
    if any(text is not None and "\0" in text for text in texts):
        raise BadInput("This holds a character that is in no record.", "query", "Take it out.")


def _bounded(limit: int) -> int:
    return max(1, min(limit, 500))
