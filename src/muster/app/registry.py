"""The registry: every verb with its rule, every kind of entry, every fold. A plain list of what there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from muster.access import rules as access_rules
from muster.access.command import Rule
from muster.access.inviting import Disable
from muster.access.passing import LinkPurpose
from muster.access.tokens import Revoke
from muster.access.verbs import Verb
from muster.record import log
from muster.record.body import Kinds
from muster.record.context import Context
from muster.record.decision import Decision
from muster.record.lane import REAL
from muster.record.state import Folds
from muster.rehearse import rules as rehearse_rules
from muster.rehearse.clock import lane_of
from muster.rehearse.drill import InDrill
from muster.respond import rules as respond_rules
from muster.respond.intake import group_keys, hit_keys
from muster.store import credentials
from muster.store.append import Working

RULES: Mapping[Verb, Rule] = access_rules.RULES | respond_rules.RULES | rehearse_rules.RULES
KINDS: Kinds = {**log.KINDS, **access_rules.KINDS, **respond_rules.KINDS, **rehearse_rules.KINDS}
FOLDS: Folds = {**access_rules.FOLDS, **respond_rules.FOLDS, **rehearse_rules.FOLDS}


@dataclass(frozen=True)
class LooksUp:
    """What intake looks up before it decides: keys of groups, and keys of hits."""

    groups: Callable[[Any, Context], Sequence[str]]
    hits: Callable[[Any, Context], Sequence[str]]


def _groups(command: Any, context: Context) -> Sequence[str]:
    return group_keys(command, context.actor)


def _no_hits(_command: Any, _context: Context) -> Sequence[str]:
    return ()


def _hits(command: Any, context: Context) -> Sequence[str]:
    return hit_keys(command, context.actor.lane)


LOOKS_UP: Mapping[Verb, LooksUp] = {
    Verb.REPORT: LooksUp(_groups, _no_hits),
    Verb.SIGNAL: LooksUp(_groups, _no_hits),
    Verb.HITS: LooksUp(_groups, _hits),
}


@dataclass(frozen=True)
class Also:
    """What a verb does beside its entries: working rows in the same transaction, and a secret that is shown once."""

    working: tuple[Working, ...] = ()
    shown_once: Mapping[str, str] = field(default_factory=dict[str, str])


def _token_secret(_command: Any, context: Context, decision: Decision) -> Also:
    secret = f"mst_{context.secret('token').hex()}"
    token = str(decision.answer["token"])

    def keep(connection: Connection) -> None:
        credentials.add_token_secret(connection, secret=secret, token=token)

    return Also((keep,), {"secret": secret})


def _link(purpose: LinkPurpose) -> Callable[[Any, Context, Decision], Also]:
    def make(_command: Any, context: Context, decision: Decision) -> Also:
        secret = context.secret("link").hex()
        account = str(decision.answer["account"])

        def keep(connection: Connection) -> None:
            credentials.add_link(
                connection,
                secret=secret,
                purpose=purpose.value,
                account=account,
                expires=context.now + credentials.LINK_HOURS,
            )

        return Also((keep,), {"link": f"/link/{secret}"})

    return make


def _ends_sessions(command: Disable, _context: Context, _decision: Decision) -> Also:
    def end(connection: Connection) -> None:
        credentials.end_sessions(connection, command.account)
        credentials.forget_tokens_of(connection, command.account)
        credentials.forget_links_of(connection, command.account)

    return Also((end,))


def _forgets_token(command: Revoke, _context: Context, _decision: Decision) -> Also:
    return Also((lambda connection: credentials.forget_token(connection, command.token),))


def _ends_drill(command: InDrill, _context: Context, _decision: Decision) -> Also:
    return Also((lambda connection: credentials.leave_lane(connection, lane_of(command.drill)),))


ALSO: Mapping[Verb, Callable[[Any, Context, Decision], Also]] = {
    Verb.TOKEN: _token_secret,
    Verb.INVITE: _link(LinkPurpose.INVITE),
    Verb.RESET_LINK: _link(LinkPurpose.RESET),
    Verb.DISABLE: _ends_sessions,
    Verb.REVOKE: _forgets_token,
    Verb.END_DRILL: _ends_drill,
}

# The lane into which a verb puts the session that used it.
MOVES_SESSION: Mapping[Verb, Callable[[Any], str]] = {
    Verb.JOIN: lambda command: lane_of(command.drill),
    Verb.LEAVE: lambda _command: REAL,
}
