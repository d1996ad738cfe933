"""The example company's plan in force on a server of the tests, and people who are somebody in it."""

from datetime import UTC, datetime
from pathlib import Path

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.core.people import Actor, Duty, Through
from muster.store.plan_checkout import create_repository
from muster.store.plan_commits import Author
from tests.plan.shop_plan import example

WHEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def repository(folder: Path) -> str:
    """The example plan as a repository in a new folder; answers its commit."""
    return create_repository(folder, example(), Author("Noor", "noor@shop.example"), WHEN, "The plan")


def approve(muster: Muster, commit: str, accounts: dict[str, str]) -> None:
    """Ties accounts to persons of the plan, and approves it. accounts: person -> account; the first one approves."""
    boss = Caller(Actor("0" * 32, frozenset({Duty.ADMINISTRATOR}), Through.WEB))
    for person, account in accounts.items():
        muster.doing.do(Verb.TIE, {"account": account, "person": person}, boss)
    first = Caller(Actor(next(iter(accounts.values())), frozenset({Duty.RESPONDER}), Through.WEB))
    sha256 = muster.world.versions.in_repository(commit).sha256
    fields = {"commit": commit, "sha256": sha256, "expected": 0}
    muster.doing.do(Verb.APPROVE_PLAN, fields, first)
    muster.world.changed()
