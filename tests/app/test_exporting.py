"""Exports through the server: on the record before they are given out, whole as far as one may see."""

import io
import zipfile
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.core.errors import Denied, NotFound, Unavailable
from tests.app.stage import Stage


def streams(stage: Stage, name: str, code: str) -> set[str]:
    made = stage.muster.exporting.export(stage.people[name].caller, code)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        names = archive.namelist()
    return {
        one.removeprefix("streams/").removesuffix(".jsonl") for one in names if one.startswith("streams/")
    }


def test_an_incident_comes_with_its_signals_and_is_on_the_record(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"]
    incident = stage.do(Verb.DECLARE, ana, what="x", signal=signal)["incident"]
    last = stage.entries(stream=incident)[-1].header.seq
    assert streams(stage, "ana", incident.lower()) == {incident, signal}
    (entry,) = stage.entries("access.exported")
    assert entry.header.who == ana.account
    assert entry.body is not None
    assert entry.body.tree() == {"stream": incident, "seq": last, "withheld": 0}
    assert streams(stage, "ana", signal) == {signal}


def test_signals_that_one_may_not_see_are_left_out(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"]
    incident = stage.do(Verb.DECLARE, ana, what="x", signal=signal)["incident"]
    version = stage.muster.reading.signal(ana.caller, signal).secrecy_version
    stage.do(Verb.RESTRICT, ana, stream=signal, secrecy="named", expected=version)
    assert streams(stage, "ben", incident) == {incident}
    assert streams(stage, "ana", incident) == {incident, signal}


def test_who_may_not_export_leaves_no_export_behind(stage: Stage) -> None:
    incident = stage.do(Verb.DECLARE, stage.people["ana"], what="x")["incident"]
    with pytest.raises(Denied):
        streams(stage, "caro", incident)
    with pytest.raises(NotFound):
        streams(stage, "ana", "INC-000000")
    assert stage.entries("access.exported") == []


def test_what_cannot_be_recorded_is_not_exported(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = stage.do(Verb.DECLARE, stage.people["ana"], what="x")["incident"]

    def full(*_: Any, **__: Any) -> Any:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(type(stage.muster.record.ledger), "append", full)
    with pytest.raises(Unavailable):
        streams(stage, "ana", incident)
