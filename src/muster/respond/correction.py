"""Corrections of tasks and decisions, by addition only, as lines of the log have them (INV-06)."""

from muster.access.command import Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States
from muster.respond.decisions import DECISIONS
from muster.respond.incident import still_open
from muster.respond.tasks import TASKS
from muster.respond.work import InIncident, Work, WorkCorrected


class CorrectWork(InIncident):
    """Say what a task or decision should have said; the first words stay readable beside yours."""

    corrects: Seq
    text: Text


def correct(states: States, command: CorrectWork, _context: Context, _known: Known) -> Decision:
    """work.corrected. Whoever still sees the old words of a task gets a conflict. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    decisions = state.slice(DECISIONS)
    if command.corrects not in {*state.slice(TASKS).pending, *decisions.pending, *decisions.made}:
        raise Refused(
            "This number is no open task and no decision that holds.",
            "corrects",
            "Take its number from the list; correct everything else by a line of the log.",
        )
    ref = Ref("corrects", command.incident, command.corrects)
    draft = Draft(command.incident, WorkCorrected(text=command.text), (ref,))
    return Decision((draft,), {"seq": state.seq + 1, "corrects": command.corrects})


WORK = (
    Work("correct", "Correct the words of a task or decision.", Standing.RESPONDER, CorrectWork, correct),
)
