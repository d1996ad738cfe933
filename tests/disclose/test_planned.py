"""What disclosure takes from the plan."""

from pathlib import Path

import pytest

from muster import plan as plan_package
from muster.disclose.clock import ClockState
from muster.disclose.owed import clocks_of
from muster.disclose.planned import DisclosurePlan, parts_of, plan_of
from muster.disclose.publishing import DraftStatement
from muster.plan.load import load
from muster.plan.plan import Pinned
from muster.record.decision import NOTHING_KNOWN
from tests.disclose.scene import KnownPlan, Scene

ANSWERED = {
    "what-happened": "On 24 November 2026 strangers broke into our customer portal and copied orders.",
    "since-when": "2026-11-22T01:00Z",
    "noticed-when": "2026-11-24T01:00Z",
    "services-affected": "the customer portal",
    "data-kinds": "names, addresses and orders of customers",
    "people-count": "1204",
    "records-count": "unknown",
    "consequences": "Somebody may send you false invoices.",
    "measures": "We closed the way in and changed all keys.",
    "advice": "Do not pay an invoice that you do not expect.",
    "contact-point": "help@shop.example.invalid",
    "next-update": "2026-11-26T12:00Z",
    "confirmed": "yes",
    "personal-data": "yes",
    "risk-to-people": "risk",
    "nordwind-data": "yes",
}


def examples_pinned() -> Pinned:
    """The pinned half of the example plan, as it is shipped."""
    root = Path(plan_package.__file__).parent / "example"
    tree = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
    plan = load(tree).plan
    assert plan is not None
    return plan.pinned


@pytest.fixture
def examples() -> DisclosurePlan:
    return parts_of(examples_pinned())


def test_the_pinned_half_and_no_plan() -> None:
    assert plan_of(NOTHING_KNOWN) == DisclosurePlan()
    plan = plan_of(KnownPlan())
    assert (plan.domains, plan.company) == (("shop.example",), "Harbour Goods")
    assert plan.obligations.keys() == {"gdpr-33", "nis2-23", "contract-meadow"}
    assert plan.templates.keys() == {"letter", "authority"}
    assert "confirmed" in plan.facts


def test_the_example_company_can_say_everything_its_templates_ask(examples: DisclosurePlan) -> None:
    scene = Scene(KnownPlan(pinned=examples_pinned()))
    incident = scene.declared()
    for fact, answer in ANSWERED.items():
        scene.answered(incident, fact, answer)
    for name in examples.templates:
        command = DraftStatement(incident=incident, template=name, recipients=("nordwind",))
        assert scene.act(command).answer["findings"] == []
    states = {one.key: one.state for one in clocks_of(scene.state(incident), examples.obligations, scene.now)}
    assert states["gdpr-art-33/notice"] is ClockState.NOT_STARTED
