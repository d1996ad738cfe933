"""Times: milestones named, unknown never zero, reopened incidents not counted as recovered."""

from dataclasses import replace
from datetime import timedelta

from muster.core.people import Role
from muster.core.time import Moment, TimeSource
from muster.learn.review import HoldReview
from muster.learn.times import (
    MEASURES,
    TOLD_BY,
    Milestone,
    Milestones,
    Time,
    clock_of,
    milestones,
    spread,
    times,
    written,
)
from muster.plan.severity import Functional, Ratings
from muster.record.entry import Draft, Entry
from muster.respond.facts import StateFact
from muster.respond.incident import HowLearned, IncidentActive, IncidentState
from muster.respond.milestones import Claimed, ClaimMilestone, NoteSeenAgain
from muster.respond.progress import Close, Reopen
from muster.respond.severity import RateSeverity
from muster.respond.signal import SignalReportedAgain
from muster.respond.triage import Acknowledge, Attach
from tests.access.world import ANA, CARO, START, entry, erased
from tests.learn.scene import Scene as Learned
from tests.respond.scene import Scene
from tests.respond.work_scene import WorkScene

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
        "dwell time": None,
        "missed-signal delay": None,
        "time to acknowledge": 4,
        "time to declare": None,
        "first signal to declaration": 10,
        "time to command": 5,
        "time to first impact rating": 25,
        "time to first containment": None,
        "time to contain": None,
        "exposure": None,
        "time to eradicate": None,
        "time to remediate": 51,
        "recovery duration": 30,
        "time to review": None,
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


def test_a_reopened_incident_is_neither_closed_nor_recovered() -> None:
    incident, signals = whole_story()
    scene = Learned()
    other = scene.declared()
    scene.moved(other, S.RECOVERING)
    scene.moved(other, S.WATCHING)
    scene.moved(other, S.REVIEW)
    scene.act(HoldReview(incident=other, people=(ANA.account,)), ANA)
    before = milestones(scene.entries[other])
    scene.do(Reopen(incident=other, reason="It is back"), ANA)
    known = milestones(scene.entries[other])
    assert before.keys() - known.keys() == {Milestone.RECOVERY_ENDED, Milestone.REVIEW_HELD}
    assert Milestone.RECOVERY_STARTED in known
    assert Milestone.CLOSED in milestones(incident, signals)


def claimed(scene: WorkScene, incident: str, milestone: Claimed, at: str | None = None) -> None:
    scene.do(StateFact(incident=incident, text="Seen", source="Ana looked"), ANA)
    shown = (len(scene.entries[incident]) - 1,)
    scene.do(ClaimMilestone(incident=incident, milestone=milestone, shown_by=shown, happened_at=at), ANA)


def test_what_is_claimed_is_known_while_the_claim_stands() -> None:
    scene = WorkScene()
    incident = scene.declared()
    claimed(scene, incident, Claimed.STARTED, "2026-11-24T01:10Z")
    scene.wait(20)
    claimed(scene, incident, Claimed.FIRST_CONTAINMENT)
    scene.wait(10)
    claimed(scene, incident, Claimed.CONTAINED)
    scene.wait(30)
    claimed(scene, incident, Claimed.ERADICATED)
    found = took(milestones(scene.entries[incident]))
    assert (found["time to first containment"], found["time to contain"], found["exposure"]) == (20, 30, 90)
    assert found["time to eradicate"] == 30

    scene.do(NoteSeenAgain(incident=incident, text="A new sign-in"), ANA)
    found = took(milestones(scene.entries[incident]))
    assert (found["time to contain"], found["time to eradicate"]) == (None, None)
    assert found["time to first containment"] == 20

    scene.wait(60)
    claimed(scene, incident, Claimed.CONTAINED)
    assert took(milestones(scene.entries[incident]))["time to contain"] == 120


def test_what_was_claimed_goes_before_what_follows_from_other_entries() -> None:
    scene = WorkScene()
    incident = scene.declared(happened_at="2026-11-24T02:00Z")
    assert took(milestones(scene.entries[incident]))["time to declare"] == 10
    claimed(scene, incident, Claimed.DETECTED, "2026-11-24T01:40Z")
    assert took(milestones(scene.entries[incident]))["time to declare"] == 30


def test_a_review_counts_from_when_it_was_held() -> None:
    scene = Learned()
    incident = scene.declared()
    scene.moved(incident, S.RECOVERING)
    scene.moved(incident, S.WATCHING)
    scene.wait(45)
    scene.moved(incident, S.REVIEW)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)), ANA)
    assert took(milestones(scene.entries[incident]))["time to review"] == 45


def at_lane_time(entry: Entry, lane: timedelta) -> Entry:
    """The entry as a drill would have written it whose clock is so far ahead; a stated time stays."""
    happened = entry.header.happened
    if happened.source is TimeSource.STATED:
        return entry
    return replace(entry, header=replace(entry.header, happened=replace(happened, at=happened.at + lane)))


def test_times_are_those_of_the_clock_of_the_lane() -> None:
    scene = Scene()
    incident = scene.declared(happened_at="2026-11-24T02:00Z")
    before = len(scene.entries[incident])
    scene.wait(1)
    scene.commanded(incident, ANA)
    entries = scene.entries[incident]
    hour, two = timedelta(hours=1), timedelta(hours=2)
    drilled = [at_lane_time(one, hour if seq < before else two) for seq, one in enumerate(entries)]
    assert took(milestones(drilled))["time to command"] == 61
    assert took(milestones(entries))["time to command"] == 1


def test_the_kinds_that_tell_milestones_are_all_that_is_needed() -> None:
    incident, signals = whole_story()
    told = [[one for one in entries if one.header.kind in TOLD_BY] for entries in (incident, *signals)]
    assert milestones(told[0], told[1:]) == milestones(incident, signals)
    assert len(told[0]) < len(incident)


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
    assert (command.shortest, command.longest) == (timedelta(minutes=1), timedelta(minutes=100))
    closing = next(one for one in spread(many) if one.measure.name == "time to close")
    assert (closing.n, closing.unknown, closing.median, closing.p90) == (0, 6, None, None)
    assert all(one.n == one.unknown == 0 for one in spread([]))


def _written_at(minutes: float, wall: float, seq: int, *, stated: bool = False) -> Entry:
    """An entry of a drill: its lane's minutes, and those of the clock on the wall."""
    source = TimeSource.STATED if stated else TimeSource.CLOCK
    moment = Moment(START + timedelta(minutes=minutes), source=source)
    return entry(IncidentActive(), seq=seq, at=START + timedelta(days=9, minutes=wall), happened=moment)


def _shown(*entries: Entry) -> list[float]:
    clock = clock_of(entries)
    return [(written(one, clock).at - START) / timedelta(minutes=1) for one in entries]


def test_a_stated_time_was_written_when_its_neighbour_of_the_same_instant_was() -> None:
    found = _shown(_written_at(3, 1, 0, stated=True), _written_at(25, 1, 1), _written_at(40, 1, 2))

    assert found == [25, 25, 40]


def test_one_that_was_written_alone_lies_between_its_neighbours() -> None:
    found = _shown(_written_at(25, 1, 0), _written_at(3, 2, 1, stated=True), _written_at(26.5, 9, 2))

    assert found == [25, 26, 26.5]
    assert _shown(_written_at(25, 1, 0), _written_at(3, 9, 1, stated=True), _written_at(27, 9.5, 2)) == [
        25,
        27,
        27,
    ]


def test_in_reality_it_was_written_when_it_was_recorded() -> None:
    alone = _written_at(3, 2, 0, stated=True)

    assert written(alone, clock_of([alone])).at == alone.header.recorded_at
