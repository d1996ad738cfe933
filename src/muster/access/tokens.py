"""Rules for tokens: made for oneself or for a program, narrow in scope, fixed in lane, revoked at once."""

from typing import Annotated

from pydantic import AfterValidator

from muster.access.accounts import ACCOUNTS, Accounts, AccountState, Token, TokenMinted, TokenRevoked
from muster.access.command import Command, Line, OpaqueId, Rule
from muster.access.verbs import Verb
from muster.core.errors import NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import SERVER, Actor, Duty, Scope
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.lane import REAL, valid
from muster.record.state import States


def _lane_name(name: str) -> str:
    if not valid(name):
        raise ValueError("is no lane: leave it out for real, or name a drill like drill:ID")
    return name


LaneName = Annotated[Line, AfterValidator(_lane_name)]


class MintToken(Command):
    """Make a token. account: the program it is for; left out, it is for yourself."""

    name: Line
    scope: Scope = Scope.PERSON
    lane: LaneName = REAL
    account: OpaqueId | None = None


class Revoke(Command):
    """Revoke a token: it stops working at once."""

    token: OpaqueId


def permission(command: MintToken, _states: States, _known: Known) -> Verb:
    """Everybody makes tokens for themselves; those for programs, or of a program's scope, are an administrator's."""
    if command.account is None and command.scope is Scope.PERSON:
        return Verb.TOKEN
    return Verb.PROGRAM_TOKEN


def mint(states: States, command: MintToken, context: Context, _known: Known) -> Decision:
    """token.minted; the secret is made by whoever calls and is in no entry. Raises NotFound, Refused."""
    accounts = _accounts(states)
    holder = command.account or context.actor.account
    account = accounts.accounts.get(holder)
    if account is None:
        raise NotFound("There is no such account.", "account", "Choose one from the list of accounts.")
    if account.state is not AccountState.ACTIVE:
        raise Refused("This account is not in use.", "account", "Enable it, or let its link be used first.")
    if command.account not in (None, context.actor.account) and not account.program:
        raise Refused("A token for a person is made by that person.", "account", "Ask them to make it.")
    if account.program and command.scope is Scope.PERSON:
        raise Refused(
            "A program has no person's token.", "scope", "Choose the one thing that the program does."
        )
    token = context.id("token")
    body = TokenMinted(token=token, account=holder, name=command.name, scope=command.scope, lane=command.lane)
    return Decision((Draft(ACCOUNTS_STREAM, body),), {"token": token, "account": holder})


def revoke(states: States, command: Revoke, context: Context, _known: Known) -> Decision:
    """token.revoked, by its holder, an administrator or Muster. Raises NotFound for all others, too."""
    token = _accounts(states).tokens.get(command.token)
    if token is None or not _may_revoke(context.actor, token):
        raise NotFound("There is no such token.", "token", "It may be revoked already: look at the list.")
    return Decision((Draft(ACCOUNTS_STREAM, TokenRevoked(token=command.token)),), {"token": command.token})


def _may_revoke(actor: Actor, token: Token) -> bool:
    return actor.account in (token.account, SERVER) or Duty.ADMINISTRATOR in actor.duties


def _accounts(states: States) -> Accounts:
    state = states.get(ACCOUNTS_STREAM)
    return ACCOUNTS.empty if state is None else state.slice(ACCOUNTS)


def _stream(_command: MintToken | Revoke) -> tuple[str, ...]:
    return (ACCOUNTS_STREAM,)


RULES = (
    Rule(Verb.TOKEN, MintToken, mint, _stream, permission=permission),
    Rule(Verb.REVOKE, Revoke, revoke, _stream),
)
