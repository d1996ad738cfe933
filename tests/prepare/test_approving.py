"""Approving a version of the plan: by whom the plan names, exactly as it was read, and back again."""

from functools import cache

import pytest

from muster.access import rules as access_rules
from muster.access.accounts import AccountTied
from muster.access.inviting import Disable
from muster.core.errors import Conflict, MusterError, Refused
from muster.core.ids import ACCOUNTS_STREAM, PLAN_STREAM
from muster.core.people import Actor
from muster.plan.plan import Plan
from muster.prepare.approving import (
    FOLDS,
    RULES,
    VERSIONS,
    ApprovalKnown,
    ApprovePlan,
    PlanApproved,
    Proposed,
    Versions,
    evolve,
)
from muster.record.decision import NOTHING_KNOWN, Known
from muster.record.entry import Draft
from tests.access.world import ADA, ANA, BEN, CARO, World, entry, erased
from tests.plan.shop_plan import plan

ONE, TWO = ("1" * 40, "a" * 64), ("2" * 40, "b" * 64)
# Claire is the executive of the example plan, Ines her deputy; Noor commands and signs nothing.
CLAIRE, INES, NOOR = "claire-fontaine", "ines-caruso", "noor-lindgren"


@pytest.fixture
def world() -> World:
    made = World({**access_rules.RULES, **RULES}, {**access_rules.FOLDS, **FOLDS})
    made.people(ADA, ANA, BEN, CARO)
    for actor, person in ((ANA, CLAIRE), (BEN, NOOR)):
        made.write(ADA, Draft(ACCOUNTS_STREAM, AccountTied(account=actor.account, person=person)))
    return made


@cache
def signed_by(role: str) -> Plan:
    """The example plan, signed by another role."""
    found = plan()
    policy = found.pinned.policy.model_copy(update={"approved_by": (role,)})
    return found.model_copy(update={"pinned": found.pinned.model_copy(update={"policy": policy})})


def known(
    version: tuple[str, str], proposed: Plan | None = None, in_force: Plan | None = None, problems: int = 0
) -> ApprovalKnown:
    read = Proposed(*version, proposed or plan(), problems)
    if in_force is None:
        return ApprovalKnown(proposed=read)
    return ApprovalKnown(proposed=read, pinned=in_force.pinned, in_force=in_force.in_force)


def approve(
    world: World, version: tuple[str, str], expected: int, told: Known | None = None, who: Actor = ANA
) -> dict[str, object]:
    command = ApprovePlan(commit=version[0], sha256=version[1], expected=expected)
    return dict(world.do(command, who, told or known(version)).answer)


def refused(world: World, *args: object, **more: object) -> MusterError:
    before = world.state(PLAN_STREAM).seq
    with pytest.raises(MusterError) as caught:
        approve(world, *args, **more)  # pyright: ignore[reportArgumentType] - what a test gives fits
    assert world.state(PLAN_STREAM).seq == before
    assert caught.value.mend
    return caught.value


def versions(world: World) -> Versions:
    return world.state(PLAN_STREAM).slice(VERSIONS)


def test_in_force_is_the_last_approved_one_so_one_can_go_back(world: World) -> None:
    assert approve(world, ONE, 0) == {"commit": ONE[0], "version": 1}
    approve(world, TWO, 1, known(TWO, in_force=plan()))
    assert versions(world).in_force == TWO[0]
    approve(world, ONE, 2, known(ONE, in_force=plan()))
    assert versions(world).in_force == ONE[0]
    assert versions(world).approved == dict([ONE, TWO])
    assert world.last(PLAN_STREAM).body == PlanApproved(commit=ONE[0], sha256=ONE[1], person=CLAIRE)
    assert world.state(PLAN_STREAM).lane == "real"


def test_the_hash_is_that_of_the_files(world: World) -> None:
    changed = (ONE[0], "c" * 64)
    assert "not the files as you read them" in refused(world, changed, 0, known(ONE)).what


def test_somebody_was_first(world: World) -> None:
    approve(world, ONE, 0)
    found = refused(world, TWO, 0, known(TWO, in_force=plan()))
    assert isinstance(found, Conflict)
    assert (found.theirs, found.yours, found.version) == (ONE[0], TWO[0], 1)


def test_one_with_problems_or_that_nobody_read_is_not_approved(world: World) -> None:
    assert "3 problems" in refused(world, ONE, 0, known(ONE, problems=3)).what
    assert "has not read" in refused(world, ONE, 0, known(TWO)).what
    assert "has not read" in refused(world, ONE, 0, NOTHING_KNOWN).what


def test_by_a_named_person_only(world: World) -> None:
    nobody = refused(world, ONE, 0, who=ADA_RESPONDS)
    assert "tied to nobody" in nobody.what
    assert "Claire Fontaine or Ines Caruso (executive)" in nobody.mend
    another = refused(world, ONE, 0, who=BEN)
    assert "does not let you sign" in another.what
    assert "Claire Fontaine or Ines Caruso (executive)" in another.mend


ADA_RESPONDS = Actor(ADA.account, ANA.duties, ADA.through)


def test_where_nobody_who_may_has_an_account_it_says_who_could(world: World) -> None:
    world.do(Disable(account=ANA.account, reason="Left"), ADA)
    found = refused(world, ONE, 0, who=BEN)
    assert "Nobody with an account" in found.what
    assert "Claire Fontaine or Ines Caruso (executive)" in found.mend


def test_a_version_does_not_name_its_own_signers(world: World) -> None:
    """Noor wrote one in which the commander signs, and Noor commands."""
    mine = signed_by("commander")
    approve(world, ONE, 0)
    assert "does not let you sign" in refused(world, TWO, 1, known(TWO, mine, plan()), BEN).what
    approve(world, TWO, 1, known(TWO, mine, plan()))
    assert "does not let you sign" in refused(world, ONE, 2, known(ONE, plan(), mine), ANA).what
    approve(world, ONE, 2, known(ONE, plan(), mine), BEN)


def test_the_first_one_has_nothing_before_it(world: World) -> None:
    approve(world, ONE, 0, known(ONE, signed_by("commander")), BEN)
    assert world.last(PLAN_STREAM).body == PlanApproved(commit=ONE[0], sha256=ONE[1], person=NOOR)


def test_a_role_that_nobody_holds_is_said(world: World) -> None:
    found = refused(world, ONE, 0, known(ONE, signed_by("gardener")))
    assert "nobody that it names (gardener)" in found.mend


def test_an_empty_record_knows_nobody(world: World) -> None:
    command = ApprovePlan(commit=ONE[0], sha256=ONE[1], expected=0)
    with pytest.raises(Refused, match="tied to nobody"):
        RULES[next(iter(RULES))].decide({}, command, world.context(ANA), known(ONE))


def test_a_withheld_approval_counts_and_changes_nothing() -> None:
    one = entry(PlanApproved(commit=ONE[0], sha256=ONE[1], person=CLAIRE), stream=PLAN_STREAM)
    before = evolve(Versions(), one)
    after = evolve(before, erased(one))
    assert (after.in_force, after.version) == (ONE[0], 2)
    assert evolve(after, entry(AccountTied(account=ANA.account, person=None))) is after
