"""Command: offered and accepted, never two holders, and only the offered person takes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from muster.access.may import Allow, Deny
from muster.core.errors import Conflict, NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.labels import Secrecy
from muster.core.people import Actor, Role
from muster.record.body import Body
from muster.record.entry import Ref
from muster.record.state import StreamState, to_bytes
from muster.respond.incident import IncidentState
from muster.respond.progress import StandDown
from muster.respond.roles import (
    ROLES,
    AcceptRole,
    DeclineRole,
    OfferRole,
    RoleAccepted,
    RoleDeclined,
    RoleOffered,
    Roles,
)
from muster.respond.secrecy import SIGHT, thing_of
from tests.access.world import ADA, ANA, BEN, CARO, account_id, entry, erased, refs
from tests.respond.scene import Scene

COMMANDER, DEPUTY, SCRIBE = Role.COMMANDER, Role.DEPUTY, Role.SCRIBE


@pytest.fixture
def scene() -> Scene:
    return Scene()


def roles(scene: Scene, incident: str) -> Roles:
    return scene.state(incident).slice(ROLES)


def offer(incident: str, to: Actor, role: Role = COMMANDER) -> OfferRole:
    return OfferRole(incident=incident, role=role, to=to.account)


def test_taking_the_vacant_command_is_one_step(scene: Scene) -> None:
    incident = scene.declared()
    answer = scene.do(offer(incident, ANA), ANA).answer
    assert answer == {"role": "commander", "holder": ANA.account, "version": 2}
    assert scene.kinds(incident)[-2:] == ["role.offered", "role.accepted"]
    assert scene.last(incident).header.refs == (Ref("accepts", incident, 3),)
    assert roles(scene, incident).held_by(ANA.account) == (COMMANDER,)
    assert roles(scene, incident).version(COMMANDER) == 2
    assert thing_of(scene.state(incident)).commanded


def test_command_goes_over_by_offer_and_acceptance(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    answer = scene.do(offer(incident, BEN), ANA).answer
    assert answer == {"role": "commander", "offered": BEN.account, "version": 3}
    assert roles(scene, incident).holders == {COMMANDER: ANA.account}
    accepted = scene.do(AcceptRole(incident=incident, role=COMMANDER, expected=3), BEN)
    assert accepted.answer == {"role": "commander", "holder": BEN.account, "version": 4}
    assert scene.body(incident) == RoleAccepted(role=COMMANDER, former=ANA.account)
    assert roles(scene, incident).holders == {COMMANDER: BEN.account}
    assert roles(scene, incident).offers == {}


def test_only_the_offered_person_accepts_or_declines(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(offer(incident, BEN), ANA)
    for command in (
        AcceptRole(incident=incident, role=COMMANDER, expected=1),
        DeclineRole(incident=incident, role=COMMANDER, reason="x"),
    ):
        with pytest.raises(Refused, match="somebody else"):
            scene.do(command, ANA)
    with pytest.raises(Refused, match="not on offer"):
        scene.do(AcceptRole(incident=incident, role=DEPUTY, expected=0), BEN)


def test_declining_leaves_the_command_where_it_is(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.do(offer(incident, BEN), ANA)
    scene.do(offer(incident, CARO, SCRIBE), ANA)
    scene.do(DeclineRole(incident=incident, role=COMMANDER, reason="I am asleep"), BEN)
    assert scene.last(incident).header.refs == (Ref("declines", incident, 5),)
    left = roles(scene, incident)
    assert left.holders == {COMMANDER: ANA.account}
    assert left.offers.keys() == {SCRIBE}
    assert left.versions == {COMMANDER: 4, SCRIBE: 1}
    with pytest.raises(Refused, match="not on offer"):
        scene.do(AcceptRole(incident=incident, role=COMMANDER, expected=4), BEN)


def test_an_offer_that_changed_is_shown_again(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(offer(incident, BEN), ANA)
    scene.do(offer(incident, BEN), ANA)
    with pytest.raises(Conflict) as caught:
        scene.do(AcceptRole(incident=incident, role=COMMANDER, expected=1), BEN)
    assert caught.value.theirs == f"commander offered to {BEN.account}"
    assert caught.value.yours == "accept commander"
    assert caught.value.version == 2


def test_a_new_offer_replaces_the_one_before(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(offer(incident, BEN), ANA)
    scene.do(offer(incident, CARO), ANA)
    with pytest.raises(Refused, match="somebody else"):
        scene.do(AcceptRole(incident=incident, role=COMMANDER, expected=1), BEN)
    scene.do(AcceptRole(incident=incident, role=COMMANDER, expected=2), CARO)
    assert roles(scene, incident).holders == {COMMANDER: CARO.account}


def test_with_a_commander_only_command_offers_roles(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    assert isinstance(scene.allowed(offer(incident, BEN), BEN), Deny)
    scene.handed_over(incident, DEPUTY, ANA, BEN)
    assert scene.allowed(offer(incident, CARO, SCRIBE), BEN) == Allow(DEPUTY)
    scene.do(offer(incident, BEN), BEN)
    assert roles(scene, incident).holders[COMMANDER] == ANA.account, "a held role is never taken in one step"


def test_nobody_is_offered_what_they_hold_or_cannot_take(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    with pytest.raises(Refused, match="commander already"):
        scene.do(offer(incident, ANA), ANA)
    with pytest.raises(Refused, match="Choose somebody with an active account"):
        scene.do(OfferRole(incident=incident, role=DEPUTY, to=account_id("nobody")), ANA)
    decide = scene.rule_of(offer(incident, BEN)).decide
    with pytest.raises(Refused, match="Choose somebody"):
        decide({incident: scene.state(incident)}, offer(incident, BEN), scene.context(ANA), None)


def test_who_is_offered_a_role_is_one_of_the_people(scene: Scene) -> None:
    incident = scene.declared(secrecy="named")
    accept = AcceptRole(incident=incident, role=SCRIBE, expected=1)
    assert scene.allowed(accept, CARO) == Deny("There is no such thing here.", visible=False)
    scene.do(offer(incident, CARO, SCRIBE), ANA)
    assert scene.state(incident).slice(SIGHT).people == tuple(sorted([ANA.account, CARO.account]))
    scene.do(accept, CARO)
    assert scene.state(incident).slice(SIGHT).secrecy is Secrecy.NAMED


def test_no_role_changes_hands_after_the_end(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(offer(incident, BEN), ANA)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    commands = (
        AcceptRole(incident=incident, role=COMMANDER, expected=1),
        DeclineRole(incident=incident, role=COMMANDER, reason="x"),
    )
    for command in commands:
        with pytest.raises(Refused, match="stood down"):
            scene.do(command, BEN)
    with pytest.raises(Refused, match="stood down"):
        scene.do(offer(incident, CARO), ANA)


def test_an_offer_looks_at_the_accounts_without_acting_on_them(scene: Scene) -> None:
    command = offer(scene.declared(), BEN)
    assert scene.rule_of(command).reads(command) == (ACCOUNTS_STREAM,)
    assert scene.rule_of(command).acts_on(command) == (command.incident,)


def test_nothing_is_offered_where_there_is_no_incident(scene: Scene) -> None:
    incident = scene.declared()
    with pytest.raises(NotFound):
        scene.rule_of(offer(incident, BEN)).decide({}, offer(incident, BEN), scene.context(ANA), None)


def test_an_account_is_named_by_its_id() -> None:
    with pytest.raises(ValidationError):
        OfferRole(incident="INC-7Q4KM2", role=COMMANDER, to="ben")


def test_a_declined_offer_is_gone_even_when_its_words_are_erased() -> None:
    offered = ROLES.evolve(ROLES.empty, entry(RoleOffered(role=SCRIBE, to=BEN.account), seq=4))
    declined = entry(RoleDeclined(role=SCRIBE, reason="x"), seq=5, refs=refs(("declines", "INC-000000", 4)))
    assert ROLES.evolve(offered, declined) == ROLES.evolve(offered, erased(declined))
    assert ROLES.evolve(offered, erased(declined)).offers == {}
    other = entry(RoleDeclined(role=SCRIBE, reason="x"), seq=5, refs=refs(("declines", "INC-000000", 3)))
    assert ROLES.evolve(offered, other) == offered


BODIES: list[Body] = [
    RoleOffered(role=COMMANDER, to=BEN.account),
    RoleAccepted(role=COMMANDER),
    RoleDeclined(role=COMMANDER, reason="x"),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans()), max_size=20))
def test_the_fold_reads_on_whatever_is_withheld(story: list[tuple[Body, bool]]) -> None:
    folded = ROLES.empty
    for seq, (body, withheld) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("declines", "INC-000000", seq - 1)))
        folded = ROLES.evolve(folded, erased(one) if withheld else one)


def test_an_open_offer_costs_at_most_200_bytes(scene: Scene) -> None:
    incident = scene.declared()
    before = len(to_bytes(scene.state(incident)))
    scene.do(offer(incident, BEN), ANA)
    assert len(to_bytes(scene.state(incident))) - before <= 200


class Command(RuleBasedStateMachine):
    """Any order of offers, acceptances and refusals by anybody; whatever is refused changes nothing."""

    @initialize()
    def declare(self) -> None:
        self.scene = Scene()
        self.incident = self.scene.declared()
        self.last_commander: str | None = None

    def roles(self) -> Roles:
        return self.scene.state(self.incident).slice(ROLES)

    def attempt(self, command: OfferRole | AcceptRole | DeclineRole, actor: Actor) -> StreamState:
        before = self.scene.state(self.incident)
        if isinstance(self.scene.allowed(command, actor), Allow):
            try:
                self.scene.do(command, actor)
            except Refused:
                assert self.scene.state(self.incident) is before
        return before

    @rule(
        giver=st.sampled_from([ANA, BEN, CARO, ADA]),
        taker=st.sampled_from([ANA, BEN, CARO]),
        role=st.sampled_from(Role),
    )
    def offers(self, giver: Actor, taker: Actor, role: Role) -> None:
        self.attempt(OfferRole(incident=self.incident, role=role, to=taker.account), giver)

    @rule(actor=st.sampled_from([ANA, BEN, CARO]), role=st.sampled_from(Role), late=st.booleans())
    def accepts(self, actor: Actor, role: Role, late: bool) -> None:
        expected = max(self.roles().version(role) - late, 0)
        offered = self.roles().offers.get(role)
        before = self.roles().holders.get(role)
        self.attempt(AcceptRole(incident=self.incident, role=role, expected=expected), actor)
        after = self.roles().holders.get(role)
        if after != before:
            assert offered is not None
            assert offered.to == after == actor.account
            assert not late

    @rule(actor=st.sampled_from([ANA, BEN, CARO]), role=st.sampled_from(Role))
    def declines(self, actor: Actor, role: Role) -> None:
        before = self.roles().holders
        self.attempt(DeclineRole(incident=self.incident, role=role, reason="no"), actor)
        assert self.roles().holders == before

    @invariant()
    def there_is_at_most_one_commander_and_once_set_never_none(self) -> None:
        if not hasattr(self, "scene"):
            return
        everybody = [one.account for one in (ANA, BEN, CARO, ADA)]
        commanders = [one for one in everybody if COMMANDER in self.roles().held_by(one)]
        assert len(commanders) <= 1
        if self.last_commander is not None:
            assert commanders
        self.last_commander = commanders[0] if commanders else None

    @invariant()
    def whoever_has_a_role_or_offer_is_one_of_the_people(self) -> None:
        if hasattr(self, "scene"):
            assert self.roles().people <= set(self.scene.state(self.incident).slice(SIGHT).people)


TestCommand = Command.TestCase


def test_moving_on_does_not_touch_roles(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.moved(incident, IncidentState.ACTIVE)
    assert roles(scene, incident).held_by(ANA.account) == (COMMANDER,)
