"""The people of the demo: an account each, tied to a person of the plan; and the plan is approved by whom it names."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from muster.client import Client
from muster.rehearse.shop import EVERYBODY

APPROVES = "claire-fontaine"


@dataclass(frozen=True)
class Town:
    """A client and an account for each person, who administers, and what a person who looks around may use."""

    admin: Client
    clients: Mapping[str, Client]
    accounts: Mapping[str, str]
    visitor_link: str


def settle(address: str, first_link: str) -> Town:
    """Makes the administrator, everybody of the plan, and a visitor; and puts the plan in force."""
    admin = Client(address)
    admin.use_link(first_link, secrets.token_urlsafe(18), name="Ida Berg", sign_in="ida")
    clients: dict[str, Client] = {}
    accounts: dict[str, str] = {}
    for person in EVERYBODY:
        fields = {"name": person.name, "sign_in": person.key, "person": person.key, "duties": ["responder"]}
        made = admin.verb("invite", fields)
        client = Client(address)
        client.use_link(made["link"], secrets.token_urlsafe(18))
        clients[person.key], accounts[person.key] = client, made["account"]
    signs = clients[APPROVES]
    version = signs.get("plan/versions/head")
    signs.verb("approve-plan", {"commit": version["commit"], "sha256": version["sha256"], "expected": 0})
    visitor = admin.verb(
        "invite", {"name": "Visitor", "sign_in": "visitor", "duties": ["administrator", "responder"]}
    )
    return Town(admin, clients, accounts, visitor["link"])
