"""The work of an incident as people see it."""

from muster.app import work_view
from muster.app.work_view import WorkView
from muster.core.people import Actor
from muster.respond.correction import CorrectWork
from muster.respond.facts import StateFact
from muster.respond.milestones import Claimed, ClaimMilestone, NoteSeenAgain
from muster.respond.outages import LoseService, RestoreService
from muster.respond.posture import Posture, SetPosture
from muster.respond.tasks import AcceptTask, GiveTask, ReportTask
from tests.access.world import ANA, BEN, CARO
from tests.app.looking import looking
from tests.respond.work_scene import WorkScene


def seen(scene: WorkScene, incident: str, who: Actor = ANA) -> WorkView:
    view = work_view.view(looking(scene, incident, scene.told(incident), who))
    assert work_view.needs(scene.state(incident)) >= {task.seq for task in view.tasks}
    return view


def test_tasks_with_their_newest_words_mine_first() -> None:
    scene = WorkScene()
    incident = scene.declared()
    give = {"incident": incident, "minutes": 30}
    first = scene.answer(GiveTask.model_validate(give | {"text": "Look", "owner": BEN.account}))["task"]
    second = scene.answer(GiveTask.model_validate(give | {"text": "Call", "owner": ANA.account}))["task"]
    scene.do(CorrectWork(incident=incident, corrects=first, text="Look twice"), ANA)
    scene.do(ReportTask(incident=incident, task=first, text="Half"), BEN)
    one, two = seen(scene, incident).tasks
    assert (one.seq, one.mine, one.may_end, one.accepted) == (second, True, True, True)
    assert (two.seq, two.text, two.corrected, two.report) == (first, "Look", "Look twice", "Half")
    assert (two.owner, two.mine, two.accepted, two.version) == ("Ben", False, False, 2)
    assert {task.late for task in seen(scene, incident).tasks} == {""}
    scene.wait(30)
    assert {task.late for task in seen(scene, incident).tasks} == {"its time box is over"}
    scene.do(AcceptTask(incident=incident, task=first, expected=2), BEN)
    assert seen(scene, incident, BEN).tasks[0].accepted
    assert not seen(scene, incident, CARO).tasks[0].may_end


def test_a_task_whose_words_are_hidden_is_told_as_hidden() -> None:
    scene = WorkScene()
    incident = scene.declared()
    seq = scene.answer(GiveTask(incident=incident, text="hunter2", owner=BEN.account))["task"]
    view = work_view.view(looking(scene, incident, scene.told(incident), hidden={seq}))
    assert view.tasks[0].text == "(hidden)"
    assert "hunter2" not in view.model_dump_json()


def test_milestones_keep_every_claim() -> None:
    scene = WorkScene()
    incident = scene.declared()
    scene.do(StateFact(incident=incident, text="Cut off", source="x"), ANA)
    fact = scene.state(incident).seq
    claim = ClaimMilestone(incident=incident, milestone=Claimed.CONTAINED, shown_by=(fact,), text="It holds")
    scene.do(claim, ANA)
    view = seen(scene, incident)
    (one,) = view.milestones
    assert (one.milestone, one.stands) == ("contained", True)
    assert (one.claims[0].shown_by, one.claims[0].reason, one.claims[0].who) == ((fact,), "It holds", "Ana")
    assert "contained" not in view.unclaimed
    scene.do(NoteSeenAgain(incident=incident, text="They are back"), BEN)
    (again,) = seen(scene, incident).milestones
    assert (again.stands, again.claims[0].revoked) == (False, True)
    assert "contained" in seen(scene, incident).unclaimed


def test_lost_services_in_the_order_of_coming_back() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    for service in ("customer-portal", "order-database"):
        scene.do(LoseService(incident=incident, service=service), ANA)
    first, second = seen(scene, incident).lost
    assert (first.service, first.title, first.place) == ("order-database", "Order database", 1)
    assert (second.service, second.place, second.waits_for) == ("customer-portal", None, ("order-database",))
    scene.do(RestoreService(incident=incident, service="order-database"), ANA)
    view = seen(scene, incident)
    assert [one.service for one in view.lost] == ["customer-portal"]
    assert view.restored[0][0] == "order-database"
    assert ("mail", "Mail") in [(name, title[:4]) for name, title in view.services]


def test_the_posture_and_who_commands() -> None:
    scene = WorkScene()
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.do(SetPosture(incident=incident, posture=Posture.WATCH, reason="x", expected=0), ANA)
    view = seen(scene, incident)
    assert (view.posture.posture, view.posture.quiet, view.posture.version) == ("watch", True, 1)
    assert view.commands
    assert not seen(scene, incident, BEN).commands


def test_of_many_tasks_the_first_due_are_shown_and_the_rest_counted() -> None:
    scene = WorkScene()
    incident = scene.declared()
    for number in range(work_view.MOST_TASKS + 3):
        scene.do(GiveTask(incident=incident, text=f"Task {number}", owner=BEN.account), ANA)
    view = seen(scene, incident)
    assert (len(view.tasks), view.tasks_more) == (work_view.MOST_TASKS, 3)
    assert len(work_view.needs(scene.state(incident))) == work_view.MOST_TASKS
