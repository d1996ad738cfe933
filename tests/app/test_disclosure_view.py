"""Disclosure as people see it: clocks with what they need, scope, and the questions of the plan."""

from muster.app import disclosure_view
from muster.app.disclosure_view import DisclosureView
from muster.core.people import Actor
from muster.disclose.filing import DeclareScope, FileNotice, RecordAnchor, WithdrawAnchor
from muster.plan.obligations import Anchor
from muster.plan.severity import YesNo
from muster.respond.ground import Told
from tests.access.world import ANA
from tests.app.looking import looking
from tests.disclose.scene import Scene
from tests.plan.shop_plan import plan

TOLD = Told(pinned=plan().pinned, in_force=plan().in_force)


def scene() -> tuple[Scene, str]:
    made = Scene(TOLD)
    return made, made.declared()


def seen(made: Scene, incident: str, who: Actor = ANA) -> DisclosureView:
    return disclosure_view.view(looking(made, incident, TOLD, who))


def concerned(made: Scene, incident: str) -> None:
    made.answered(incident, "personal-data", "yes")
    made.answered(incident, "risk-to-people", "high")


def test_what_must_be_found_out_comes_first() -> None:
    made, incident = scene()
    view = seen(made, incident)
    gdpr = next(clock for clock in view.clocks if clock.obligation == "gdpr-art-33")
    assert (gdpr.state, gdpr.needs) == ("needs-facts", ("personal-data", "risk-to-people"))
    wanted = [one.fact for one in view.questions if one.wanted]
    assert {"personal-data", "risk-to-people"} <= set(wanted)
    assert [one.wanted for one in view.questions] == sorted(
        (one.wanted for one in view.questions), reverse=True
    )
    risk = next(one for one in view.questions if one.fact == "risk-to-people")
    assert (risk.kind, risk.choices, risk.role, risk.version) == (
        "choice",
        ("unlikely", "risk", "high"),
        "privacy",
        0,
    )


def test_a_clock_runs_from_its_anchor_and_is_the_next_one() -> None:
    made, incident = scene()
    concerned(made, incident)
    assert disclosure_view.next_clock(looking(made, incident, TOLD)) is None
    made.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    seq = made.state(incident).seq
    clock = disclosure_view.next_clock(looking(made, incident, TOLD))
    assert clock is not None
    assert (clock.key, clock.state, clock.overdue) == ("gdpr-art-33/notice", "running", False)
    assert (clock.due, clock.why) == ("2026-11-27T02:10:00.000000Z", "")
    assert (clock.anchor, clock.anchor_for, clock.anchor_seq, clock.anchor_version) == ("aware", "", seq, 1)
    assert clock.law == "Regulation (EU) 2016/679 (GDPR), Article 33(1), (3) and (4)"
    assert clock.recipients == ("data-protection-authority",)
    made.wait(73 * 60)
    late = disclosure_view.next_clock(looking(made, incident, TOLD))
    assert late is not None
    assert late.overdue
    assert "should have been filed" in late.why
    made.act(WithdrawAnchor(incident=incident, anchor=seq, reason="Not so"))
    gone = next(one for one in seen(made, incident).clocks if one.key == "gdpr-art-33/notice")
    assert (gone.anchor_seq, gone.anchor_version) == (None, 1)


def test_a_filed_notice_shows_its_receipt() -> None:
    made, incident = scene()
    concerned(made, incident)
    made.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    made.act(FileNotice(incident=incident, obligation="gdpr-art-33", stage="notice", receipt="DPA-17"))
    (filed,) = [one for one in seen(made, incident).done if one.obligation == "gdpr-art-33"]
    assert (filed.state, filed.receipt) == ("satisfied", "DPA-17")
    receipt = made.state(incident).seq
    assert receipt in disclosure_view.needs(made.state(incident))
    hidden = disclosure_view.view(looking(made, incident, TOLD, hidden={receipt}))
    assert "DPA-17" not in hidden.model_dump_json()


def test_scope_as_the_plan_has_it_and_as_the_incident_declares() -> None:
    made, incident = scene()
    by_plan = next(one for one in seen(made, incident).scopes if one.obligation == "nordwind-contract")
    assert (by_plan.ours, by_plan.declared, by_plan.version) == ("yes", False, 0)
    declare = DeclareScope(incident=incident, obligation="nordwind-contract", ours=YesNo.NO, reason="No data")
    made.act(declare)
    scope = next(one for one in seen(made, incident).scopes if one.obligation == "nordwind-contract")
    assert (scope.ours, scope.declared, scope.version) == ("no", True, 1)
    assert {one.obligation for one in seen(made, incident).done} == {"nordwind-contract"}


def test_an_answer_names_its_fact_and_unknown_is_an_answer() -> None:
    made, incident = scene()
    fact = made.answered(incident, "personal-data", "yes")
    made.answered(incident, "since-when", "unknown")
    questions = {one.fact: one for one in seen(made, incident).questions}
    assert questions["personal-data"].answer == "yes"
    assert questions["personal-data"].version == 1
    assert questions["personal-data"].source is not None
    assert fact <= made.state(incident).seq
    assert (questions["since-when"].answer, questions["since-when"].unknown) == ("", True)


def test_without_a_plan_there_is_nothing_to_ask() -> None:
    made, incident = scene()
    view = disclosure_view.view(looking(made, incident, Told()))
    assert (view.clocks, view.done, view.scopes, view.questions) == ((), (), (), ())
