"""Legal clocks remind: before they run out, when they did, and no longer once filed or found not to apply."""

from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import MusterError
from muster.core.time import from_stored, stored
from muster.disclose.answers import ANSWERS, AnswerFact
from muster.disclose.filing import DeclareScope, FileNotice, HoldBack, RecordAnchor, WithdrawAnchor
from muster.disclose.owed import OWED
from muster.disclose.reminding import FOLLOW, PURPOSE, follow, running, tick
from muster.disclose.rules import FOLDS, WORK
from muster.plan.obligations import Anchor, Obligation
from muster.plan.severity import YesNo
from muster.record.state import to_bytes
from muster.respond import no_commander, summons_follow
from muster.respond.ground import Told
from muster.respond.log import WriteLog
from muster.respond.progress import StandDown
from muster.respond.work import InIncident
from tests.access.world import ANA, START
from tests.disclose.duties import CONTRACT, EVERY, GDPR
from tests.disclose.scene import pinned
from tests.plan.shop_plan import plan
from tests.respond.summons_scene import SummonsScene
from tests.respond.work_scene import ACCOUNTS

KEY = "gdpr-33/notification"


class Reminded(SummonsScene):
    """An incident whose legal clocks remind; only the duty of GDPR, Article 33, unless told otherwise."""

    follows = (summons_follow.FOLLOW, FOLLOW)
    timers: ClassVar = {no_commander.PURPOSE: no_commander.tick, PURPOSE: tick}

    def __init__(self, obligations: dict[str, Obligation] | None = None) -> None:
        self.agreed = pinned(obligations or {"gdpr-33": GDPR}, severity=plan().pinned.severity)
        super().__init__()
        self.folds = {**self.folds, **FOLDS}
        self.incident = self.declared()
        self.commanded(self.incident, ANA)

    def told(self, incident: str) -> Told:
        return Told(pinned=self.agreed, in_force=plan().in_force, accounts=ACCOUNTS)

    def act(self, command: InIncident) -> None:
        """Does a verb of disclosure, and what follows."""
        work = next(one for one in WORK.values() if one.command is type(command))
        before, told = dict(self.states), self.told(self.incident)
        drafts = work.decide(self.states, command, self.context(ANA), told).drafts
        self.write(ANA, *drafts)
        self.followed(before, drafts, ANA, told)

    def aware(self, hours_ago: int = 0, *, obligation: str | None = None) -> None:
        """We became aware; anew with a reason."""
        anchor = Anchor.AGREED if obligation == "contract-meadow" else Anchor.AWARE
        key = f"{obligation}/{anchor}" if obligation else anchor.value
        before = self.state(self.incident).slice(OWED).anchors.get(key, ())
        since = stored(self.now - timedelta(hours=hours_ago))
        self.act(
            RecordAnchor(
                incident=self.incident, anchor=anchor, since=since, obligation=obligation,
                reason="x" if before else None, expected=len(before),
            )
        )  # fmt: skip

    def answered(self, fact: str, answer: str) -> None:
        found = self.state(self.incident).slice(ANSWERS).facts.get(fact)
        self.act(
            AnswerFact(
                incident=self.incident, fact=fact, answer=answer, source="the portal",
                expected=0 if found is None else found.version,
            )
        )  # fmt: skip

    def filed(
        self, reason: str | None = None, obligation: str = "gdpr-33", stage: str = "notification"
    ) -> None:
        self.act(FileNotice(incident=self.incident, obligation=obligation, stage=stage, reason=reason))

    def hours(self, hours: int) -> None:
        """Lets hours go by, looking each quarter of an hour at what is due."""
        for _ in range(4 * hours):
            self.wait(15)
            self.door()

    def due(self) -> dict[str, timedelta]:
        """The waiting timers: key of the clock -> after how long since the start."""
        return {one.about: from_stored(one.due) - START for one in self.waiting(self.incident, PURPOSE)}


@pytest.fixture
def scene() -> Reminded:
    return Reminded()


def test_a_clock_reminds_before_it_runs_out_and_calls_when_it_did(scene: Reminded) -> None:
    assert scene.due() == {}
    scene.aware()
    assert scene.due() == {KEY: timedelta(hours=54)}
    scene.hours(53)
    assert scene.calls(scene.incident) == []
    scene.hours(1)
    assert scene.calls(scene.incident) == [("clock-warning", "legal")]
    assert scene.called(scene.incident, "clock-warning") == ["helene-marsh"]
    assert scene.due() == {KEY: timedelta(hours=72)}
    scene.hours(18)
    assert scene.calls(scene.incident) == [("clock-overdue", "legal")]
    assert scene.due() == {}
    scene.filed("We had to find out first.")
    assert scene.calls(scene.incident) == []


def test_a_moved_clock_moves_its_timer(scene: Reminded) -> None:
    scene.aware()
    scene.aware(10)
    assert scene.due() == {KEY: timedelta(hours=44)}
    scene.aware(60)
    assert scene.due() == {KEY: timedelta(hours=12)}, "three quarters are over"
    assert scene.kinds(scene.incident).count("timer.cancelled") == 1, "that of the missing commander"


def test_filed_withdrawn_or_answered_no_it_reminds_no_longer(scene: Reminded) -> None:
    scene.aware()
    scene.act(WithdrawAnchor(incident=scene.incident, anchor=scene.state(scene.incident).seq - 1, reason="x"))
    assert scene.due() == {}
    scene.aware()
    scene.answered("personal-data-affected", "no")
    assert scene.due() == {}
    scene.answered("personal-data-affected", "yes")
    assert set(scene.due()) == {KEY}
    scope = DeclareScope(incident=scene.incident, obligation="gdpr-33", ours=YesNo.NO, reason="x")
    scene.act(scope)
    assert scene.due() == {}
    scene.act(scope.model_copy(update={"ours": YesNo.YES, "expected": 1}))
    scene.filed()
    assert scene.due() == {}


def test_what_ran_out_before_it_was_recorded_calls_at_once_and_once(scene: Reminded) -> None:
    scene.aware(100)
    scene.door()
    assert scene.called(scene.incident, "clock-overdue") == ["helene-marsh"]
    scene.answered("personal-data-affected", "yes")
    assert scene.due() == {}, "it called already"
    assert len(scene.calls(scene.incident)) == 1


def test_held_back_it_reminds_before_that_time_is_over(scene: Reminded) -> None:
    scene.aware()
    until = stored(START + timedelta(hours=100))
    scene.act(
        HoldBack(incident=scene.incident, obligation="gdpr-33", stage="notification", until=until, reason="x")
    )
    assert scene.due() == {KEY: timedelta(hours=75)}


def test_one_call_for_all_clocks_of_an_owner_and_each_has_its_timer() -> None:
    scene = Reminded({**EVERY, "contract-meadow": CONTRACT.model_copy(update={"owner": "communications"})})
    scene.aware()
    scene.aware(obligation="contract-meadow")
    assert set(scene.due()) == {
        KEY, "nis2-23/early-warning", "nis2-23/notification", "contract-meadow/notice",
    }  # fmt: skip
    scene.hours(25)
    assert set(scene.calls(scene.incident)) == {
        ("clock-overdue", "communications"),
        ("clock-overdue", "legal"),
    }
    scene.filed("late", "nis2-23", "early-warning")
    assert scene.calls(scene.incident) == [("clock-overdue", "communications")]
    scene.filed(None, "nis2-23", "notification")
    assert "nis2-23/final" in scene.due(), "what follows a filing begins with it"


def test_a_timer_about_to_fire_is_left_and_looks_where_its_clock_stands(scene: Reminded) -> None:
    scene.aware()
    scene.wait(54 * 60)
    scene.answered("personal-data-affected", "yes")
    assert scene.due() == {KEY: timedelta(hours=54)}
    scene.aware()
    scene.door()
    assert scene.due() == {KEY: timedelta(hours=54 + 54)}
    assert scene.calls(scene.incident) == []


def test_an_ended_incident_reminds_of_nothing(scene: Reminded) -> None:
    scene.aware(60)
    scene.do(StandDown(incident=scene.incident, reason="x"), ANA)
    assert scene.due() == {}
    assert running(scene.state(scene.incident), scene.told(""), scene.now) == {}


def test_under_no_plan_and_by_words_nothing_moves(scene: Reminded) -> None:
    scene.aware()
    assert running(scene.state(scene.incident), Told(), scene.now) == {}
    drafts = scene.do(WriteLog(incident=scene.incident, text="x"), ANA).drafts
    assert follow(scene.states, scene.states, drafts, scene.context(ANA), scene.told("")) == ()
    asked = scene.entries[scene.incident][0]
    assert tick(scene.states, asked, scene.context(ANA), scene.told("")) == ()


def test_a_timer_costs_at_most_200_bytes(scene: Reminded) -> None:
    scene.aware()
    (item,) = scene.waiting(scene.incident, PURPOSE)
    assert len(item.model_dump_json(exclude_defaults=True)) <= 200
    assert to_bytes(scene.state(scene.incident))


STEPS = st.lists(
    st.tuples(st.sampled_from(["aware", "answer", "file", "withdraw", "hours", "hold"]), st.integers(0, 5)),
    max_size=8,
)


@given(STEPS)
def test_whatever_happens_each_running_clock_has_one_timer(steps: list[tuple[str, int]]) -> None:
    scene = Reminded(EVERY)
    for step, number in steps:
        try:
            match step:
                case "aware":
                    scene.aware(13 * number)
                case "answer":
                    scene.answered("significant", ("yes", "no", "unknown")[number % 3])
                case "file":
                    scene.filed("late", "nis2-23", ("early-warning", "notification")[number % 2])
                case "withdraw":
                    seq = scene.state(scene.incident).slice(OWED).anchors["aware"][-1].seq
                    scene.act(WithdrawAnchor(incident=scene.incident, anchor=seq, reason="x"))
                case "hold":
                    until = stored(scene.now + timedelta(hours=1 + 30 * number))
                    scene.act(
                        HoldBack(incident=scene.incident, obligation="nis2-23", stage="early-warning",
                                 until=until, reason="x")
                    )  # fmt: skip
                case _:
                    scene.wait(11 * 60 * number)
        except (MusterError, KeyError):
            continue
        scene.door()
        clocks = running(scene.state(scene.incident), scene.told(""), scene.now)
        timers = scene.waiting(scene.incident, PURPOSE)
        assert len(timers) == len({one.about for one in timers})
        to_come = {key: one.following(scene.now) for key, one in clocks.items()}
        assert {one.about: from_stored(one.due) for one in timers} == {
            key: at for key, at in to_come.items() if at is not None
        }
        calls = scene.calls(scene.incident)
        assert len(calls) == len(set(calls))
