"""Who is called: as the plan in force has it, quickly past whom nobody can reach, and one call for one thing."""

from dataclasses import replace
from typing import Any

import pytest

from muster.core.labels import Secrecy
from muster.plan.calling import Occasion
from muster.plan.people import Channel, ChannelKind, People, Person
from muster.plan.plan import InForce
from muster.record.canonical import MAX_BYTES, canonical
from muster.record.decision import NOTHING_KNOWN
from muster.respond.calling import CallAsked, Callee, Way
from muster.respond.declare import Declare
from muster.respond.ground import Told
from muster.respond.secrecy import Restrict
from muster.respond.summons import (
    CLOCK_WARNING,
    MOST_WAYS,
    acknowledged,
    answering,
    call_list,
    person_of,
    standing,
    still_called,
    summon,
    tick,
)
from tests.access.world import ANA, BEN, entry
from tests.plan.shop_plan import plan
from tests.respond.summons_scene import SummonsScene
from tests.respond.work_scene import ACCOUNTS


@pytest.fixture
def scene() -> SummonsScene:
    return SummonsScene()


def channel(address: str, kind: ChannelKind = ChannelKind.MAIL) -> Channel:
    return Channel(kind=kind, address=address)


def with_channels(person: str, **channels: Channel) -> Told:
    """What is known, with other channels of one person."""
    world = plan().in_force
    people = dict(world.people.people)
    people[person] = people[person].model_copy(update={"channels": channels})
    return told(world.model_copy(update={"people": People(people=people)}))


def told(in_force: InForce) -> Told:
    return Told(pinned=plan().pinned, in_force=in_force, accounts=ACCOUNTS)


def names(people: tuple[Callee, ...]) -> list[str]:
    return [one.person for one in people]


def test_the_path_of_the_occasion_and_some_in_front(scene: SummonsScene) -> None:
    known, context = scene.told(""), scene.context(ANA)
    calls = call_list(known, Occasion.SIGNAL, None, context)
    assert names(calls.people) == ["robin-vale", "mika-sandoval", "noor-lindgren", "ines-caruso"]
    assert calls.people[0].ways == (Way(channel="mail", address="robin.vale@shop.example.invalid"),)
    assert calls.reaches_nobody
    front = call_list(known, Occasion.SIGNAL, None, context, ("ines-caruso",))
    assert names(front.people) == ["ines-caruso", "robin-vale", "mika-sandoval", "noor-lindgren"]
    assert call_list(known, CLOCK_WARNING, None, context) == call_list(
        known, Occasion.CLOCK_OVERDUE, None, context
    )


def test_under_no_plan_nobody_is_called(scene: SummonsScene) -> None:
    assert call_list(NOTHING_KNOWN, Occasion.SIGNAL, None, scene.context(ANA)).people == ()
    incident = scene.declared()
    asked = CallAsked(occasion="declared", people=(), until="")
    assert still_called(NOTHING_KNOWN, scene.state(incident), asked) is None


def test_whom_no_channel_reaches_is_counted_and_quickly_passed_over(scene: SummonsScene) -> None:
    known = with_channels("robin-vale", phone=channel("sip:robin@phones.example", ChannelKind.PHONE))
    first, second, *_ = call_list(known, Occasion.SIGNAL, None, scene.context(ANA)).people
    assert (first.person, first.ways, first.minutes) == ("robin-vale", (), 1)
    assert second.minutes == 20


def test_an_address_may_name_a_webhook_of_the_settings(scene: SummonsScene) -> None:
    known = with_channels("robin-vale", pager=channel("webhook:pager", ChannelKind.PAGER))
    first, *_ = call_list(known, Occasion.SIGNAL, None, scene.context(ANA)).people
    assert first.ways == (Way(channel="webhook:pager", address="pager"),)


def test_the_longest_list_fits_into_an_entry(scene: SummonsScene) -> None:
    known, world = scene.told(""), plan().in_force
    some: Person = world.people.people["robin-vale"]
    channels = {f"c{number}": channel("ä" * 390 + "@x.example") for number in range(9)}
    many = {f"p{number}": some.model_copy(update={"channels": channels}) for number in range(300)}
    known = told(world.model_copy(update={"people": People(people=many)}))
    calls = call_list(known, Occasion.SIGNAL, None, scene.context(ANA), many)
    assert len(calls.people) > 1
    assert len(calls.people[0].ways) == MOST_WAYS
    body = CallAsked(occasion="signal", people=calls.people, until="")
    assert len(canonical(body.tree())) < MAX_BYTES


def test_of_an_incident_for_named_people_only_they_are_told(scene: SummonsScene) -> None:
    declare = Declare(what="x", secrecy=Secrecy.NAMED, people=(BEN.account,))
    incident = scene.do(declare, ANA).drafts[0].stream
    assert names(scene.summoned(incident, "declared")[0].people) == ["noor-lindgren", "ines-caruso"]


def test_whoever_may_no_longer_see_it_is_passed_over(scene: SummonsScene) -> None:
    other = scene.declared()
    scene.do(Restrict(stream=other, secrecy=Secrecy.NAMED, people=(BEN.account,), expected=1), ANA)
    sent = len(scene.sent(other))
    scene.door(20)
    assert scene.called(other, "declared") == ["robin-vale", "mika-sandoval", "noor-lindgren"]
    assert [body.to for body in scene.sent(other)[sent:]] == [("noor.lindgren@shop.example.invalid",)]


def test_one_call_for_one_thing_and_anew_when_nobody_answered(scene: SummonsScene) -> None:
    incident = scene.declared()
    state, known = scene.state(incident), scene.told(incident)

    def again(**more: Any) -> int:
        drafts = summon(scene.state(incident), known, "decision-asked", scene.context(ANA), **more)
        scene.write(ANA, *drafts)
        return len(drafts)

    assert again(subject="4")
    assert not again(subject="4")
    assert again(subject="5", number=1)
    first = standing(scene.state(incident), "decision-asked", "4")
    assert first is not None
    assert again(subject="4", former=first), "the offer is another now"
    assert scene.calls(incident).count(("decision-asked", "4")) == 1
    for _ in range(60):
        scene.wait(20)
        scene.door()
    assert "call.unanswered" in scene.kinds(incident)
    assert again(subject="4")
    assert scene.calls(incident).count(("decision-asked", "4")) == 1
    seq = standing(scene.state(incident), "decision-asked", "4")
    assert seq is not None
    scene.write(BEN, *acknowledged(incident, (seq,)))
    assert standing(scene.state(incident), "decision-asked", "4") is None
    assert state.exists


def test_accounts_and_people_of_the_plan_find_each_other(scene: SummonsScene) -> None:
    known = scene.told("")
    assert person_of(known, ANA.account) == "noor-lindgren"
    assert person_of(known, "somebody") is person_of(known, None) is None
    assert answering(known, "commander", scene.context(ANA)) == (
        "noor-lindgren", "ines-caruso", "mika-sandoval",
    )  # fmt: skip
    assert answering(NOTHING_KNOWN, "commander", scene.context(ANA)) == ()


def test_who_left_the_plan_meanwhile_is_passed_over(scene: SummonsScene) -> None:
    signal = scene.signalled()
    world = plan().in_force
    left = {name: one for name, one in world.people.people.items() if name != "mika-sandoval"}
    known = told(world.model_copy(update={"people": People(people=left)}))
    scene.wait(20)
    asked = next(one for one in scene.entries[signal] if isinstance(one.body, CallAsked))
    scene.write(ANA, *tick(scene.states, asked, scene.context(ANA), known))
    called = scene.summoned(signal, "signal")[-1]
    assert called.people[called.place] == Callee(person="mika-sandoval", minutes=0)
    assert len(scene.sent(signal)) == 1


def test_what_asked_for_no_call_is_no_tick(scene: SummonsScene) -> None:
    incident = scene.declared()
    asked = entry(scene.body(incident, 0), stream=incident)
    assert tick(scene.states, asked, scene.context(ANA), scene.told(incident)) == ()
    assert replace(scene.told(incident), in_force=None).in_force is None
