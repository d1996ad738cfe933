"""The town: an account for everybody of the plan, each with a session of their own, and the plan approved as it was read."""

from collections.abc import Mapping
from typing import Any

import pytest

from muster import demo_town
from muster.demo_town import APPROVES, settle
from muster.rehearse.shop import EVERYBODY


class Away:
    """Clients of a made-up server; what they did is kept, with who did it."""

    did: list[tuple[str, str, Mapping[str, Any]]]

    def __init__(self, address: str) -> None:
        assert address == "http://localhost:1"
        self.who = ""

    def use_link(self, link: str, password: str, **names: str) -> None:
        assert len(password) >= 12
        self.who = names.get("sign_in", link.removeprefix("/link/"))

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        self.did.append((self.who, verb, dict(fields)))
        if verb != "invite":
            return {}
        return {"link": f"/link/{fields['sign_in']}", "account": f"account of {fields['sign_in']}"}

    def get(self, path: str) -> dict[str, Any]:
        assert path == "plan/versions/head"
        return {"commit": "c" * 40, "sha256": "5" * 64}


def test_everybody_has_an_account_and_the_plan_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    Away.did = []
    monkeypatch.setattr(demo_town, "Client", Away)

    town = settle("http://localhost:1", "/link/first")

    assert list(town.clients) == [person.key for person in EVERYBODY]
    assert town.accounts["robin-vale"] == "account of robin-vale"
    assert town.visitor_link == "/link/visitor"
    invited = [fields for who, verb, fields in Away.did if verb == "invite" and who == "ida"]
    assert [fields.get("person") for fields in invited] == [*(person.key for person in EVERYBODY), None]
    (approved,) = [one for one in Away.did if one[1] == "approve-plan"]
    assert approved == (APPROVES, "approve-plan", {"commit": "c" * 40, "sha256": "5" * 64, "expected": 0})


def test_who_approves_is_one_of_the_town() -> None:
    assert APPROVES in {person.key for person in EVERYBODY}
