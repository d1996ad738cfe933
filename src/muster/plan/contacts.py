"""Contacts outside: who they are to us, what they do for us, and how to reach them (SP 800-61 r3 GV.SC-08)."""

from enum import StrEnum

from muster.plan.part import Id, Line, Part
from muster.plan.people import Reachable


class ContactKind(StrEnum):
    """What somebody outside is to us."""

    POLICE = "police"
    REGULATOR = "regulator"
    CSIRT = "csirt"
    COUNSEL = "counsel"
    INSURER = "insurer"
    PRESS_OFFICE = "press-office"
    INTERNET = "internet-provider"
    CLOUD = "cloud-provider"
    PAYMENT = "payment-provider"
    VENDOR = "vendor"
    FORENSICS = "forensics"
    CUSTOMER = "key-customer"


NEEDED = (ContactKind.POLICE, ContactKind.REGULATOR, ContactKind.COUNSEL)


class Contact(Reachable):
    """Somebody outside. they_do / we_do: who does what in an incident, so that nobody waits for the other."""

    kind: ContactKind
    about: Line
    they_do: Line
    we_do: Line
    reference: Line | None = None


class Contacts(Part):
    """The file contacts.yaml."""

    contacts: dict[Id, Contact]
