"""The registry: every verb with its rule, every kind of entry, every fold. A plain list of what there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from muster.access import rules as access_rules
from muster.access.command import Follow, Rule
from muster.access.inviting import Disable
from muster.access.passing import LinkPurpose
from muster.access.tokens import Revoke
from muster.access.verbs import Verb
from muster.disclose import reminding
from muster.disclose import rules as disclose_rules
from muster.learn import rules as learn_rules
from muster.prepare import approving
from muster.record import log
from muster.record.body import Kinds
from muster.record.context import Context
from muster.record.decision import Decision
from muster.record.lane import REAL
from muster.record.state import Folds, StreamState
from muster.rehearse import rules as rehearse_rules
from muster.rehearse.clock import lane_of
from muster.rehearse.drill import InDrill
from muster.respond import action_follow, rules_of_work, run_follow, summons_follow
from muster.respond import rules as respond_rules
from muster.respond.actions import ACTIONS
from muster.respond.custody import CUSTODY
from muster.respond.intake import group_keys, hit_keys
from muster.respond.redaction import redactions_with
from muster.store import credentials
from muster.store.append import Working

RULES: Mapping[Verb, Rule] = {
    **access_rules.RULES,
    **approving.RULES,
    **respond_rules.RULES,
    **rehearse_rules.RULES,
    **{
        rule.verb: rule
        for rules in (rules_of_work.rules(), disclose_rules.rules(), learn_rules.rules())
        for rule in rules
    },
    **learn_rules.RULES,  # how an incident moves on and closes, in the place of respond's
}
KINDS: Kinds = {
    **log.KINDS,
    **access_rules.KINDS,
    **approving.KINDS,
    **respond_rules.KINDS,
    **rules_of_work.KINDS,
    **disclose_rules.KINDS,
    **learn_rules.KINDS,
    **rehearse_rules.KINDS,
}
_REDACTIONS = redactions_with(
    *approving.FIXED, *rules_of_work.FIXED, *disclose_rules.FIXED, *learn_rules.FIXED
)
FOLDS: Folds = {
    **access_rules.FOLDS,
    **approving.FOLDS,
    **respond_rules.FOLDS,
    **rules_of_work.FOLDS,
    **disclose_rules.FOLDS,
    **learn_rules.FOLDS,
    **rehearse_rules.FOLDS,
    _REDACTIONS.name: _REDACTIONS,
}
# What follows by itself, in this order; each sees what those before it added.
FOLLOWS: tuple[Follow, ...] = (
    action_follow.follow,
    run_follow.follow,
    summons_follow.FOLLOW,
    reminding.FOLLOW,
)


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


# Verbs that are told the proposal of the action they name; those that hash evidence anew.
OF_ACTION = frozenset({Verb.APPROVE, Verb.START_ACTION, Verb.ACTION_DONE, Verb.CHANGE_ACTION})


def proposal_at(state: StreamState, command: Any) -> int | None:
    """The entry of the standing proposal of the action that a command names."""
    number = getattr(command, "action", -1)
    action = state.slice(ACTIONS).pending.get(number)
    if action is None:
        return None
    return number if action.at is None else action.at


def blob_of(state: StreamState, command: Any) -> str | None:
    """The hash of the exhibit that a command names."""
    exhibit = state.slice(CUSTODY).exhibits.get(getattr(command, "evidence", -1))
    return exhibit.sha256 if exhibit else None


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
