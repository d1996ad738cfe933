"""Re-pinning: an open incident goes on under the plan in force, with the reason; its runs keep their version."""

from dataclasses import replace

import pytest

from muster.access.known import PlanKnown
from muster.core.errors import MusterError
from muster.plan.builtin import COMMIT
from muster.record.context import PlanCommits
from muster.record.decision import Decision
from muster.record.state import StreamState
from muster.respond.incident import ReasonGiven
from muster.respond.progress import StandDown
from muster.respond.repinning import IncidentRepinned, Repin, repin
from tests.access.world import ANA
from tests.plan.shop_plan import plan
from tests.respond.work_scene import WorkScene

OLD, NEW = "1" * 40, "2" * 40
KNOWN = PlanKnown(in_force=plan().in_force)


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene()


def repinned(
    scene: WorkScene, incident: str, in_force: str = NEW, pinned: str = OLD, known: PlanKnown = KNOWN
) -> Decision:
    states: dict[str, StreamState] = {incident: replace(scene.state(incident), pinned=pinned)}
    context = replace(scene.context(ANA), plans=PlanCommits(in_force, in_force))
    return repin(states, Repin(incident=incident, reason="The new step helps"), context, known)


def refused(scene: WorkScene, incident: str, **more: str | PlanKnown) -> str:
    with pytest.raises(MusterError) as caught:
        repinned(scene, incident, **more)  # pyright: ignore[reportArgumentType] - what a test gives fits
    return caught.value.line()


def test_it_names_both_and_the_reason(scene: WorkScene) -> None:
    incident = scene.declared()
    decision = repinned(scene, incident)
    moved, reason = decision.drafts
    assert moved.body == IncidentRepinned(commit=NEW, former=OLD)
    assert moved.pinned == NEW
    assert isinstance(reason.body, ReasonGiven)
    assert reason.body.text == "The new step helps"
    assert reason.refs[0].seq == scene.state(incident).seq + 1
    assert decision.answer == {"pinned": NEW, "former": OLD}


def test_not_without_a_change(scene: WorkScene) -> None:
    assert "already" in refused(scene, scene.declared(), pinned=NEW)


def test_not_to_a_plan_that_cannot_be_read(scene: WorkScene) -> None:
    assert "cannot be read" in refused(scene, scene.declared(), known=PlanKnown())
    back = repinned(scene, scene.declared(), in_force=COMMIT, known=PlanKnown())
    assert back.answer["pinned"] == COMMIT


def test_not_after_its_end(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    assert "stood" in refused(scene, incident)
