"""The fold of accounts: what rules ask, small, and unmoved by what it cannot read."""

from hypothesis import given
from hypothesis import strategies as st

from muster.access.accounts import (
    ACCOUNTS,
    KINDS,
    Account,
    AccountActivated,
    AccountDisabled,
    AccountEnabled,
    AccountInvited,
    Accounts,
    AccountState,
    DutiesChanged,
    ResetLinked,
    Token,
    TokenMinted,
    TokenRevoked,
)
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Duty, Scope
from muster.record.body import Body
from muster.record.state import StreamState, to_bytes
from tests.access.world import account_id, entry, erased

ANA, BEN, TOKEN = account_id("ana"), account_id("ben"), "f" * 32
BOTH = (Duty.ADMINISTRATOR, Duty.RESPONDER)


def folded(*bodies: Body) -> Accounts:
    accounts = ACCOUNTS.empty
    for seq, body in enumerate(bodies):
        accounts = ACCOUNTS.evolve(accounts, entry(body, stream=ACCOUNTS_STREAM, seq=seq))
    return accounts


def invited(account: str = ANA, sign_in: str = "ana", *duties: Duty, program: bool = False) -> AccountInvited:
    return AccountInvited(account=account, name="A", sign_in=sign_in, duties=duties, program=program)


def minted(account: str = ANA, token: str = TOKEN) -> TokenMinted:
    return TokenMinted(token=token, account=account, name="t", scope=Scope.POST_EVENTS, lane="drill:1")


def test_an_invited_account_becomes_active_by_its_link() -> None:
    before = folded(invited(ANA, "ana", Duty.RESPONDER))
    assert before.accounts[ANA] == Account(sign_in="ana", duties=(Duty.RESPONDER,), changes=1)
    assert before.accounts[ANA].state is AccountState.INVITED
    assert folded(invited(), AccountActivated(account=ANA)).accounts[ANA].state is AccountState.ACTIVE


def test_disabled_and_enabled_again() -> None:
    used = (invited(), AccountActivated(account=ANA), AccountDisabled(account=ANA, reason="left"))
    assert folded(*used).accounts[ANA].state is AccountState.DISABLED
    back = folded(*used, AccountEnabled(account=ANA)).accounts[ANA]
    assert back == Account(sign_in="ana", used=True, disabled=False)
    assert back.state is AccountState.ACTIVE


def test_enabling_makes_nobody_active_who_never_used_the_link() -> None:
    accounts = folded(invited(), AccountDisabled(account=ANA, reason="x"), AccountEnabled(account=ANA))
    assert accounts.accounts[ANA].state is AccountState.INVITED


def test_only_active_accounts_administer() -> None:
    admin = invited(ANA, "ana", *BOTH)
    assert folded(admin).administrators() == frozenset()
    assert folded(admin, AccountActivated(account=ANA)).administrators() == {ANA}
    ben = (invited(BEN, "ben", Duty.RESPONDER), AccountActivated(account=BEN))
    assert folded(admin, AccountActivated(account=ANA), *ben).administrators() == {ANA}


def test_duties_are_replaced_and_counted() -> None:
    accounts = folded(
        invited(), DutiesChanged(account=ANA, duties=BOTH), DutiesChanged(account=ANA, duties=())
    )
    assert accounts.accounts[ANA].duties == ()
    assert accounts.accounts[ANA].changes == 3


def test_sign_in_names_are_found() -> None:
    accounts = folded(invited(), invited(BEN, "ben"))
    assert accounts.by_sign_in("ben") == BEN
    assert accounts.by_sign_in("caro") is None


def test_tokens_work_until_they_are_revoked() -> None:
    other = "e" * 32
    accounts = folded(invited(), minted(), minted(token=other))
    assert accounts.tokens[TOKEN] == Token(account=ANA, scope=Scope.POST_EVENTS, lane="drill:1")
    assert folded(invited(), minted(), minted(token=other), TokenRevoked(token=TOKEN)).tokens.keys() == {
        other
    }


def test_a_disabled_account_loses_its_tokens_at_once_and_for_good() -> None:
    gone = (
        invited(),
        invited(BEN, "ben"),
        minted(),
        minted(BEN, "e" * 32),
        AccountDisabled(account=ANA, reason="x"),
    )
    assert folded(*gone).tokens.keys() == {"e" * 32}
    assert folded(*gone, AccountEnabled(account=ANA)).tokens.keys() == {"e" * 32}


def test_a_link_changes_nothing_in_the_state() -> None:
    assert folded(invited(), ResetLinked(account=ANA)) == folded(invited())


def test_unknown_accounts_change_nothing() -> None:
    for body in (AccountActivated(account=BEN), DutiesChanged(account=BEN, duties=BOTH)):
        assert folded(invited(), body) == folded(invited())


BODIES = st.sampled_from(
    [
        invited(),
        invited(BEN, "ben", *BOTH),
        AccountActivated(account=ANA),
        AccountActivated(account=BEN),
        AccountDisabled(account=ANA, reason="x"),
        AccountEnabled(account=ANA),
        DutiesChanged(account=BEN, duties=()),
        ResetLinked(account=ANA),
        minted(),
        TokenRevoked(token=TOKEN),
    ]
)


@given(st.lists(st.tuples(BODIES, st.booleans()), max_size=20))
def test_the_fold_reads_on_whatever_is_withheld(story: list[tuple[Body, bool]]) -> None:
    accounts = ACCOUNTS.empty
    for seq, (body, withheld) in enumerate(story):
        one = entry(body, stream=ACCOUNTS_STREAM, seq=seq)
        before = accounts
        accounts = ACCOUNTS.evolve(accounts, erased(one) if withheld else one)
        assert not withheld or accounts == before


def test_an_account_costs_at_most_200_bytes() -> None:
    longest = AccountInvited(account=ANA, name="ä" * 200, sign_in="s" * 64, duties=BOTH)
    person = (longest, AccountActivated(account=ANA), DutiesChanged(account=ANA, duties=BOTH))
    gone = (*person, AccountDisabled(account=ANA, reason="r" * 4000))
    program = AccountInvited(account=ANA, name="p", sign_in="s" * 64, duties=(), program=True)
    for bodies in (gone, (program, AccountActivated(account=ANA), AccountDisabled(account=ANA, reason="r"))):
        state = StreamState(ACCOUNTS_STREAM, slices={"accounts": folded(*bodies)})
        assert len(to_bytes(state)) - len('{"accounts":{"accounts":{}}}') <= 200


def test_every_kind_is_registered() -> None:
    assert set(KINDS) == {
        "account.invited",
        "account.activated",
        "account.disabled",
        "account.enabled",
        "account.duties-changed",
        "account.reset-linked",
        "account.tied",
        "token.minted",
        "token.revoked",
    }
