"""Accounts from the first administrator on: invited, activated, disabled, and never nobody left to administer."""

import pytest
from pydantic import ValidationError

from muster.access.accounts import ACCOUNTS, Account, AccountState
from muster.access.inviting import (
    Activate,
    AddProgram,
    Disable,
    Enable,
    First,
    Invite,
    ResetLink,
    SetDuties,
    activate,
    first,
    invite,
)
from muster.access.may import Allow, Deny
from muster.access.rules import FOLDS, RULES
from muster.core.errors import Conflict, NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import SERVER, Actor, Duty, Through
from muster.record.decision import NOTHING_KNOWN
from tests.access.world import ADA, ANA, CARO, World, account_id, refusal

HOST = Actor(SERVER, through=Through.HOST)
ADMIN, RESPONDER = Duty.ADMINISTRATOR, Duty.RESPONDER


@pytest.fixture
def world() -> World:
    return World(RULES, FOLDS)


@pytest.fixture
def running(world: World) -> World:
    """An installation with one administrator, Ada."""
    world.people(ADA)
    return world


def accounts(world: World) -> dict[str, Account]:
    return world.state(ACCOUNTS_STREAM).slice(ACCOUNTS).accounts


def made(world: World, command: Invite | AddProgram | First, actor: Actor = ADA) -> str:
    account = world.do(command, actor).answer["account"]
    assert isinstance(account, str)
    return account


def invite_ana(world: World, *duties: Duty) -> str:
    return made(world, Invite(name="Ana", sign_in="ana", duties=duties))


def used(world: World, account: str) -> str:
    world.do(Activate(account=account), Actor(account))
    return account


def test_the_first_administrator_is_made_by_muster_and_responds_too(world: World) -> None:
    account = made(world, First(name="Ada", sign_in="Ada@Example.org"), HOST)
    assert world.kinds(ACCOUNTS_STREAM) == ["account.invited", "account.activated"]
    known = accounts(world)[account]
    assert known.state is AccountState.ACTIVE
    assert known.duties == (ADMIN, RESPONDER)
    assert known.sign_in == "ada@example.org"
    assert not known.program


def test_there_is_only_one_first(running: World) -> None:
    with pytest.raises(Refused, match="There is an administrator already"):
        running.do(First(name="Eve", sign_in="eve"), HOST)
    assert isinstance(running.allowed(First(name="Eve", sign_in="eve"), ADA), Deny)


def test_the_first_account_administers(world: World) -> None:
    with pytest.raises(Refused, match="The first account administers"):
        world.do(First(name="Ada", sign_in="ada", duties=(RESPONDER,)), HOST)


def test_the_first_needs_a_free_name_too(world: World) -> None:
    world.people(CARO)
    with pytest.raises(Refused, match="taken"):
        world.do(First(name="Ada", sign_in="p0"), HOST)


def test_without_the_accounts_stream_everything_begins(world: World) -> None:
    decision = first({}, First(name="A", sign_in="a"), world.context(HOST), NOTHING_KNOWN)
    assert len(decision.drafts) == 2
    assert {draft.stream for draft in decision.drafts} == {ACCOUNTS_STREAM}


def test_an_invitation_is_used_by_the_invited_only(running: World) -> None:
    ana = invite_ana(running, RESPONDER, RESPONDER)
    assert accounts(running)[ana] == Account(sign_in="ana", duties=(RESPONDER,))
    with pytest.raises(Refused, match="somebody else"):
        running.do(Activate(account=ana), CARO)
    used(running, ana)
    assert accounts(running)[ana].state is AccountState.ACTIVE
    with pytest.raises(Refused, match="in use already"):
        used(running, ana)


def test_activating_nobody(running: World) -> None:
    with pytest.raises(NotFound):
        activate(running.states, Activate(account=CARO.account), running.context(CARO), NOTHING_KNOWN)


def test_a_sign_in_name_is_taken_once_whatever_its_case(running: World) -> None:
    invite_ana(running)
    for command in (Invite(name="X", sign_in="ANA"), AddProgram(name="X", sign_in=" ana ")):
        with pytest.raises(Refused, match="sign-in name is taken"):
            running.do(command, ADA)


@pytest.mark.parametrize("sign_in", ["", "  ", "a b", "ä", "a/b", "a\nb", "x" * 65, "a\n"])
def test_sign_in_names_are_plain(sign_in: str) -> None:
    if sign_in.strip() == "a":
        assert Invite(name="X", sign_in=sign_in).sign_in == "a"
    else:
        with pytest.raises(ValidationError):
            Invite(name="X", sign_in=sign_in)


def test_a_sign_in_name_may_be_an_address_of_64_characters() -> None:
    assert Invite(name="X", sign_in="A.b_c-d@e" + "x" * 55).sign_in == "a.b_c-d@e" + "x" * 55


def test_a_program_never_signs_in_and_has_no_duties(running: World) -> None:
    program = made(running, AddProgram(name="Detector", sign_in="detector"))
    known = accounts(running)[program]
    assert known.program
    assert known.state is AccountState.ACTIVE
    assert known.duties == ()
    with pytest.raises(Refused, match="does not sign in"):
        running.do(ResetLink(account=program), ADA)
    with pytest.raises(Refused, match="no duties"):
        running.do(SetDuties(account=program, duties=(RESPONDER,), expected=1), ADA)
    running.do(SetDuties(account=program, duties=(), expected=1), ADA)


def test_muster_makes_the_account_of_its_detector(running: World) -> None:
    assert made(running, AddProgram(name="Detector", sign_in="detector"), Actor(SERVER))


def test_a_new_link_for_who_lost_the_password_or_the_first_link(running: World) -> None:
    ana = invite_ana(running)
    for _ in range(2):
        assert running.do(ResetLink(account=ana), ADA).answer == {"account": ana}
        assert running.kinds(ACCOUNTS_STREAM)[-1] == "account.reset-linked"
        if accounts(running)[ana].state is AccountState.INVITED:
            used(running, ana)
    running.do(Disable(account=ana, reason="left"), ADA)
    with pytest.raises(Refused, match="disabled"):
        running.do(ResetLink(account=ana), ADA)
    with pytest.raises(NotFound):
        running.do(ResetLink(account=CARO.account), ADA)


def test_a_locked_out_administrator_gets_a_link_on_the_host(running: World) -> None:
    assert running.do(ResetLink(account=ADA.account), HOST).answer == {"account": ADA.account}


def test_disabling_and_enabling(running: World) -> None:
    ana = used(running, invite_ana(running))
    with pytest.raises(Refused, match="not disabled"):
        running.do(Enable(account=ana), ADA)
    running.do(Disable(account=ana, reason="on leave"), ADA)
    with pytest.raises(Refused, match="disabled already"):
        running.do(Disable(account=ana, reason="on leave"), ADA)
    running.do(Enable(account=ana), ADA)
    assert accounts(running)[ana].state is AccountState.ACTIVE
    for command in (Disable(account=CARO.account, reason="x"), Enable(account=CARO.account)):
        with pytest.raises(NotFound):
            running.do(command, ADA)


def test_the_last_administrator_stays(running: World) -> None:
    stay = "last administrator"
    with pytest.raises(Refused, match=stay):
        running.do(Disable(account=ADA.account, reason="x"), ADA)
    with pytest.raises(Refused, match=stay):
        running.do(SetDuties(account=ADA.account, duties=(RESPONDER,), expected=1), ADA)
    ana = invite_ana(running, ADMIN)
    with pytest.raises(Refused, match=stay):
        running.do(Disable(account=ADA.account, reason="invited is not active"), ADA)
    used(running, ana)
    running.do(Disable(account=ADA.account, reason="handed over"), Actor(ana, frozenset({ADMIN})))
    with pytest.raises(Refused, match=stay):
        running.do(Disable(account=ana, reason="x"), Actor(ana, frozenset({ADMIN})))


def test_the_last_administrator_may_gain_a_duty(running: World) -> None:
    answer = running.do(SetDuties(account=ADA.account, duties=(RESPONDER, ADMIN), expected=1), ADA).answer
    assert answer == {"account": ADA.account, "version": 2}
    assert accounts(running)[ADA.account].duties == (ADMIN, RESPONDER)


def test_two_administrators_set_duties_at_once_and_both_texts_are_shown(running: World) -> None:
    ana = invite_ana(running)
    running.do(SetDuties(account=ana, duties=(RESPONDER,), expected=1), ADA)
    with pytest.raises(Conflict) as caught:
        running.do(SetDuties(account=ana, duties=(), expected=1), ADA)
    assert (caught.value.theirs, caught.value.yours, caught.value.version) == ("responder", "no duties", 2)
    with pytest.raises(Conflict):
        running.do(SetDuties(account=ana, duties=(), expected=3), ADA)
    with pytest.raises(NotFound):
        running.do(SetDuties(account=CARO.account, duties=(), expected=0), ADA)


def test_two_duties_are_listed_with_a_comma(running: World) -> None:
    with pytest.raises(Conflict) as caught:
        running.do(SetDuties(account=ADA.account, duties=(ADMIN, RESPONDER), expected=0), ADA)
    assert (caught.value.theirs, caught.value.yours) == ("administrator", "administrator, responder")


def test_who_is_no_administrator_changes_no_account(running: World) -> None:
    assert isinstance(running.allowed(Invite(name="X", sign_in="x"), ANA), Deny)
    assert isinstance(running.allowed(Invite(name="X", sign_in="x"), ADA), Allow)
    assert isinstance(running.allowed(Activate(account=CARO.account), CARO), Allow)


def test_an_invitation_gets_a_new_random_account(world: World) -> None:
    context = world.context(ADA)
    decision = invite({}, Invite(name="X", sign_in="x"), context, NOTHING_KNOWN)
    assert decision.answer == {"account": context.id("account")}
    assert account_id("x") != context.id("account")


def test_what_people_read_when_it_is_refused(running: World) -> None:
    ana = invite_ana(running)
    program = made(running, AddProgram(name="P", sign_in="p"))
    gone = used(running, made(running, Invite(name="Gone", sign_in="gone")))
    running.do(Disable(account=gone, reason="left"), ADA)
    commands = [
        (First(name="Eve", sign_in="eve"), HOST),
        (Invite(name="X", sign_in="ana"), ADA),
        (Activate(account=ana), CARO),
        (Activate(account=ADA.account), ADA),
        (ResetLink(account=CARO.account), ADA),
        (ResetLink(account=program), ADA),
        (ResetLink(account=gone), ADA),
        (Disable(account=gone, reason="x"), ADA),
        (Disable(account=ADA.account, reason="x"), ADA),
        (Enable(account=ana), ADA),
        (SetDuties(account=ana, duties=(), expected=9), ADA),
        (SetDuties(account=program, duties=(ADMIN,), expected=1), ADA),
    ]
    assert [refusal(running, command, actor) for command, actor in commands] == [
        "There is an administrator already. Ask them for a link, or make one with muster admin-link.",
        "sign_in: This sign-in name is taken. Choose another one.",
        "account: This link belongs to somebody else. Ask an administrator for your own link.",
        "account: This account is in use already. Sign in, or ask for a new link.",
        "account: There is no such account. Choose one from the list of accounts.",
        "account: A program does not sign in. Make a new token for it instead.",
        "account: This account is disabled. Enable it first.",
        "account: This account is disabled already. Nothing is to be done.",
        "account: This is the last administrator. Give somebody else the duty first; then try again.",
        "account: This account is not disabled. Nothing is to be done.",
        "expected: Somebody else changed these duties. Look at the account again, then decide.",
        "duties: A program has no duties. Make a token with the scope that it needs.",
    ]
    only_responds = First(name="Ada", sign_in="ada", duties=(RESPONDER,))
    assert refusal(World(RULES, FOLDS), only_responds, HOST) == (
        "duties: The first account administers. Leave the duties out."
    )


def test_every_answer_names_the_account(running: World) -> None:
    ana = invite_ana(running)
    assert running.do(Activate(account=ana), Actor(ana)).answer == {"account": ana}
    assert running.do(Disable(account=ana, reason="x"), ADA).answer == {"account": ana}
    assert running.do(Enable(account=ana), ADA).answer == {"account": ana}
