"""Roles looked back on: from when until when, handed over, and what the plan asked for and nobody took."""

from datetime import timedelta

from muster.app.looking_back.holding import holdings
from muster.core.people import Role
from muster.respond.roles import RoleAccepted
from tests.access.world import account_id
from tests.app.looking_back.night import START, Telling, night, past


def test_a_role_has_its_times_and_ends_with_the_incident() -> None:
    told = night()
    (one,) = holdings(told.past()).holdings

    assert (one.role, one.who) == ("commander", "Ben")
    assert (one.offered_at, one.since, one.until) == (
        START + timedelta(minutes=27), START + timedelta(minutes=37), told.at("closed"),
    )  # fmt: skip


def test_what_the_plan_asks_for_at_the_worst_severity_and_nobody_took_is_named() -> None:
    found = holdings(night().past())

    assert "scribe" in found.missing
    assert "commander" not in found.missing
    assert "investigator" not in found.missing, "it is no role that is taken in an incident"
    (investigator,) = [one for one in found.by_plan if one.role == "investigator"]
    assert investigator.people[0] == "Tomas Brandt"
    assert found.others == ("Ana", "Caro", "Dora")


def test_a_handed_over_role_ends_when_the_next_one_takes_it() -> None:
    told = Telling()
    told.say(RoleAccepted(role=Role.SCRIBE), "ana", 0)
    told.say(RoleAccepted(role=Role.SCRIBE, former=account_id("ana")), "ben", 9)
    first, second = holdings(past(told)).holdings

    assert (first.who, first.until) == ("Ana", START + timedelta(minutes=9))
    assert (second.who, second.until, second.offered_at) == ("Ben", None, None)
