"""Calling people: one after another, over and over, until somebody answers; nothing of the matter leaves."""

from typing import Any

import pytest

from muster.respond.calling import (
    ROUNDS,
    Answer,
    CallAsked,
    Callee,
    CallList,
    Way,
    call,
    next_call,
)
from muster.respond.due import DUE, DueState
from muster.respond.effects import EffectAsked
from tests.access.world import ANA, BEN, refusal
from tests.respond.scene import Scene


def callee(name: str, *ways: str, minutes: int = 20) -> Callee:
    return Callee(person=name, ways=tuple(Way(channel="mail", address=way) for way in ways), minutes=minutes)


CALLS = CallList(
    people=(
        callee("ana", "ana@shop.example", "ana@home.example"),
        callee("ben", "ben@shop.example", minutes=5),
    )
)


class Calling(Scene):
    """An incident for which somebody is called."""

    def __init__(self, calls: CallList = CALLS) -> None:
        super().__init__()
        self.incident = self.declared(what="hunter2")
        self.write(ANA, *call(self.state(self.incident), calls, "declared", self.context(ANA)))

    def called(self) -> list[str]:
        return [
            one.body.people[one.body.place].person
            for one in self.entries[self.incident]
            if isinstance(one.body, CallAsked)
        ]

    def ticks(self, current: CallList | None = None) -> bool:
        """Whether something is written when the time of the open call is looked at."""
        found = [one for one in self.entries[self.incident] if isinstance(one.body, CallAsked)][-1]
        assert isinstance(found.body, CallAsked)
        drafts = next_call(
            self.state(self.incident), found.header.seq, found.body, self.context(ANA), current
        )
        self.write(ANA, *drafts)
        return bool(drafts)

    def sent(self) -> list[EffectAsked]:
        return [one.body for one in self.entries[self.incident] if isinstance(one.body, EffectAsked)]


def test_the_first_is_called_by_all_ways_and_the_next_after_the_time_of_the_first() -> None:
    scene = Calling()
    assert [body.to for body in scene.sent()] == [("ana@shop.example",), ("ana@home.example",)]
    scene.wait(19)
    assert not scene.ticks()
    scene.wait(1)
    assert scene.ticks()
    assert not scene.ticks()
    assert scene.called() == ["ana", "ben"]
    scene.wait(5)
    scene.ticks()
    assert scene.called() == ["ana", "ben", "ana"]


def test_only_code_and_occasion_leave_the_house() -> None:
    for body in Calling().sent():
        assert "hunter2" not in str(body.tree())
        assert body.subject.startswith("INC-")


def test_after_many_rounds_it_is_a_fact_that_stays_open() -> None:
    scene = Calling()
    for _ in range(2 * ROUNDS + 3):
        scene.wait(20)
        scene.ticks()
    assert scene.called() == ["ana", "ben"] * ROUNDS
    (item,) = [one for one in scene.state(scene.incident).slice(DUE).items.values() if one.kind == "call"]
    assert item.state is DueState.GIVEN_UP
    scene.do(Answer(stream=scene.incident), BEN)
    assert not [one for one in scene.state(scene.incident).slice(DUE).items.values() if one.kind == "call"]


def test_an_answer_ends_it_and_there_is_one_only() -> None:
    scene = Calling()
    scene.do(Answer(stream=scene.incident), BEN)
    scene.wait(60)
    assert not scene.ticks()
    assert "Somebody may have answered" in refusal(scene, Answer(stream=scene.incident), ANA)


def test_one_of_several_calls_is_answered_by_its_number() -> None:
    scene = Calling()
    scene.write(ANA, *call(scene.state(scene.incident), CALLS, "no-commander", scene.context(ANA), number=1))
    first, second = (
        seq for seq, one in scene.state(scene.incident).slice(DUE).items.items() if one.kind == "call"
    )
    scene.do(Answer(stream=scene.incident, call=first), BEN)
    assert second in scene.state(scene.incident).slice(DUE).items
    assert "Nobody is being called" in refusal(scene, Answer(stream=scene.incident, call=first), BEN)


def test_who_left_the_plan_is_not_called_and_new_ways_are_used() -> None:
    scene = Calling()
    scene.wait(20)
    scene.ticks(CallList(people=(callee("ana", "ana@new.example"),)))
    assert scene.called() == ["ana", "ben"]
    assert len(scene.sent()) == 2, "ben left: nothing is sent to him"
    assert scene.ticks(CallList(people=(callee("ana", "ana@new.example"),))), "and nobody waits for him"
    assert scene.sent()[-1].to == ("ana@new.example",)


def test_an_empty_list_calls_nobody() -> None:
    scene = Scene()
    incident = scene.declared()
    assert call(scene.state(incident), CallList(), "declared", scene.context(ANA)) == ()


ADDRESSES: list[tuple[str, bool]] = [
    ("ana@example.invalid", True),
    ("ana@mail.example.invalid", True),
    ("ANA@EXAMPLE.INVALID.", True),
    ("https://hooks.example.invalid:8443/x", True),
    ("ana@notexample.invalid", False),
    ("ana@shop.example", False),
    ("+49 30 1234", False),
]


@pytest.mark.parametrize(("address", "example"), ADDRESSES)
def test_the_example_plan_reaches_nobody_real(address: str, example: bool) -> None:
    assert CallList(people=(callee("ana", address),)).reaches_nobody is example


def test_one_real_address_reaches_somebody() -> None:
    people: tuple[Any, ...] = (callee("ana", "ana@example.invalid"), callee("ben", "ben@shop.example"))
    assert not CallList(people=people).reaches_nobody
    assert CallList().reaches_nobody
