"""Nobody is given what they could not see or take."""

import pytest

from muster.access.accounts import AccountDisabled
from muster.core.errors import Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Role
from muster.record.entry import Draft
from muster.respond.able import check_able, commander, commands, reads_accounts
from tests.access.world import ADA, ANA, BEN, CARO, account_id
from tests.respond.work_scene import WorkScene


def refused(scene: WorkScene, incident: str, account: str) -> str:
    with pytest.raises(Refused) as caught:
        check_able(scene.states, scene.state(incident), account, "owner")
    return caught.value.line()


def test_it_takes_an_active_account() -> None:
    scene = WorkScene()
    incident = scene.declared()
    check_able(scene.states, scene.state(incident), BEN.account, "owner")
    assert "active account" in refused(scene, incident, account_id("nobody"))
    scene.write(ADA, Draft(ACCOUNTS_STREAM, AccountDisabled(account=BEN.account, reason="left")))
    assert "active account" in refused(scene, incident, BEN.account)
    only = {incident: scene.state(incident)}
    with pytest.raises(Refused):
        check_able(only, only[incident], ANA.account, "owner")


def test_it_takes_somebody_who_may_see_the_incident() -> None:
    scene = WorkScene()
    check_able(scene.states, scene.state(scene.declared()), CARO.account, "owner")
    named = scene.declared(secrecy="named", people=[CARO.account])
    check_able(scene.states, scene.state(named), CARO.account, "owner")
    assert "may not see this incident. Add them to its people" in refused(scene, named, BEN.account)
    team = scene.declared(secrecy="team")
    check_able(scene.states, scene.state(team), BEN.account, "owner")
    assert "may not see" in refused(scene, team, CARO.account)


def test_who_commands() -> None:
    scene = WorkScene()
    incident = scene.declared()
    assert commander(scene.state(incident)) is None
    scene.commanded(incident, ANA)
    scene.handed_over(incident, Role.DEPUTY, ANA, BEN)
    scene.handed_over(incident, Role.SCRIBE, ANA, CARO)
    state = scene.state(incident)
    assert commander(state) == ANA.account
    assert [commands(state, one.account) for one in (ANA, BEN, CARO)] == [True, True, False]


def test_the_accounts_are_loaded() -> None:
    assert reads_accounts(None) == (ACCOUNTS_STREAM,)
