"""What is done when something comes due: the rule of its purpose, in the same transaction as the timer's end."""

from pathlib import Path

from muster.access.verbs import Verb
from muster.app.ticks import CALL, Ticking, tick_of
from muster.core.time import stored
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry
from muster.record.state import States
from muster.respond.log import LogWritten
from muster.respond.timers import TimerSet
from muster.store.due import DueRow
from tests.app.stage import SERVER_CALLER, peopled
from tests.app.test_door import write


def row(kind: str, name: str = "review") -> DueRow:
    return DueRow("INC-000000", 4, kind, name, "real", "waiting", "", "", 0, "")


def test_calls_have_their_rule_and_timers_theirs() -> None:
    assert tick_of({}, row("call")) is CALL
    reading = Ticking(lambda *_: (), lambda stream: (f"{stream}-other",))
    assert tick_of({"review": reading}, row("timer")).reads("x") == ("x-other",)
    assert tick_of({}, row("timer")).reads("x") == ()


def test_a_rule_of_a_purpose_writes_beside_the_timers_end(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    stream = str(stage.do(Verb.DECLARE, stage.people["ana"], what="It is slow")["incident"])

    def remind(_states: States, entry: Entry, _context: Context, _known: Known) -> tuple[Draft, ...]:
        assert isinstance(entry.body, TimerSet)
        return (Draft(stream, LogWritten(text=f"Review {entry.body.data['of']}")),)

    stage.muster.door.ticks = {"review": Ticking(remind)}
    write(
        stage, stream, Draft(stream, TimerSet(purpose="review", due=stored(stage.clock()), data={"of": "it"}))
    )
    assert stage.muster.door.look() == 1
    assert [one.header.kind for one in stage.entries(stream=stream)[-2:]] == ["timer.fired", "log.written"]
    assert stage.entries(stream=stream)[-1].header.who == SERVER_CALLER.actor.account
    stage.close()
