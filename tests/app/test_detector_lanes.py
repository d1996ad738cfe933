"""A detector reports hits of a drill's events in the drill's lane, by a token of its own; nobody else gets one."""

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.errors import BadInput, Denied, NotFound
from muster.core.people import Actor, Scope, Through
from tests.app.stage import Stage


def detector(stage: Stage) -> Caller:
    ada = stage.people["ada"]
    account = stage.do(Verb.PROGRAM, ada, name="Detection", sign_in="probe")["account"]
    return Caller(Actor(str(account), through=Through.WEBHOOK, scopes=frozenset({Scope.REPORT_HITS})))


def test_one_token_for_one_drill(stage: Stage) -> None:
    drill = stage.do(Verb.START_DRILL, stage.people["ana"], exercise="A night")["drill"]
    caller = detector(stage)
    secret = stage.muster.detector_lanes.token(caller, f"drill:{drill}")
    minted = stage.entries("token.minted")[-1]
    assert secret.startswith("mst_")
    assert (minted.body.account, minted.body.lane, minted.body.scope) == (
        caller.actor.account, f"drill:{drill}", Scope.REPORT_HITS,
    )  # fmt: skip


def test_who_may_not_report_hits_gets_none_and_a_drill_that_is_not_there_is_refused(stage: Stage) -> None:
    with pytest.raises(Denied):
        stage.muster.detector_lanes.token(stage.people["caro"].caller, "drill:DRL-7Q4KM2")
    with pytest.raises((NotFound, BadInput)):
        stage.muster.detector_lanes.token(detector(stage), "drill:DRL-000000")
