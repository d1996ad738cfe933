"""Timers: fired once and not early, cancelled by purpose, moved."""

from muster.core.time import stored
from muster.record.entry import Draft
from muster.respond.due import DUE
from muster.respond.timers import TimerSet, cancelled, fired, moved
from tests.access.world import ANA, START
from tests.respond.scene import Scene

AT = stored(START.replace(hour=3))


def test_a_timer_fires_at_its_time_and_once() -> None:
    scene = Scene()
    incident = scene.declared()
    scene.write(ANA, _set(incident))
    seq = scene.state(incident).seq
    scene.wait(59)
    assert fired(scene.state(incident), seq, scene.context(ANA)) is None
    scene.wait(1)
    draft = fired(scene.state(incident), seq, scene.context(ANA))
    assert draft is not None
    scene.write(ANA, draft)
    assert fired(scene.state(incident), seq, scene.context(ANA)) is None
    assert scene.body(incident).tree() == {"purpose": "review", "due": AT}


def _set(incident: str, purpose: str = "review") -> Draft:
    return Draft(incident, TimerSet(purpose=purpose, due=AT))


def test_timers_are_cancelled_by_purpose() -> None:
    scene = Scene()
    incident = scene.declared()
    scene.write(ANA, _set(incident), _set(incident, "clock"), _set(incident))
    drafts = cancelled(scene.state(incident), "review")
    assert len(drafts) == 2
    scene.write(ANA, *drafts)
    assert [item.name for item in scene.state(incident).slice(DUE).items.values()] == ["clock"]


def test_a_moved_timer_stands_in_the_place_of_the_first() -> None:
    scene = Scene()
    incident = scene.declared()
    scene.write(ANA, _set(incident))
    later = TimerSet(purpose="review", due=stored(START.replace(hour=9)))
    scene.write(ANA, moved(incident, scene.state(incident).seq, later))
    (item,) = scene.state(incident).slice(DUE).items.values()
    assert item.due == later.due
