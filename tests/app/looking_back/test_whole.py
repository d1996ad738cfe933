"""All parts together: of a whole night, and of an incident of which nothing is known yet."""

from muster.app.looking_back.whole import looking_back
from muster.learn.times import milestones
from muster.respond.incident import IncidentDeclared
from tests.app.looking_back.night import Telling, night, past


def test_every_part_of_the_night_has_something_to_tell() -> None:
    seen = night().past()
    found = looking_back(seen, milestones(seen.entries, [lines.entries for lines in seen.signals.values()]))

    assert all(getattr(found, name) for name in type(found).model_fields)


def test_of_an_incident_that_was_only_declared_nothing_is_made_up() -> None:
    told = Telling()
    told.say(IncidentDeclared(what="Something odd"), "ana", 0)
    seen = past(told)
    found = looking_back(seen, milestones(seen.entries))

    assert (found.runs, found.actions, found.statements, found.outages, found.calls) == ((), (), (), (), ())
    assert (found.opening.peak, found.opening.lasted, found.opening.information) == (
        "unknown",
        None,
        ("unknown",),
    )
    assert {one.verdict.value for one in found.targets} == {"unknown"}


def test_it_can_be_told_with_every_word_erased() -> None:
    told = night()
    seen = told.past(erased=frozenset(range(len(told.told.entries))))
    found = looking_back(seen, milestones(seen.entries))

    assert found.people.holdings == ()
    assert found.opening.ended_at is not None
