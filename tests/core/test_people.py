"""Actors: who counts as signed in."""

from muster.core.people import NOBODY, SERVER, Actor, Duty, Through


def test_a_person_is_signed_in_and_nobody_and_the_server_are_not() -> None:
    assert Actor("0" * 32, frozenset({Duty.RESPONDER})).signed_in
    assert not Actor(NOBODY).signed_in
    assert not Actor(SERVER, through=Through.SERVER).signed_in


def test_an_actor_has_nothing_unless_it_is_given() -> None:
    actor = Actor("0" * 32)
    assert actor.duties == frozenset()
    assert actor.scopes is None
    assert actor.lane == "real"
