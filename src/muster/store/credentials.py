"""Working rows of sign-in: sessions, password hashes, token secrets and one-time links, all by hash.

Losing these tables costs a sign-in, never a fact. `restore` drops them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select

from muster.core.time import stored
from muster.record.lane import REAL
from muster.store import schema
from muster.store.database import upsert

# How long an invitation or a reset link lives.
LINK_HOURS = timedelta(hours=24)


def hashed(secret: str) -> str:
    """How a random secret of at least 128 bits is kept: SHA-256, since nobody can guess it."""
    return hashlib.sha256(b"muster/secret/1\0" + secret.encode()).hexdigest()


@dataclass(frozen=True)
class KnownAccount:
    """Who a session or token belongs to, as stored."""

    account: str
    name: str
    duties: tuple[str, ...]
    state: str
    lane: str
    scope: str | None
    token: str | None
    session: str | None


@dataclass(frozen=True)
class SessionRow:
    """A session as its owner sees it in the list."""

    session: str
    account: str
    began: str
    expires: str
    device: str


def _duties(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def by_session(connection: Connection, secret: str, now: datetime) -> KnownAccount | None:
    """The account of a session's secret, None when it ended or the account is disabled."""
    sessions, accounts = schema.sessions, schema.accounts
    row = connection.execute(
        select(sessions, accounts.c.name, accounts.c.duties, accounts.c.state)
        .join(accounts, accounts.c.account == sessions.c.account)
        .where(
            sessions.c.id_hash == hashed(secret),
            sessions.c.expires > stored(now),
            accounts.c.state == "active",
        )
    ).first()
    if row is None:
        return None
    return KnownAccount(
        row.account, row.name, _duties(row.duties), row.state, row.lane, None, None, row.session
    )


def by_token(connection: Connection, secret: str) -> KnownAccount | None:
    """The account of a token's secret, None when it is revoked or the account is disabled."""
    secrets_, tokens, accounts = schema.token_secrets, schema.tokens, schema.accounts
    row = connection.execute(
        select(tokens, accounts.c.name.label("account_name"), accounts.c.duties)
        .select_from(
            secrets_.join(tokens, tokens.c.token == secrets_.c.token).join(
                accounts, accounts.c.account == tokens.c.account
            )
        )
        .where(
            secrets_.c.secret_hash == hashed(secret), tokens.c.state == "valid", accounts.c.state == "active"
        )
    ).first()
    if row is None:
        return None
    return KnownAccount(
        row.account, row.account_name, _duties(row.duties), "active", row.lane, row.scope, row.token, None
    )


def add_session(
    connection: Connection,
    *,
    secret: str,
    session: str,
    account: str,
    began: datetime,
    expires: datetime,
    device: str,
) -> None:
    """Keeps a new session."""
    connection.execute(
        schema.sessions.insert(),
        [
            {
                "id_hash": hashed(secret),
                "session": session,
                "account": account,
                "lane": "real",
                "began": stored(began),
                "expires": stored(expires),
                "device": device,
            }
        ],
    )


def move_session(connection: Connection, account: str, session: str, lane: str) -> None:
    """Puts one session of an account into a lane."""
    table = schema.sessions
    connection.execute(
        table.update().where(table.c.account == account, table.c.session == session).values(lane=lane)
    )


def leave_lane(connection: Connection, lane: str) -> None:
    """Puts every session that is in this lane back into reality."""
    table = schema.sessions
    connection.execute(table.update().where(table.c.lane == lane).values(lane=REAL))


def sessions_of(connection: Connection, account: str, now: datetime) -> list[SessionRow]:
    """The open sessions of an account, newest first."""
    table = schema.sessions
    rows = connection.execute(
        select(table)
        .where(table.c.account == account, table.c.expires > stored(now))
        .order_by(table.c.began.desc())
    )
    return [SessionRow(row.session, row.account, row.began, row.expires, row.device) for row in rows]


def end_session(connection: Connection, account: str, session: str) -> bool:
    """Ends one session of an account. False when there is none."""
    table = schema.sessions
    done = connection.execute(table.delete().where(table.c.account == account, table.c.session == session))
    return done.rowcount > 0


def end_sessions(connection: Connection, account: str) -> None:
    """Ends all sessions of an account."""
    table = schema.sessions
    connection.execute(table.delete().where(table.c.account == account))


def forget_ended(connection: Connection, now: datetime) -> None:
    """Removes sessions and links whose time is over."""
    for table in (schema.sessions, schema.links):
        connection.execute(table.delete().where(table.c.expires <= stored(now)))


def password_hash(connection: Connection, sign_in: str) -> tuple[str, str] | None:
    """Account and password hash of an enabled account, by its sign-in name."""
    accounts, passwords = schema.accounts, schema.passwords
    row = connection.execute(
        select(accounts.c.account, passwords.c.hash)
        .join(passwords, passwords.c.account == accounts.c.account)
        .where(and_(accounts.c.sign_in == sign_in, accounts.c.state == "active"))
    ).first()
    return None if row is None else (row.account, row.hash)


def set_password(connection: Connection, account: str, hash_: str) -> None:
    """Keeps a password's hash."""
    connection.execute(upsert(connection, schema.passwords), [{"account": account, "hash": hash_}])


def add_token_secret(connection: Connection, *, secret: str, token: str) -> None:
    """Keeps the hash of a token's secret."""
    connection.execute(schema.token_secrets.insert(), [{"secret_hash": hashed(secret), "token": token}])


def add_link(connection: Connection, *, secret: str, purpose: str, account: str, expires: datetime) -> None:
    """Keeps a one-time link. Older ones of the same account end, whatever they were for."""
    table = schema.links
    forget_links_of(connection, account)
    connection.execute(
        table.insert(),
        [{"secret_hash": hashed(secret), "purpose": purpose, "account": account, "expires": stored(expires)}],
    )


def forget_links_of(connection: Connection, account: str) -> None:
    """Ends the one-time links of an account."""
    table = schema.links
    connection.execute(table.delete().where(table.c.account == account))


def find_link(connection: Connection, secret: str, now: datetime) -> tuple[str, str] | None:
    """Purpose and account of a link that was not used and has not ended."""
    table = schema.links
    row = connection.execute(
        select(table).where(table.c.secret_hash == hashed(secret), table.c.expires > stored(now))
    ).first()
    return None if row is None else (row.purpose, row.account)


def use_link(connection: Connection, secret: str) -> bool:
    """Uses a link up. False when another request did so first."""
    table = schema.links
    return connection.execute(table.delete().where(table.c.secret_hash == hashed(secret))).rowcount > 0


def forget_token(connection: Connection, token: str) -> None:
    """Removes a token's secret."""
    table = schema.token_secrets
    connection.execute(table.delete().where(table.c.token == token))


def forget_tokens_of(connection: Connection, account: str) -> None:
    """Removes the secrets of all tokens of an account."""
    secrets_, tokens = schema.token_secrets, schema.tokens
    mine = select(tokens.c.token).where(tokens.c.account == account)
    connection.execute(secrets_.delete().where(secrets_.c.token.in_(mine)))


def account_state(connection: Connection, account: str) -> str | None:
    """The state of an account, None when there is none."""
    table = schema.accounts
    return connection.execute(select(table.c.state).where(table.c.account == account)).scalar_one_or_none()
