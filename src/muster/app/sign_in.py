"""Signing in and out: passwords, sessions, tokens and one-time links.

Every success is an entry, in the same transaction as its session.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from muster.access.accounts import AccountState
from muster.access.passing import DenialReason, LinkMade, LinkPurpose, SignedIn, SignedOut
from muster.access.verbs import Verb
from muster.app import passwords
from muster.app.caller import Caller
from muster.app.doing import Doing
from muster.app.quota import Quota
from muster.core.errors import BadInput, Denied, NotFound, Refused, TooMany, Unsigned
from muster.core.people import NOBODY, SERVER, Actor, Duty, Scope, Through
from muster.store import credentials
from muster.store.credentials import KnownAccount
from muster.store.database import Database

LINK_LIFE = {
    LinkPurpose.FIRST: timedelta(minutes=30),
    LinkPurpose.INVITE: timedelta(hours=24),
    LinkPurpose.RESET: timedelta(hours=24),
}
IDLE = timedelta(hours=2)


@dataclass(frozen=True)
class SignedInNow:
    """A new session: its secret for the cookie, and when it ends."""

    secret: str
    expires: datetime


class SignIn:
    """Signs people in and finds out who calls."""

    def __init__(
        self, database: Database, doing: Doing, clock: Callable[[], datetime], session_hours: int
    ) -> None:
        self._database = database
        self._doing = doing
        self._journal = doing.journal
        self._clock = clock
        self._life = timedelta(hours=session_hours)
        self._guesses = Quota(per_minute=10, all_per_minute=120)
        self._used: dict[str, datetime] = {}

    def with_password(self, sign_in: str, password: str, caller: Caller, device: str) -> SignedInNow:
        """A new session. Raises Denied (one text for every reason), TooMany, Unavailable."""
        now = self._clock()
        name = sign_in.strip().lower()
        try:
            self._guesses.take(caller.source, time.monotonic())
            self._guesses.take(f"name {name}", time.monotonic())
        except TooMany:
            self._journal.denied(caller, now, DenialReason.QUOTA)
            raise
        with self._database.read() as connection:
            # Names are printable ASCII; no database is asked about NUL or half a surrogate pair.
            askable = name.isascii() and name.isprintable()
            found = credentials.password_hash(connection, name) if askable else None
        if not passwords.fits(found[1] if found else None, password) or found is None:
            reason = DenialReason.WRONG_PASSWORD if found else DenialReason.UNKNOWN_SIGN_IN
            self._journal.denied(caller, now, reason)
            raise _wrong()
        for right in (caller.source, f"name {name}"):  # a whole office behind one address may begin its day
            self._guesses.give_back(right, time.monotonic())
        return self.open_session(found[0], caller, device)

    def open_session(self, account: str, caller: Caller, device: str) -> SignedInNow:
        """A new session of an account whose password was just given, or just set by its link. Raises Unavailable."""
        now = self._clock()
        secret, session = secrets.token_urlsafe(32), secrets.token_hex(16)
        expires = now + self._life
        actor = Actor(account, through=caller.actor.through)

        def keep(connection: Connection) -> None:
            credentials.forget_ended(connection, now)
            credentials.add_session(
                connection,
                secret=secret,
                session=session,
                account=account,
                began=now,
                expires=expires,
                device=device[:200],
            )

        entry = SignedIn(account=account, source=caller.source[:100])
        self._journal.write(Caller(actor, source=caller.source), now, entry, keep)
        self._used[session] = now
        return SignedInNow(secret, expires)

    def out(self, caller: Caller) -> None:
        """Ends the caller's session. Raises Unavailable."""
        session = caller.session
        if session is not None:
            account = caller.actor.account
            self._journal.write(
                caller,
                self._clock(),
                SignedOut(account=account),
                lambda connection: _end(connection, account, session),
            )

    def end_session(self, caller: Caller, session: str) -> None:
        """Ends another of the caller's own sessions. Raises NotFound, Unavailable."""
        account = caller.actor.account

        def work(connection: Connection) -> None:
            if not credentials.end_session(connection, account, session):
                raise NotFound("There is no such session.", "session", "It may have ended already.")

        self._journal.write(caller, self._clock(), SignedOut(account=account), work)

    def by_session(self, secret: str, source: str) -> Caller | None:
        """Who a session's secret belongs to; None when it ended, also by two hours of silence."""
        now = self._clock()
        with self._database.read() as connection:
            known = credentials.by_session(connection, secret, now)
        if known is None or known.session is None:
            return None
        last = self._used.get(known.session)
        if last is not None and now - last > IDLE:
            return None
        self._used[known.session] = now
        if len(self._used) > 10_000:
            self._used = {session: at for session, at in self._used.items() if now - at <= self._life}
        return _caller(known, Through.WEB, source)

    def by_token(self, secret: str, source: str) -> Caller:
        """Who a token's secret belongs to. Raises Unsigned."""
        with self._database.read() as connection:
            known = credentials.by_token(connection, secret)
        if known is None:
            self._journal.denied(Caller(Actor(NOBODY), source=source), self._clock(), DenialReason.TOKEN)
            raise Unsigned(
                "This token is not known, was revoked, or its account is disabled.", "", "Make a new token."
            )
        return _caller(known, _through(known.scope), source)

    def make_link(self, purpose: LinkPurpose, account: str, through: Through) -> str:
        """The secret of a new one-time link. The entry of it stands in the access stream."""
        now = self._clock()
        secret = secrets.token_urlsafe(24)
        server = Caller(Actor(SERVER, through=through))

        def keep(connection: Connection) -> None:
            credentials.add_link(
                connection,
                secret=secret,
                purpose=purpose.value,
                account=account,
                expires=now + LINK_LIFE[purpose],
            )

        entry = LinkMade(purpose=purpose, account=account or None)
        self._journal.write(server, now, entry, keep)
        return secret

    def link(self, secret: str) -> tuple[LinkPurpose, str]:
        """Purpose and account of a link. Raises NotFound when it was used, ended, or never was."""
        with self._database.read() as connection:
            found = credentials.find_link(connection, secret, self._clock())
        if found is None:
            raise NotFound("This link was used or has ended.", "link", "Ask an administrator for a new one.")
        return LinkPurpose(found[0]), found[1]

    def use_link(
        self, secret: str, caller: Caller, *, password: str, name: str = "", sign_in: str = ""
    ) -> str:
        """Sets a password by a link, and makes the first administrator; the account. Raises NotFound, BadInput, Refused."""
        passwords.check(password)
        purpose, account = self.link(secret)
        kept = passwords.hash_of(password)
        server = Caller(Actor(SERVER, through=caller.actor.through), source=caller.source)
        self._use_up(secret)
        if purpose is LinkPurpose.FIRST:
            fields = {"name": name, "sign_in": sign_in}
            try:
                account = str(self._doing.do(Verb.FIRST, fields, server)["account"])
            except (BadInput, Refused):
                self._give_back(secret, purpose, account)
                raise
        elif self._invited(account):  # by its first link, or by the one that replaced it
            self._doing.do(Verb.ACTIVATE, {"account": account}, Caller(Actor(account, through=Through.WEB)))

        def keep(connection: Connection) -> None:
            credentials.set_password(connection, account, kept)
            credentials.end_sessions(connection, account)

        self._database.write(keep)
        return account

    def _invited(self, account: str) -> bool:
        with self._database.read() as connection:
            return credentials.account_state(connection, account) == AccountState.INVITED.value

    def _use_up(self, secret: str) -> None:
        if not self._database.write(lambda connection: credentials.use_link(connection, secret)):
            raise NotFound("This link was used or has ended.", "link", "Ask an administrator for a new one.")

    def _give_back(self, secret: str, purpose: LinkPurpose, account: str) -> None:
        expires = self._clock() + LINK_LIFE[purpose]
        self._database.write(
            lambda connection: credentials.add_link(
                connection, secret=secret, purpose=purpose.value, account=account, expires=expires
            )
        )


def _wrong() -> Denied:
    return Denied(
        "Sign-in name and password do not fit.",
        "sign in",
        "Type them again; an administrator can send a new link.",
    )


def _end(connection: Connection, account: str, session: str) -> None:
    credentials.end_session(connection, account, session)


def _through(scope: str | None) -> Through:
    if scope == Scope.REPORT_HITS:
        return Through.DETECTOR
    return Through.WEBHOOK if scope == Scope.REPORT_SIGNALS else Through.API


def _caller(known: KnownAccount, through: Through, source: str) -> Caller:
    scopes = None if known.scope is None else frozenset({Scope(known.scope)})
    duties = frozenset(Duty(duty) for duty in known.duties)
    actor = Actor(known.account, duties, through, scopes, known.lane)
    return Caller(actor, known.name, source, known.session, known.token)
