"""Every name that points to nothing is found, at its line, with the nearest name that there is."""

import pytest

from muster.plan.lints.references import Kind, known, references
from tests.plan.shop_plan import Broken, assert_found_alone, one, plan

PORTAL, WEB, STOLEN, GDPR, NORDWIND = (
    "services/customer-portal.yaml",
    "playbooks/web-intrusion.yaml",
    "playbooks/stolen-credentials.yaml",
    "obligations/gdpr-art-33.yaml",
    "obligations/nordwind-contract.yaml",
)
BROKEN = (
    one("unknown-role", "facts.yaml", "answered_by: scribe", "answered_by: skribe"),
    one("unknown-person", PORTAL, "deputy_owner: robin-vale", "deputy_owner: robin-vail"),
    one("unknown-contact", NORDWIND, "recipients: [nordwind]", "recipients: [nordwint]"),
    one("unknown-anybody", PORTAL, "contacts: [jonas-eklund, robin-vale]", "contacts: [jonas-eklund, kassa]"),
    one("unknown-service", PORTAL, "  order-database: Orders", "  order-databse: Orders"),
    one("unknown-fact", GDPR, "facts: [measures]", "facts: [measure]"),
    one("unknown-field", "required.yaml", "    how-they-came-in: investigator", "    how-they-came-inn: investigator"),
    one("unknown-template", GDPR, "template: authority-art-33", "template: authority-art-34"),
    one("unknown-playbook", "drills/portal-break-in.yaml", "playbooks: [web-intrusion]", "playbooks: [web-intrusions]"),
    one("unknown-obligation", WEB, "obligation: gdpr-art-33", "obligation: gdpr-art33"),
    one("unknown-decision", WEB, "decision: disconnect", "decision: disconect"),
    one("unknown-path", "calling.yaml", "  signal: technical", "  signal: tecnical"),
    one("unknown-step", STOLEN, "    next: clean-up", "    next: cleanup", at="    next: cleanup"),
    one("unknown-option", WEB, "    default: evict", "    default: evikt"),
    one("unknown-stage", NORDWIND, "    after: notice", "    after: notise"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    assert_found_alone(broken)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_the_nearest_name_is_offered(broken: Broken) -> None:
    (found,) = broken.found()
    if broken.rule != "unknown-anybody":
        assert found.mend.startswith("Did you mean `")


def test_every_kind_of_reference_stands_in_the_example_and_leads_somewhere() -> None:
    found = list(references(plan()))
    there = known(plan())
    assert {reference.kind for reference in found} == set(Kind)
    assert all(reference.name in (there.get(reference.kind) or reference.among) for reference in found)
    assert len(found) > 400
