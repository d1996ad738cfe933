"""Tying accounts to persons of the plan: by an administrator, one account a person, and taken back alike."""

import pytest

from muster.access.accounts import ACCOUNTS, AccountTied
from muster.access.inviting import AddProgram, Disable, Enable, Invite
from muster.access.known import PlanKnown
from muster.access.may import Deny
from muster.access.rules import FOLDS, RULES
from muster.access.tying import Tie
from muster.core.errors import MusterError
from muster.core.ids import ACCOUNTS_STREAM
from tests.access.world import ADA, ANA, BEN, World, account_id
from tests.plan.shop_plan import plan

NOOR, INES = "noor-lindgren", "ines-caruso"


@pytest.fixture
def world() -> World:
    made = World(RULES, FOLDS)
    made.people(ADA, ANA, BEN)
    return made


def tie(who: str, person: str | None = None) -> Tie:
    return Tie(account=account_id(who), person=person)


def people(world: World) -> dict[str, str]:
    return world.state(ACCOUNTS_STREAM).slice(ACCOUNTS).people()


def refused(world: World, command: Tie | Invite, known: PlanKnown | None = None) -> str:
    before = len(world.entries[ACCOUNTS_STREAM])
    with pytest.raises(MusterError) as caught:
        world.do(command, ADA, known or PlanKnown())
    assert len(world.entries[ACCOUNTS_STREAM]) == before
    return caught.value.line()


def test_tied_moved_and_untied(world: World) -> None:
    assert world.do(tie("ana", NOOR), ADA).answer == {"account": account_id("ana"), "person": NOOR}
    assert people(world) == {NOOR: account_id("ana")}
    assert "so already" in refused(world, tie("ana", NOOR))
    world.do(tie("ana", INES), ADA)
    assert people(world) == {INES: account_id("ana")}
    world.do(tie("ana"), ADA)
    assert people(world) == {}
    assert "so already" in refused(world, tie("ana"))
    assert world.kinds(ACCOUNTS_STREAM)[-3:] == ["account.tied"] * 3


def test_a_person_has_one_account(world: World) -> None:
    world.do(tie("ana", NOOR), ADA)
    assert "Another account" in refused(world, tie("ben", NOOR))
    assert "Another account" in refused(world, Invite(name="Noor", sign_in="noor", person=NOOR))
    world.do(tie("ana"), ADA)
    world.do(tie("ben", NOOR), ADA)
    assert people(world) == {NOOR: account_id("ben")}


def test_a_disabled_account_is_nobody_until_it_is_enabled(world: World) -> None:
    world.do(tie("ana", NOOR), ADA)
    world.do(Disable(account=account_id("ana"), reason="Left"), ADA)
    assert people(world) == {}
    world.do(Enable(account=account_id("ana")), ADA)
    assert people(world) == {NOOR: account_id("ana")}


def test_two_accounts_of_one_person_are_the_first_one(world: World) -> None:
    """While the first was disabled, another one could be tied."""
    world.do(tie("ben", NOOR), ADA)
    world.do(Disable(account=account_id("ben"), reason="Left"), ADA)
    world.do(tie("ana", NOOR), ADA)
    world.do(Enable(account=account_id("ben")), ADA)
    assert people(world) == {NOOR: account_id("ana")}


def test_only_people_whom_the_plan_in_force_knows(world: World) -> None:
    known = PlanKnown(in_force=plan().in_force)
    assert "knows nobody of this id" in refused(world, tie("ana", "somebody"), known)
    invite = Invite(name="X", sign_in="x", person="somebody")
    assert "knows nobody of this id" in refused(world, invite, known)
    answer = world.do(Invite(name="Noor", sign_in="noor", person=NOOR), ADA, known).answer
    assert world.kinds(ACCOUNTS_STREAM)[-2:] == ["account.invited", "account.tied"]
    assert people(world) == {}, "not before the link was used"
    world.do(tie("ana", INES), ADA, known)
    assert people(world) == {INES: account_id("ana")}
    assert answer["account"] != account_id("ana")


def test_neither_a_program_nor_an_account_that_is_not_there(world: World) -> None:
    program = world.do(AddProgram(name="Probe", sign_in="probe"), ADA).answer["account"]
    assert "no person" in refused(world, Tie(account=str(program), person=NOOR))
    assert "no such account" in refused(world, tie("eve", NOOR))
    nobody = World(RULES, FOLDS)
    nobody.entries[ACCOUNTS_STREAM] = []
    assert "no such account" in refused(nobody, tie("ana", NOOR))


def test_each_refusal_says_where_and_the_next_step(world: World) -> None:
    program = str(world.do(AddProgram(name="Probe", sign_in="probe"), ADA).answer["account"])
    world.do(tie("ana", NOOR), ADA)
    known = PlanKnown(in_force=plan().in_force)
    invite = Invite(name="Noor", sign_in="noor", person=NOOR)

    told = "account: There is no such account. Choose one from the list of accounts."
    assert refused(world, tie("eve", NOOR)) == told
    told = "account: A program is no person. Choose somebody's own account."
    assert refused(world, Tie(account=program, person=NOOR)) == told
    assert refused(world, tie("ana", NOOR)) == "person: It is so already. Nothing is to be done."
    told = "person: Another account is tied to this person. Untie that one first."
    assert refused(world, tie("ben", NOOR)) == told
    assert refused(world, invite) == told
    told = "person: The plan in force knows nobody of this id. Take the id from people.yaml."
    assert refused(world, tie("ana", "somebody"), known) == told


def test_an_invitation_for_a_person_ties_its_account(world: World) -> None:
    account = world.do(Invite(name="Noor", sign_in="noor", person=NOOR), ADA).answer["account"]
    body = world.entries[ACCOUNTS_STREAM][-1].body
    assert isinstance(body, AccountTied)
    assert (body.account, body.person) == (account, NOOR)


def test_it_is_an_administrator_s(world: World) -> None:
    assert isinstance(world.allowed(tie("ana", NOOR), ANA), Deny)
