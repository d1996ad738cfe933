"""Who calls, as the app sees it."""

from muster.app.caller import Caller, nobody
from muster.core.people import NOBODY, Actor, Duty, Through


def test_what_a_page_may_offer_follows_from_the_duties() -> None:
    both = Caller(Actor("0" * 32, frozenset({Duty.RESPONDER, Duty.ADMINISTRATOR})))
    assert (both.responds, both.administers) == (True, True)
    neither = Caller(Actor("0" * 32))
    assert (neither.responds, neither.administers) == (False, False)


def test_nobody_comes_from_somewhere() -> None:
    caller = nobody("127.0.0.1")
    assert caller.actor == Actor(NOBODY, through=Through.INTAKE)
    assert caller.source == "127.0.0.1"
    assert not caller.actor.signed_in
    assert nobody("x", Through.WEB).actor.through is Through.WEB
