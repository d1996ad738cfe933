"""What comes next by itself: offers, waits, branches, loops, silence; asking twice changes nothing."""

from muster.core.people import Role
from muster.plan.playbook_walk import dry_run
from muster.plan.playbooks import Gate
from muster.respond.roles import ROLES
from muster.respond.running import AgreeToStep, FinishStep, StartRun
from muster.respond.runs import RUNS, StepDone, StepOffered
from muster.respond.stepping import branches_into, choices, chosen, due_at, may_pass, usual, whom
from tests.access.world import ANA, BEN, CARO
from tests.plan.shop_plan import plan
from tests.respond.playbooks import RunScene, small, step
from tests.respond.work_scene import WorkScene


def test_a_step_goes_to_the_holder_else_by_the_plan_else_deputy_else_commander() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    told = scene.told(incident)
    assert whom(scene.state(incident), told, "legal") == (CARO.account, False)
    assert whom(scene.state(incident), told, "operations") == (None, True)
    scene.commanded(incident, BEN)
    assert whom(scene.state(incident), told, "commander") == (BEN.account, False)
    assert whom(scene.state(incident), told, "operations") == (BEN.account, True)
    scene.handed_over(incident, Role.DEPUTY, BEN, ANA)
    assert whom(scene.state(incident), told, "operations") == (ANA.account, True)


def test_a_wait_ends_at_its_time_and_asking_twice_changes_nothing() -> None:
    scene = RunScene(
        small("wait", wait=step("timer", minutes=30, next="look"), look=step("task", next="done"))
    )
    seq = scene.started()
    assert scene.live(seq) == {"wait": "waiting"}
    assert due_at(scene.state(scene.incident).slice(RUNS).running.values()) == "2026-11-24T02:40:00.000000Z"
    scene.wait(29)
    assert scene.tick(seq) == 0
    scene.wait(1)
    assert scene.tick(seq) == 2
    assert scene.live(seq) == {"look": "offered"}
    assert scene.tick(seq) == 0
    assert due_at(scene.state(scene.incident).slice(RUNS).running.values()) is None


def test_silence_takes_the_default() -> None:
    options = {"go": {"means": "x", "next": "look"}, "stop": {"means": "y", "next": "done"}}
    ask = step("decision", options=options, default="go", within_minutes=15)
    scene = RunScene(small("ask", ask=ask, look=step("task", next="done")))
    seq = scene.started()
    scene.wait(15)
    scene.tick(seq)
    done = scene.body(scene.incident, -2)
    assert done == StepDone(step="ask", leads_to=("look",), choice="go", by_time=True)
    assert scene.live(seq) == {"look": "offered"}


def test_branches_go_on_at_once_and_wait_for_each_other() -> None:
    scene = RunScene(
        small(
            "both",
            both=step("parallel", branches=["a", "b"], join="meet"),
            a=step("task", next="meet"),
            b=step("task", "legal", next="meet"),
            meet=step("join", next="done"),
        )
    )
    assert branches_into(scene.playbook, "meet") == 2
    seq = scene.started()
    assert scene.live(seq) == {"a": "offered", "b": "offered"}
    scene.finish(seq, "a")
    assert scene.live(seq) == {"b": "offered"}
    assert scene.tick(seq) == 0
    scene.finish(seq, "b")
    assert scene.live(seq) == {"meet": "offered"}
    scene.finish(seq, "meet")
    assert scene.kinds(scene.incident)[-1] == "run.ended"


def test_a_loop_has_its_limit() -> None:
    scene = RunScene(
        small("know", know=step("repeat", body="look", most=2, next="done"), look=step("task", next="know"))
    )
    seq = scene.started()
    for _ in range(2):
        scene.finish(seq, "know", "again")
        scene.finish(seq, "look")
    assert scene.kinds(scene.incident)[-1] == "run.ended"


def test_a_step_is_offered_anew_when_its_role_changes_hands() -> None:
    scene = RunScene(small("look", look=step("task", "operations", next="done")))
    seq = scene.started()
    assert scene.run(seq).live["look"].to is None
    scene.commanded(scene.incident, BEN)
    assert scene.tick(seq) == 1
    offered = scene.body(scene.incident)
    assert offered == StepOffered(step="look", to=BEN.account, role="operations", unfilled=True)
    assert scene.tick(seq) == 0


def test_a_playbook_that_leads_nowhere_still_ends() -> None:
    scene = RunScene(small("look", look=step("task", next="nowhere")))
    seq = scene.started()
    scene.finish(seq, "look")
    assert seq not in scene.state(scene.incident).slice(RUNS).running


def test_choices_lead_where_the_plan_says() -> None:
    steps = plan().pinned.playbooks["web-intrusion"].steps
    assert choices(steps["real"]) == ("stranger", "ours")
    assert chosen("real", steps["real"], "ours").leads_to == ("stood-down",)
    assert choices(steps["contained"]) == ("worked", "did not")
    assert chosen("contained", steps["contained"], "did not").leads_to == ("reach-again",)
    assert choices(steps["data"]) == ("yes", "otherwise")
    assert chosen("data", steps["data"], "yes").leads_to == ("tell-authority",)
    assert chosen("data", steps["data"], "otherwise").leads_to == ("bring-back",)
    assert chosen("keep-watching", steps["keep-watching"], "again").loops
    assert chosen("isolate", steps["isolate"], None).undo
    assert choices(steps["confirm"]) == ()
    assert [usual(steps[name]) for name in ("done", "two-ways", "real", "data", "confirm")] == [
        (), ("capture", "reach"), ("clocks",), ("bring-back",), ("real",),
    ]  # fmt: skip


def test_who_has_a_say_at_a_gate() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    gate = plan().pinned.playbooks["web-intrusion"].steps["approve-isolation"]
    assert isinstance(gate, Gate)
    told = scene.told(incident)
    assert may_pass(scene.state(incident), told, gate, BEN.account) == "commander"
    assert may_pass(scene.state(incident), told, gate, CARO.account) is None
    scene.handed_over(incident, Role.DEPUTY, ANA, CARO)
    assert scene.state(incident).slice(ROLES).holders == {Role.DEPUTY: CARO.account}
    assert may_pass(scene.state(incident), told, gate, CARO.account) == "deputy"


def test_the_playbooks_of_the_example_company_go_the_way_of_their_dry_run() -> None:
    for name, playbook in plan().pinned.playbooks.items():
        scene = RunScene(playbook)
        scene.commanded(scene.incident, ANA)
        seq = int(scene.answer(StartRun(incident=scene.incident, playbook=name), ANA)["run"])
        walked = follow(scene, seq)
        wanted = [one for one in dry_run(playbook) if playbook.steps[one].kind not in ("end", "parallel")]
        assert sorted(walked) == sorted(wanted), name


def follow(scene: RunScene, seq: int) -> list[str]:
    """Takes the way of the dry run: silence, agreement, success, nothing known, loops at an end."""
    walked: list[str] = []
    usual_choice = {"verify": "worked", "if": "otherwise", "repeat": "enough"}
    while seq in scene.state(scene.incident).slice(RUNS).running:
        live = scene.live(seq)
        name = next((one for one, state in live.items() if state != "waiting"), None)
        if name is None:
            walked += live
            scene.wait(60 * 24)
            scene.tick(seq)
            continue
        one = scene.playbook.steps[name]
        walked.append(name)
        if one.kind == "gate":
            scene.do(AgreeToStep(incident=scene.incident, run=seq, step=name), ANA)
            continue
        choice = one.default if one.kind == "decision" else usual_choice.get(one.kind)
        scene.do(FinishStep(incident=scene.incident, run=seq, step=name, choice=choice), ANA)
    return walked
