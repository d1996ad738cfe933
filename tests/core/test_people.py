"""Actors: who counts as signed in; and the roles of an incident, the highest first."""

from muster.core.people import NOBODY, SERVER, Actor, Duty, Role, Through


def test_a_person_is_signed_in_and_nobody_and_the_server_are_not() -> None:
    assert Actor("0" * 32, frozenset({Duty.RESPONDER})).signed_in
    assert not Actor(NOBODY).signed_in
    assert not Actor(SERVER, through=Through.SERVER).signed_in


def test_an_actor_has_nothing_unless_it_is_given() -> None:
    actor = Actor("0" * 32)
    assert actor.duties == frozenset()
    assert actor.scopes is None
    assert actor.lane == "real"


def test_the_roles_are_those_of_the_incident_command_system() -> None:
    assert [role.value for role in Role] == [
        "commander", "deputy", "scribe", "operations", "planning", "communications", "liaison", "legal", "harm",
        "logistics", "finance",
    ]  # fmt: skip
