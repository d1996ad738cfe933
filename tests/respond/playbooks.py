"""Small playbooks for the stories of runs, and a scene that follows them."""

from datetime import date
from typing import Any

from muster.plan.playbooks import Playbook
from muster.respond.ground import Told
from muster.respond.running import FinishStep, StartRun, Tick
from muster.respond.runs import RUNS, Run
from tests.access.world import ANA
from tests.plan.shop_plan import plan
from tests.respond.work_scene import MUSTER, WorkScene


def step(kind: str, role: str = "commander", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "phase": "contain", "role": role, "do": f"Do the {kind}", **more}


def small(first: str, **steps: dict[str, Any]) -> Playbook:
    """A playbook of these steps; an end named `done` is added."""
    named = {name.replace("_", "-"): one for name, one in steps.items()}
    return Playbook.model_validate(
        {
            "title": "A small one", "purpose": "To try", "owner": "commander", "reviewed_on": date(2026, 11, 1),
            "trigger": {}, "roles": ["commander"], "starts_with": first,
            "steps": {**named, "done": step("end")},
        }
    )  # fmt: skip


class RunScene(WorkScene):
    """A scene whose plan has one more playbook, called `small`."""

    def __init__(self, playbook: Playbook) -> None:
        super().__init__(planned=True)
        self.playbook = playbook
        self.incident = self.declared()
        self.lines = {
            ("playbooks/small.yaml", f"steps.{name}"): n for n, name in enumerate(playbook.steps, 12)
        }

    def told(self, incident: str) -> Told:
        before = super().told(incident)
        agreed = plan().pinned
        pinned = agreed.model_copy(update={"playbooks": {**agreed.playbooks, "small": self.playbook}})
        return Told(
            pinned=pinned, in_force=before.in_force, accounts=before.accounts, lines=self.lines,
            recomputed=before.recomputed, proposals=before.proposals,
        )  # fmt: skip

    def started(self) -> int:
        return int(self.answer(StartRun(incident=self.incident, playbook="small"), ANA)["run"])

    def run(self, seq: int) -> Run:
        return self.state(self.incident).slice(RUNS).running[seq]

    def live(self, seq: int) -> dict[str, str]:
        """The steps under way, each with its state."""
        runs = self.state(self.incident).slice(RUNS).running
        return {name: one.state.value for name, one in runs[seq].live.items()} if seq in runs else {}

    def finish(self, seq: int, name: str, choice: str | None = None) -> None:
        self.do(FinishStep(incident=self.incident, run=seq, step=name, choice=choice), ANA)

    def tick(self, seq: int) -> int:
        """Ticks a run, and how many entries came of it."""
        return len(self.do(Tick(incident=self.incident, run=seq), MUSTER).drafts)
