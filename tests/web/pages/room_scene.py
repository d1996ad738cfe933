"""A room in which everything has happened once: for its pages, their pictures, and what is counted."""

from typing import TYPE_CHECKING, Any

from muster.access.verbs import Verb
from tests.app.planned import approve

if TYPE_CHECKING:
    from tests.web.pages.conftest import House

SHA = "ab" * 32
PERSONS = {"ben": "ines-caruso", "anna": "noor-lindgren"}
ACTION = {
    "action": "disconnect",
    "decision": "disconnect",
    "target_kind": "service",
    "target": "customer-portal",
    "purpose": "Data is leaving through it",
    "harm": "Nobody can order",
    "undo": "Plug it in again",
    "minutes": 120,
}


def in_the_plan(house: "House", commit: str) -> None:
    """Ties ben and anna to persons of the plan and puts it in force."""
    approve(house.muster, commit, {person: house.accounts[name] for name, person in PERSONS.items()})


def commanded(house: "House", what: str = "Data leaves through the shop") -> str:
    """An incident that anna commands, with ben as deputy."""
    code = house.incident(what)
    house.do(Verb.OFFER, incident=code, role="commander", to=house.accounts["anna"])
    version = house.do(Verb.OFFER, incident=code, role="deputy", to=house.accounts["ben"])["version"]
    house.do(Verb.ACCEPT, "ben", incident=code, role="deputy", expected=version)
    return code


def worked(house: "House", code: str, words: str = "Save the logs of web-1") -> dict[str, Any]:
    """Tasks, decisions, evidence, milestones, services and posture; answers the numbers of what was made."""
    on = {"incident": code}
    fact = house.do(Verb.FACT, **on, text=f"A key was used from outside. {words}", source=words[:150])["seq"]
    house.do(Verb.ASSUME, **on, text=words)
    task = house.do(Verb.TASK, **on, text=words, owner=house.accounts["ben"], minutes=45)["task"]
    house.do(Verb.CHECK_BACK, "ben", **on, task=task, text=words)
    house.do(Verb.TASK, **on, text=f"Call the host. {words}", owner=house.accounts["anna"], hands_on=False)
    asked = house.do(Verb.ASK_DECISION, "ben", **on, text=words, options=["cut it off", "watch"])["decision"]
    made = house.do(Verb.DECIDE, **on, text=words, reason=words, objections=words)["decision"]
    house.do(Verb.CORRECT, **on, corrects=made, text=words)
    received = {"sha256": SHA, "size": 4096, "name": words[:150], "place": "web-1", "of": ["web-1"]}
    exhibit = house.do(Verb.EVIDENCE, **on, **received, text=words)["evidence"]
    house.do(Verb.PASS_ON, **on, evidence=exhibit, to=house.accounts["ben"], expected=1)
    house.do(Verb.MILESTONE, **on, milestone="contained", shown_by=[fact], text=words)
    house.do(Verb.REVOKE_MILESTONE, **on, milestone="contained", reason=words)
    house.do(Verb.POSTURE, **on, posture="watch", reason=words, expected=0)
    return {"fact": fact, "task": task, "asked": asked, "made": made, "exhibit": exhibit}


def filled(house: "House", words: str = "Save the logs of web-1") -> str:
    """An incident under the example plan in which everything has happened once; answers its code."""
    code = commanded(house, words)
    on = {"incident": code}
    fact = worked(house, code, words)["fact"]
    for service in ("order-database", "customer-portal"):
        house.do(Verb.LOST, **on, service=service)
    house.do(Verb.RUN, **on, playbook="web-intrusion")
    house.do(Verb.RUN, **on, playbook="ransomware-or-data-theft")
    house.do(Verb.PROPOSE, "ben", **on, **ACTION)
    more = {"target": "laptop-7", "target_kind": "host", "evidence_effect": "none", "purpose": words}
    second = house.do(Verb.PROPOSE, "ben", **on, **(ACTION | more))
    house.do(Verb.APPROVE, **on, action=second["action"], sha256=second["sha256"])
    answers = {
        "personal-data": "yes",
        "risk-to-people": "high",
        "what-happened": words[:150],
        "confirmed": "yes",
    }
    for name, answer in answers.items():
        house.do(Verb.ANSWER_FACT, **on, fact=name, answer=answer, source="the log", expected=0)
    house.do(Verb.ANCHOR, **on, anchor="aware")
    house.do(Verb.DRAFT_STATEMENT, "ben", **on, template="internal-first", recipients=["noor-lindgren"])
    sentence = {"text": words, "facts": [fact]}
    house.do(Verb.DRAFT_STATEMENT, **on, audience="internal", subject=words[:150], sentences=[sentence])
    house.do(Verb.CAUSE, **on, text=words, cause="technical", evidence=[fact])
    lesson = house.do(Verb.LESSON, **on, text=words)["lesson"]
    line = {"id": "roles.yaml#/roles/scribe/title", "text": "Scribe of the night"}
    house.do(Verb.WRITE_CHANGE, lesson=lesson, expected=1, lines=[line])
    return code
