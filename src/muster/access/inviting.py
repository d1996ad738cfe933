"""Rules for accounts: the first one, invitations, links, programs, disabling, enabling, duties."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from muster.access.accounts import (
    ACCOUNTS,
    Account,
    AccountActivated,
    AccountDisabled,
    AccountEnabled,
    AccountInvited,
    Accounts,
    AccountState,
    AccountTied,
    DutiesChanged,
    ResetLinked,
)
from muster.access.command import Command, Line, MaybeLine, OpaqueId, Rule, Text, Version
from muster.access.tying import check_person
from muster.access.verbs import Verb
from muster.core.errors import Conflict, NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Duty
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States


def _once_each(duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    return tuple(duty for duty in Duty if duty in duties)


SignIn = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$"),
]
Duties = Annotated[tuple[Duty, ...], AfterValidator(_once_each)]


class First(Command):
    """Make the first administrator, who responds too unless told otherwise."""

    name: Line
    sign_in: SignIn
    duties: Duties = (Duty.ADMINISTRATOR, Duty.RESPONDER)


class Invite(Command):
    """Make an account; the answer's account gets a one-time link. person: whose of the plan it is, by their id there."""

    name: Line
    sign_in: SignIn
    duties: Duties = ()
    person: MaybeLine = None


class AddProgram(Command):
    """Make the account of a program: it never signs in and works by tokens of a narrow scope."""

    name: Line
    sign_in: SignIn


class Activate(Command):
    """Use the one-time link of your account; whoever calls this has checked the link."""

    account: OpaqueId


class ResetLink(Command):
    """Make a new one-time link for an account."""

    account: OpaqueId


class Disable(Command):
    """Disable an account at once; it loses its sessions and tokens."""

    account: OpaqueId
    reason: Text


class Enable(Command):
    """Let a disabled account sign in again."""

    account: OpaqueId


class SetDuties(Command):
    """Replace the duties of an account. expected: how often they were set when you saw them."""

    account: OpaqueId
    duties: Duties
    expected: Version


def first(states: States, command: First, context: Context, _known: Known) -> Decision:
    """account.invited and account.activated. Raises Refused when somebody administers already."""
    accounts = _accounts(states)
    if accounts.administrators():
        raise Refused(
            "There is an administrator already.",
            mend="Ask them for a link, or make one with muster admin-link.",
        )
    if Duty.ADMINISTRATOR not in command.duties:
        raise Refused("The first account administers.", "duties", "Leave the duties out.")
    account = _free(accounts, command.sign_in, context)
    return _decided(
        account,
        AccountInvited(account=account, name=command.name, sign_in=command.sign_in, duties=command.duties),
        AccountActivated(account=account),
    )


def invite(states: States, command: Invite, context: Context, known: Known) -> Decision:
    """account.invited, and account.tied for a person of the plan. Raises NotFound, Refused when a name is taken."""
    accounts = _accounts(states)
    account = _free(accounts, command.sign_in, context)
    invited = AccountInvited(
        account=account, name=command.name, sign_in=command.sign_in, duties=command.duties
    )
    if command.person is None:
        return _decided(account, invited)
    check_person(command.person, known)
    if command.person in accounts.people():
        raise Refused("Another account is tied to this person.", "person", "Untie that one first.")
    return _decided(account, invited, AccountTied(account=account, person=command.person))


def add_program(states: States, command: AddProgram, context: Context, _known: Known) -> Decision:
    """account.invited and account.activated, without duties. Raises Refused when the sign-in name is taken."""
    account = _free(_accounts(states), command.sign_in, context)
    return _decided(
        account,
        AccountInvited(account=account, name=command.name, sign_in=command.sign_in, duties=(), program=True),
        AccountActivated(account=account),
    )


def activate(states: States, command: Activate, context: Context, _known: Known) -> Decision:
    """account.activated by the account itself. Raises NotFound, Refused."""
    if context.actor.account != command.account:
        raise Refused(
            "This link belongs to somebody else.", "account", "Ask an administrator for your own link."
        )
    if _account(_accounts(states), command.account).state is not AccountState.INVITED:
        raise Refused("This account is in use already.", "account", "Sign in, or ask for a new link.")
    return _decided(command.account, AccountActivated(account=command.account))


def reset_link(states: States, command: ResetLink, _context: Context, _known: Known) -> Decision:
    """account.reset-linked. Raises NotFound, Refused."""
    account = _account(_accounts(states), command.account)
    if account.program:
        raise Refused("A program does not sign in.", "account", "Make a new token for it instead.")
    if account.state is AccountState.DISABLED:
        raise Refused("This account is disabled.", "account", "Enable it first.")
    return _decided(command.account, ResetLinked(account=command.account))


def disable(states: States, command: Disable, _context: Context, _known: Known) -> Decision:
    """account.disabled. Raises NotFound, Refused for the last administrator."""
    accounts = _accounts(states)
    if _account(accounts, command.account).state is AccountState.DISABLED:
        raise Refused("This account is disabled already.", "account", "Nothing is to be done.")
    _keep_an_administrator(accounts, command.account)
    return _decided(command.account, AccountDisabled(account=command.account, reason=command.reason))


def enable(states: States, command: Enable, _context: Context, _known: Known) -> Decision:
    """account.enabled. Raises NotFound, Refused."""
    if _account(_accounts(states), command.account).state is not AccountState.DISABLED:
        raise Refused("This account is not disabled.", "account", "Nothing is to be done.")
    return _decided(command.account, AccountEnabled(account=command.account))


def set_duties(states: States, command: SetDuties, _context: Context, _known: Known) -> Decision:
    """account.duties-changed. Raises NotFound, Refused, Conflict with both lists."""
    accounts = _accounts(states)
    account = _account(accounts, command.account)
    if account.changes != command.expected:
        raise Conflict(
            "Somebody else changed these duties.",
            "expected",
            "Look at the account again, then decide.",
            theirs=_listed(account.duties),
            yours=_listed(command.duties),
            version=account.changes,
        )
    if account.program and command.duties:
        raise Refused("A program has no duties.", "duties", "Make a token with the scope that it needs.")
    if Duty.ADMINISTRATOR not in command.duties:
        _keep_an_administrator(accounts, command.account)
    return _decided(
        command.account,
        DutiesChanged(account=command.account, duties=command.duties),
        version=account.changes + 1,
    )


def _accounts(states: States) -> Accounts:
    state = states.get(ACCOUNTS_STREAM)
    return ACCOUNTS.empty if state is None else state.slice(ACCOUNTS)


def _account(accounts: Accounts, account: str) -> Account:
    found = accounts.accounts.get(account)
    if found is None:
        raise NotFound("There is no such account.", "account", "Choose one from the list of accounts.")
    return found


def _free(accounts: Accounts, sign_in: str, context: Context) -> str:
    if accounts.by_sign_in(sign_in) is not None:
        raise Refused("This sign-in name is taken.", "sign_in", "Choose another one.")
    return context.id("account")


def _keep_an_administrator(accounts: Accounts, account: str) -> None:
    if accounts.administrators() == frozenset({account}):
        raise Refused(
            "This is the last administrator.", "account", "Give somebody else the duty first; then try again."
        )


def _decided(
    account: str,
    *bodies: AccountInvited
    | AccountActivated
    | AccountTied
    | ResetLinked
    | AccountDisabled
    | AccountEnabled
    | DutiesChanged,
    version: int | None = None,
) -> Decision:
    drafts = tuple(Draft(ACCOUNTS_STREAM, body) for body in bodies)
    return Decision(
        drafts, {"account": account} if version is None else {"account": account, "version": version}
    )


def _listed(duties: tuple[Duty, ...]) -> str:
    return ", ".join(duties) or "no duties"


def _stream(_command: Command) -> tuple[str, ...]:
    return (ACCOUNTS_STREAM,)


RULES = (
    Rule(Verb.FIRST, First, first, _stream),
    Rule(Verb.INVITE, Invite, invite, _stream),
    Rule(Verb.PROGRAM, AddProgram, add_program, _stream),
    Rule(Verb.ACTIVATE, Activate, activate, _stream),
    Rule(Verb.RESET_LINK, ResetLink, reset_link, _stream),
    Rule(Verb.DISABLE, Disable, disable, _stream),
    Rule(Verb.ENABLE, Enable, enable, _stream),
    Rule(Verb.DUTIES, SetDuties, set_duties, _stream),
)
