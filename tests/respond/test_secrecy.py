"""Who may see: set at the beginning, changed with both texts shown, and nobody with a role is left out."""

import pytest
from pydantic import ValidationError

from muster.access.may import Deny, Thing
from muster.core.errors import Conflict, NotFound
from muster.core.ids import ACCOUNTS_STREAM, StreamType
from muster.core.labels import Secrecy
from muster.core.people import Role
from muster.record.state import StreamState
from muster.respond.progress import StandDown
from muster.respond.roles import OfferRole, RoleOffered
from muster.respond.secrecy import SIGHT, Restrict, SecrecySet, Sight, thing_of
from muster.respond.signal import SignalRaised, Source
from tests.access.world import ANA, BEN, CARO, account_id, entry, erased
from tests.respond.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_until_it_is_set_nobody_sees_it() -> None:
    assert SIGHT.empty == Sight(secrecy=Secrecy.NAMED, people=(), version=0)
    assert thing_of(StreamState("INC-7Q4KM2")) == Thing(StreamType.INCIDENT, "real", Secrecy.NAMED)


def test_a_new_signal_is_for_the_team_even_when_its_words_are_erased() -> None:
    raised = entry(SignalRaised(source=Source.PERSON, title="t", group="g"))
    for one in (raised, erased(raised)):
        assert SIGHT.evolve(SIGHT.empty, one) == Sight(secrecy=Secrecy.TEAM, version=1)


def test_withheld_entries_open_nothing() -> None:
    closed = SIGHT.evolve(SIGHT.empty, erased(entry(SecrecySet(secrecy=Secrecy.OPEN))))
    assert closed == SIGHT.empty
    assert SIGHT.evolve(closed, erased(entry(RoleOffered(role=Role.SCRIBE, to="x")))) == closed


def test_restricting_keeps_you_and_all_with_a_role(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, BEN)
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=CARO.account), BEN)
    answer = scene.do(
        Restrict(stream=incident, secrecy=Secrecy.NAMED, people=(account_id("dora"),), expected=1), BEN
    ).answer
    assert answer == {"secrecy": "named", "version": 2}
    sight = scene.state(incident).slice(SIGHT)
    assert set(sight.people) == {BEN.account, CARO.account, account_id("dora")}
    assert sight.people == tuple(sorted(sight.people))
    assert isinstance(scene.allowed(Restrict(stream=incident, secrecy=Secrecy.OPEN, expected=2), ANA), Deny)


def test_two_people_restrict_at_once(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(Restrict(stream=incident, secrecy=Secrecy.TEAM, expected=1), ANA)
    with pytest.raises(Conflict) as caught:
        scene.do(Restrict(stream=incident, secrecy=Secrecy.NAMED, people=(CARO.account,), expected=1), ANA)
    assert caught.value.theirs == f"team: {ANA.account}"
    assert caught.value.yours == f"named: {CARO.account}"
    assert caught.value.version == 2


def test_secrecy_changes_after_the_end_and_of_signals_too(scene: Scene) -> None:
    incident, signal = scene.declared(), scene.reported()
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    for stream in (incident, signal):
        scene.do(Restrict(stream=stream, secrecy=Secrecy.NAMED, expected=1), ANA)
        assert scene.state(stream).slice(SIGHT).people == (ANA.account,)


def test_people_are_accounts_and_not_too_many() -> None:
    for people in (["ben"], [account_id(str(number)) for number in range(201)]):
        with pytest.raises(ValidationError):
            Restrict.model_validate(
                {"stream": "INC-7Q4KM2", "secrecy": "named", "people": people, "expected": 1}
            )


def test_nothing_to_restrict(scene: Scene) -> None:
    command = Restrict(stream=scene.declared(), secrecy=Secrecy.OPEN, expected=1)
    with pytest.raises(NotFound):
        scene.rule_of(command).decide({}, command, scene.context(ANA), None)


def test_streams_of_the_installation_go_by_their_type(scene: Scene) -> None:
    assert thing_of(scene.state(ACCOUNTS_STREAM)) == Thing(StreamType.ACCOUNTS, "real", Secrecy.TEAM)
