"""The contacts that every company needs stand in the example, each with who does what."""

from muster.plan.contacts import NEEDED
from tests.plan.shop_plan import plan


def test_the_example_has_them() -> None:
    contacts = plan().in_force.contacts.contacts.values()
    assert set(NEEDED) <= {contact.kind for contact in contacts}
    assert all(contact.they_do and contact.we_do for contact in contacts)
