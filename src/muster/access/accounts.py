"""The accounts of people and programs, and their tokens: entries of the accounts stream and their fold."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.core.people import Duty, Scope
from muster.record.body import Body, kinds_of
from muster.record.entry import Entry
from muster.record.state import Fold, Slice


class AccountState(StrEnum):
    """Where an account stands."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class AccountInvited(Body):
    """An account was made; it is used once its link is."""

    kind: ClassVar[str] = "account.invited"
    account: str
    name: str
    sign_in: str
    duties: tuple[Duty, ...]
    program: bool = False


class AccountActivated(Body):
    """The one-time link of an account was used."""

    kind: ClassVar[str] = "account.activated"
    account: str


class AccountDisabled(Body):
    """An account lost its sessions and tokens and cannot come back by itself."""

    kind: ClassVar[str] = "account.disabled"
    account: str
    reason: str


class AccountEnabled(Body):
    """A disabled account may sign in again."""

    kind: ClassVar[str] = "account.enabled"
    account: str


class DutiesChanged(Body):
    """The duties of an account were replaced."""

    kind: ClassVar[str] = "account.duties-changed"
    account: str
    duties: tuple[Duty, ...]


class AccountTied(Body):
    """An account is that of a person of the plan, by their id there; None: of nobody any more."""

    kind: ClassVar[str] = "account.tied"
    account: str
    person: str | None


class ResetLinked(Body):
    """A new one-time link was made for an account; the link itself is in no entry."""

    kind: ClassVar[str] = "account.reset-linked"
    account: str


class TokenMinted(Body):
    """A token was made; the token itself is in no entry."""

    kind: ClassVar[str] = "token.minted"
    token: str
    account: str
    name: str
    scope: Scope
    lane: str


class TokenRevoked(Body):
    """A token stopped working."""

    kind: ClassVar[str] = "token.revoked"
    token: str


class Account(Slice):
    """What rules ask of one account, at most 200 bytes: names are in the entries and the list of accounts.

    used: whether its one-time link ever was. changes: how often its duties were set (the version that
    `duties` expects). person: who of the plan it belongs to, empty for nobody.
    """

    sign_in: str = ""
    used: bool = False
    disabled: bool = False
    duties: tuple[Duty, ...] = ()
    changes: int = 1
    program: bool = False
    person: str = ""

    @property
    def state(self) -> AccountState:
        """Where it stands. Enabling an account whose link was never used makes it invited again."""
        if self.disabled:
            return AccountState.DISABLED
        return AccountState.ACTIVE if self.used else AccountState.INVITED


class Token(Slice):
    """A token that works."""

    account: str
    scope: Scope = Scope.PERSON
    lane: str = "real"


class Accounts(Slice):
    """All accounts and the tokens that work, by id."""

    accounts: dict[str, Account] = Field(default_factory=dict[str, Account])
    tokens: dict[str, Token] = Field(default_factory=dict[str, Token])

    def administrators(self) -> frozenset[str]:
        """The accounts that can administer now: enabled, activated, with the duty."""
        return frozenset(
            account
            for account, known in self.accounts.items()
            if known.state is AccountState.ACTIVE and Duty.ADMINISTRATOR in known.duties
        )

    def people(self) -> dict[str, str]:
        """Person of the plan -> their account, of accounts in use; the first one where several are tied to one."""
        found: dict[str, str] = {}
        for account, known in self.accounts.items():
            if known.person and known.state is AccountState.ACTIVE:
                found.setdefault(known.person, account)
        return found

    def by_sign_in(self, sign_in: str) -> str | None:
        """The account with this sign-in name (already folded), or None."""
        return next((account for account, known in self.accounts.items() if known.sign_in == sign_in), None)


def evolve(accounts: Accounts, entry: Entry) -> Accounts:
    """The accounts after one more entry. A withheld body changes nothing."""
    match entry.body:
        case AccountInvited() as body:
            made = Account(sign_in=body.sign_in, duties=body.duties, program=body.program)
            return accounts.model_copy(update={"accounts": {**accounts.accounts, body.account: made}})
        case AccountActivated() as body:
            return _with(accounts, body.account, used=True)
        case AccountDisabled() as body:
            others = {name: token for name, token in accounts.tokens.items() if token.account != body.account}
            return _with(_with_tokens(accounts, others), body.account, disabled=True)
        case AccountEnabled() as body:
            return _with(accounts, body.account, disabled=False)
        case DutiesChanged() as body:
            if body.account not in accounts.accounts:
                return accounts
            changes = accounts.accounts[body.account].changes + 1
            return _with(accounts, body.account, duties=body.duties, changes=changes)
        case AccountTied() as body:
            return _with(accounts, body.account, person=body.person or "")
        case TokenMinted() as body:
            made = Token(account=body.account, scope=body.scope, lane=body.lane)
            return _with_tokens(accounts, {**accounts.tokens, body.token: made})
        case TokenRevoked() as body:
            others = {name: token for name, token in accounts.tokens.items() if name != body.token}
            return _with_tokens(accounts, others)
        case _:
            return accounts


def _with(accounts: Accounts, account: str, **changes: object) -> Accounts:
    if account not in accounts.accounts:
        return accounts
    changed = accounts.accounts[account].model_copy(update=changes)
    return accounts.model_copy(update={"accounts": {**accounts.accounts, account: changed}})


def _with_tokens(accounts: Accounts, tokens: dict[str, Token]) -> Accounts:
    return accounts.model_copy(update={"tokens": tokens})


ACCOUNTS = Fold("accounts", Accounts(), evolve)
FOLDS = {ACCOUNTS.name: ACCOUNTS}
KINDS = kinds_of(
    AccountInvited,
    AccountActivated,
    AccountDisabled,
    AccountEnabled,
    DutiesChanged,
    ResetLinked,
    AccountTied,
    TokenMinted,
    TokenRevoked,
)
