"""No rule dead in silence: a field removed, a rule that breaks, a source that falls silent: each is named."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from muster.app.detector import Detector
from muster.app.log_sources import HoleKind, RegisterView, meets
from muster.app.plan_versions import version_of
from muster.app.seen_words import SeenSource
from muster.app.world import Snapshot
from muster.cli_files import example
from muster.plan.services import LogSource
from muster.record.context import PlanCommits
from muster.store.archive import Archive
from muster.store.data_folder import DataFolder
from tests.app.stage import Stage, peopled
from tests.detect.test_faults import Broken

ODD = """title: Odd sign-in
logsource: {product: keycloak, service: events}
detection: {sel: {type: LOGIN_ERROR, ipAddress: 198.51.100.7}, condition: sel}
"""
ROOT = """title: Root signs in
logsource: {product: keycloak, service: events}
detection: {sel: {user: root}, condition: sel}
"""
STATED = {"logsource.product": "keycloak", "logsource.service": "events"}
SIGN_IN = {
    **STATED,
    "type": "LOGIN_ERROR",
    "ipAddress": "198.51.100.7",
    "user": "root",
    "time": "2026-11-24T02:09:30Z",
}
NAME = "sign-ins of identity-provider"


@dataclass
class Answering:
    """The server as the detector speaks to it, without a socket; hits are let go."""

    stage: Stage

    def get(self, path: str, **query: str) -> Mapping[str, Any]:
        read = self.stage.muster.rules.read()
        known = query["known"] == read.version
        return {"version": read.version, "files": None if known else dict(read.files), "ignores": {}}

    def post(self, path: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        if path == "detector":
            self.stage.muster.health.detector_says(json.loads(json.dumps(fields)), self.stage.clock())
        return {"secret": "x"}

    def verb(self, verb: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    def with_token(self, secret: str) -> "Answering":
        return self

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Watch:
    """A server with its detector, the plan of the example in force."""

    stage: Stage
    detector: Detector
    number: int = 0

    def rule(self, name: str, text: str) -> None:
        folder = self.stage.muster.rules.places[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        self.detector.take_rules()

    def send(self, *events: Mapping[str, Any] | bytes) -> RegisterView:
        """Events come and are matched, the detector tells; the register then."""
        self.number += 1
        data = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in events)
        spool = self.detector.spool
        spool.put(data, token="0", batch=f"w{self.number}", lane="real", now=self.stage.clock())
        while self.detector.work_once():
            pass
        return self.tell()

    def tell(self) -> RegisterView:
        self.detector.say()
        return self.stage.muster.log_sources.register(self.stage.people["ana"].caller)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    stage = peopled(tmp_path, detector=True)
    snapshot = Snapshot(PlanCommits("c", "c"), version_of("c", example()))
    object.__setattr__(stage.muster.world, "now", lambda: snapshot)
    folder = DataFolder(stage.muster.settings.data)
    detector = Detector(
        Answering(stage),  # pyright: ignore[reportArgumentType] - it answers alike
        stage.muster.events.spool,
        30,
        Archive(str(folder.archive)),
    )
    made = Watch(stage, detector)
    made.rule("odd.yml", ODD)
    made.rule("root.yml", ROOT)
    yield made
    stage.close()


def of(register: RegisterView, kind: HoleKind) -> list[str]:
    return [hole.sentence for hole in register.holes if hole.kind is kind]


def named(register: RegisterView, name: str = NAME) -> Any:
    return next(one for one in register.planned if one.name == name)


def test_a_source_is_alive_with_its_rate_lag_fields_and_rules(watch: Watch) -> None:
    before = named(watch.tell())
    assert (before.state, before.events, before.last) == ("never seen", 0, None)
    register = watch.send(SIGN_IN, SIGN_IN)
    one = named(register)
    assert (one.state, one.events, one.rules_count) == ("alive", 2, 2)
    assert (one.last, one.last_event, one.lag_seconds) == (
        "2026-11-24T02:10:00.000000Z", "2026-11-24T02:09:30Z", 30,
    )  # fmt: skip
    assert {"type", "ipAddress", "user"} <= set(one.fields)
    assert one.owner == "tomas-brandt"
    assert not [hole for hole in register.holes if hole.about == NAME]
    assert of(register, HoleKind.FIELDS) == []


def test_each_thing_that_goes_wrong_is_named_in_the_api_and_on_the_page(watch: Watch) -> None:
    stage, ana = watch.stage, watch.stage.people["ana"]
    watch.send(SIGN_IN)

    # The source delivers a field no more: a detector that begins anew sees only what comes now.
    watch.detector.seen = type(watch.detector.seen)()
    without = {name: value for name, value in SIGN_IN.items() if name != "ipAddress"}
    (missing,) = of(watch.send(without), HoleKind.FIELDS)
    assert "Odd sign-in" in missing
    assert "ipAddress" in missing

    # A rule breaks: one in its file, one while it matches; the other one goes on.
    watch.rule(
        "torn.yml",
        "title: Torn\nlogsource: {product: keycloak}\ndetection: {sel: {a|nothing: 1}, condition: sel}\n",
    )
    ruleset = watch.detector.ruleset
    assert ruleset is not None
    broken = [
        replace(one, program=Broken(), required=frozenset[int]())  # pyright: ignore[reportArgumentType] - it answers as a node does
        if one.rule.title == "Root signs in" else one
        for one in ruleset.loaded
    ]  # fmt: skip
    watch.detector.ruleset = replace(ruleset, loaded=tuple(broken))
    register = watch.send(without, b"no json")
    assert any("Torn" in sentence for sentence in of(register, HoleKind.NOT_LOADED))
    (raised,) = of(register, HoleKind.RULE_RAISES)
    assert "Root signs in raised in 1 batch" in raised
    assert "ZeroDivisionError" in raised
    assert of(register, HoleKind.UNREADABLE) == ["1 line could not be read: not JSON."]

    # The source falls silent.
    stage.clock.turn(hours=25)
    register = watch.tell()
    assert named(register).state == "silent since 2026-11-24T02:10:00.000000Z"
    (silent,) = of(register, HoleKind.SILENT)
    assert silent.startswith(f"{NAME} is silent since 2026-11-24")

    told = stage.get("log-sources", ana).json()
    listed = [hole["sentence"] for hole in stage.get("holes", ana).json()]
    for sentence in (missing, raised, silent):
        assert sentence in [hole["sentence"] for hole in told["holes"]]
        assert sentence in listed


def test_events_that_no_rule_reads_and_of_no_known_shape_are_named(watch: Watch) -> None:
    register = watch.send({"a": 1}, {"logsource.product": "printer", "b": 2})
    assert of(register, HoleKind.UNKNOWN_SHAPE)
    assert "No rule reads printer." in of(register, HoleKind.NO_RULE)
    assert {one.name for one in register.others} == {"printer", "events of shape unknown"}


def test_windows_events_meet_what_the_plan_calls_their_channel() -> None:
    came = SeenSource(
        lane="real", shape="windows", channel="security", product="windows", services=("security",),
        events=1, first="2026-11-24T02:10:00.000000Z", last="2026-11-24T02:10:00.000000Z",
    )  # fmt: skip
    log = LogSource(what="W", owner="o", keeps_days=1, integrity="i", product="Windows", service="Security")
    assert meets(log, came)
    assert not meets(log.model_copy(update={"service": "system"}), came)
    assert not meets(log.model_copy(update={"product": None, "service": None}), came)


def test_another_lane_sees_nothing_of_it(watch: Watch) -> None:
    watch.send(SIGN_IN)
    ana = watch.stage.people["ana"].caller
    drill = replace(ana, actor=replace(ana.actor, lane="drill:DRL-1"))
    assert watch.stage.muster.log_sources.register(drill).others == ()
