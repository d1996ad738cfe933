"""What waits for one person in an incident."""

from muster.app import mine_view
from muster.app.mine_view import MineView
from muster.core.people import Actor
from muster.respond.custody import OfferEvidence
from muster.respond.decisions import AskDecision
from muster.respond.tasks import AcceptTask, GiveTask
from tests.access.world import ANA, BEN, CARO
from tests.app.looking import looking
from tests.app.test_custody_view import received
from tests.respond.playbooks import RunScene, small, step
from tests.respond.test_carrying_out import proposed
from tests.respond.work_scene import WorkScene


def seen(scene: WorkScene, incident: str, who: Actor = ANA) -> MineView:
    return mine_view.view(looking(scene, incident, scene.told(incident), who))


def test_tasks_decisions_and_evidence_wait_for_whom_they_are_for() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    scene.commanded(incident, ANA)
    give = {"incident": incident, "text": "Look", "owner": BEN.account, "minutes": 30}
    task = scene.answer(GiveTask.model_validate(give))["task"]
    scene.do(AskDecision(incident=incident, text="Cut it off?"), BEN)
    exhibit = received(scene, incident)
    scene.do(OfferEvidence(incident=incident, evidence=exhibit, to=BEN.account, expected=1), ANA)
    mine, theirs = seen(scene, incident), seen(scene, incident, BEN)
    assert [one.text for one in mine.asked] == ["Cut it off?"]
    assert (theirs.asked, mine.given, mine.offered) == ((), (), ())
    assert ([one.text for one in theirs.given], theirs.offered) == (["Look"], (exhibit,))
    scene.do(AcceptTask(incident=incident, task=task, expected=1), BEN)
    assert seen(scene, incident, BEN).given == ()
    scene.wait(31)
    assert [one.seq for one in seen(scene, incident, BEN).late] == [task]
    assert (seen(scene, incident).late, len(seen(scene, incident).late_tasks)) == ((), 1)
    assert {task} <= mine_view.needs(scene.state(incident), BEN.account)


def test_an_action_waits_for_whoever_may_approve_it() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    seq, _ = proposed(scene, incident)
    assert [one.seq for one in seen(scene, incident, BEN).approve] == [seq]
    assert seen(scene, incident, ANA).approve == ()
    assert seq in mine_view.needs(scene.state(incident), BEN.account)


def test_the_one_next_step_and_how_much_is_open() -> None:
    scene = RunScene(small("look", look=step("task", "legal", next="done")))
    scene.started()
    mine = seen(scene, scene.incident, CARO)
    assert mine.step is not None
    assert mine.step.do == "Do the task"
    assert seen(scene, scene.incident, BEN).step is None
    counts = mine_view.counts(looking(scene, scene.incident, scene.told(scene.incident)))
    assert (counts.runs, counts.work, counts.actions, counts.disclosure) == (1, 0, 0, 0)


def test_an_old_task_of_mine_keeps_its_words_among_many_new_ones() -> None:
    scene = WorkScene()
    incident = scene.declared()
    give = {"incident": incident, "owner": BEN.account}
    seq = scene.answer(GiveTask.model_validate(give | {"text": "The old one", "minutes": 600}))["task"]
    for number in range(60):
        scene.do(
            GiveTask.model_validate(give | {"text": f"{number}", "owner": CARO.account, "minutes": 10}), ANA
        )
    wanted = mine_view.needs(scene.state(incident), BEN.account)
    assert seq in wanted
    assert len(wanted) <= 60
    assert [one.text for one in seen(scene, incident, BEN).given] == ["The old one"]
