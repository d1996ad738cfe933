"""The proposal that a command about an action is told: the one that stands, from the record."""

from typing import Any

from muster.access.verbs import Verb
from muster.app.proposals import proposals_of
from muster.record.state import StreamState
from muster.respond.actions import ActionProposed
from muster.respond.proposing import ApproveAction
from muster.store.append import load
from tests.app.stage import Stage

FIELDS = {
    "action": "isolate-host", "decision": "disconnect", "target_kind": "host", "target": "PORTAL-01",
    "purpose": "They lose it", "harm": "Slow",
}  # fmt: skip


def told(stage: Stage, incident: str, action: int) -> dict[int, ActionProposed]:
    ledger = stage.muster.record.ledger
    command = ApproveAction(incident=incident, action=action, sha256="a" * 64)
    with ledger.database.read() as connection:
        state: StreamState = load(connection, [incident], ledger.folds, lock=False)[incident]
        return proposals_of(connection, state, command, ledger.kinds)


def test_the_one_that_stands_until_its_words_are_hidden(stage: Stage) -> None:
    ana, do = stage.people["ana"], stage.do
    incident = str(do(Verb.DECLARE, ana, what="x")["incident"])
    made: dict[str, Any] = do(Verb.PROPOSE, ana, incident=incident, **FIELDS)
    action = int(made["action"])
    assert told(stage, incident, action)[action].sha256 == made["sha256"]
    changed = do(
        Verb.CHANGE_ACTION, ana, incident=incident, change=action, expected=1, **FIELDS | {"harm": "None"}
    )
    assert told(stage, incident, action)[action].sha256 == changed["sha256"] != made["sha256"]
    assert told(stage, incident, action + 1) == {}, "no action has this number"
    last = stage.entries("action.proposed", incident)[-1].header.seq
    do(Verb.REDACT, ana, stream=incident, seq=last, reason="A password")
    assert told(stage, incident, action) == {}
