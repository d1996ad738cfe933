"""Times: milestones named, unknown never zero, reopened incidents not counted as recovered."""

from datetime import timedelta

from muster.core.people import Role
from muster.core.time import TimeSource
from muster.learn.times import MEASURES, Milestone, Milestones, Time, milestones, spread, times
from muster.plan.severity import Functional, Ratings
from muster.record.entry import Draft, Entry
from muster.respond.incident import HowLearned, IncidentState
from muster.respond.progress import Close, Reopen
from muster.respond.severity import RateSeverity
from muster.respond.signal import SignalReportedAgain
from muster.respond.triage import Acknowledge, Attach
from tests.access.world import ANA, CARO, erased
from tests.respond.scene import Scene

S = IncidentState


def took(known: Milestones) -> dict[str, float | None]:
    """Minutes by name."""
    return {
        one.measure.name: None if one.took is None else one.took / timedelta(minutes=1)
        for one in times(known)
    }


def whole_story() -> tuple[list[Entry], list[list[Entry]]]:
    scene = Scene()
    signal = scene.reported()
    scene.wait(4)
    scene.do(Acknowledge(signal=signal), ANA)
    scene.wait(6)
    incident = scene.declared(signal=signal)
    scene.wait(5)
    scene.handed_over(incident, Role.SCRIBE, ANA, CARO)
    scene.commanded(incident, ANA)
    scene.wait(10)
    scene.do(RateSeverity(incident=incident, ratings=Ratings(functional=Functional.HIGH), expected=1), ANA)
    scene.do(RateSeverity(incident=incident, ratings=Ratings(functional=Functional.HIGH), expected=2), ANA)
    scene.moved(incident, S.RECOVERING)
    scene.wait(30)
    scene.moved(incident, S.WATCHING)
    scene.wait(60)
    scene.moved(incident, S.REVIEW)
    scene.wait(60)
    scene.do(Close(incident=incident, summary="x", how_learned=HowLearned.STAFF, expected=4), ANA)
    return scene.entries[incident], [scene.entries[signal]]


def test_the_whole_story_in_minutes() -> None:
    incident, signals = whole_story()
    assert took(milestones(incident, signals)) == {
        "missed-signal delay": None,
        "time to acknowledge": 4,
        "time to declare": None,
        "first signal to declaration": 10,
        "time to command": 5,
        "time to first impact rating": 25,
        "time to remediate": 51,
        "recovery duration": 30,
        "time to review": 60,
        "time to close": 165,
    }


def test_unknown_stays_unknown() -> None:
    scene = Scene()
    known = milestones(scene.entries[scene.declared()])
    assert known.keys() == {Milestone.DECLARED}
    assert set(took(known).values()) == {None}
    assert all(one.n == 0 for one in times(known))
    assert len(times(known)) == len(MEASURES)
    assert times({})[0] == Time(MEASURES[0], None)


def test_what_was_stated_is_when_we_noticed() -> None:
    scene = Scene()
    incident = scene.declared(happened_at="2026-11-24T02:00Z")
    known = milestones(scene.entries[incident])
    assert known[Milestone.DETECTED].source is TimeSource.STATED
    assert took(known)["time to declare"] == 10


def test_reopened_is_not_recovered_until_it_is_again() -> None:
    scene = Scene()
    incident = scene.declared()
    scene.moved(incident, S.RECOVERING)
    scene.wait(10)
    scene.moved(incident, S.WATCHING)
    scene.do(Reopen(incident=incident, reason="It is back"), ANA)
    scene.wait(60)
    scene.moved(incident, S.RECOVERING)
    assert took(milestones(scene.entries[incident]))["recovery duration"] is None
    scene.wait(20)
    scene.moved(incident, S.WATCHING)
    assert took(milestones(scene.entries[incident]))["recovery duration"] == 20


def test_several_signals_count_from_the_first() -> None:
    scene = Scene()
    first = scene.reported("one")
    scene.wait(5)
    second = scene.reported("two")
    incident = scene.declared()
    scene.do(Attach(signal=second, incident=incident), ANA)
    scene.wait(5)
    scene.do(Attach(signal=first, incident=incident), ANA)
    known = milestones(scene.entries[incident], [scene.entries[second], scene.entries[first]])
    assert took(known)["time to acknowledge"] == 5
    assert known[Milestone.FIRST_SIGNAL] == scene.entries[first][0].header.happened


def test_a_signal_that_only_repeats_is_not_acknowledged() -> None:
    scene = Scene()
    signal = scene.reported()
    scene.write(CARO, Draft(signal, SignalReportedAgain(receipt_sha256="0" * 64)))
    known = milestones(scene.entries[scene.declared()], [scene.entries[signal]])
    assert Milestone.ACKNOWLEDGED not in known
    assert Milestone.REPORTED in known


def test_erased_entries_leave_the_rest_as_it_was() -> None:
    incident, signals = whole_story()
    gone = took(milestones(map(erased, incident), [list(map(erased, one)) for one in signals]))
    assert gone["time to close"] == 165
    assert gone["time to command"] is None
    assert gone["time to first impact rating"] is None


def test_many_incidents_show_n_unknown_median_and_90th_percentile() -> None:
    scene = Scene()
    many: list[Milestones] = []
    for minutes in (1, 2, 3, 4, 100):
        incident = scene.declared()
        scene.wait(minutes)
        scene.commanded(incident, ANA)
        many.append(milestones(scene.entries[incident]))
    many.append(milestones(scene.entries[scene.declared()]))
    command = next(one for one in spread(many) if one.measure.name == "time to command")
    assert (command.n, command.unknown) == (5, 1)
    assert command.median == timedelta(minutes=3)
    assert command.p90 == timedelta(minutes=100)
    closing = next(one for one in spread(many) if one.measure.name == "time to close")
    assert (closing.n, closing.unknown, closing.median, closing.p90) == (0, 6, None, None)
    assert all(one.n == one.unknown == 0 for one in spread([]))
