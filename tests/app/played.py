"""The demo's night in one process: its own players, story and rules on a server of the tests; only HTTP is left out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.detector import reports
from muster.client import Problem
from muster.core.errors import MusterError
from muster.core.people import Actor, Duty, Scope, Through
from muster.demo_night import Night, start_of
from muster.demo_server import plan_of_shop
from muster.demo_town import Town
from muster.detect import ruleset as rulesets
from muster.detect.events import read
from muster.detect.grouping import group
from muster.detect.matching import match
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.ruleset import Ruleset
from muster.rehearse.clock import lane_of
from muster.rehearse.shop import EVERYBODY, review_of, second_run_of, story_of
from tests.app.stage import ADMINISTRATOR, RESPONDER, Stage, opened

TODAY = date(2026, 11, 24)
LESSON = Path(__file__).parents[2] / "src/muster/rehearse/shop/lesson/sign_in_to_console_from_outside.yml"


@dataclass
class Direct:
    """A client as the demo uses one, straight to the parts of the server."""

    stage: Stage
    caller: Caller
    rules: "Rules"

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = self.stage.muster.doing.do(Verb(verb), json.loads(json.dumps(fields)), self.caller)
        except MusterError as error:
            raise Problem(409, error.title, error.what, error.mend) from error
        if verb == "join":
            self.caller = in_lane(self.caller, str(answer["lane"]))
        if verb == "end-drill":
            self.caller = in_lane(self.caller, "real")
        found: dict[str, Any] = json.loads(json.dumps(answer))
        return found

    def get(self, path: str, **_query: object) -> Any:
        muster, (first, _, rest) = self.stage.muster, path.partition("/")
        match first:
            case "drills":
                while muster.door.look():
                    pass
                found = muster.drills.one(self.caller, rest).model_dump(mode="json")
            case "signals" if not rest:
                found = muster.reading.signals(self.caller, limit=200).model_dump(mode="json")
            case "signals":
                found = muster.reading.signal(self.caller, rest).model_dump(mode="json")
            case "incidents":
                found = muster.reading.incident(self.caller, rest).model_dump(mode="json")
            case "holes":
                found = [one.model_dump(mode="json") for one in muster.holes.now(self.caller)]
            case _:
                found = [one.model_dump(mode="json") for one in muster.plan.lessons(self.caller)]
        return found

    def with_token(self, _secret: str) -> "Direct":
        """The machines: what they log is matched at once, as the detector does, and reported in their lane."""
        return self

    def events(self, lines: bytes, _batch: str) -> None:
        ruleset = self.rules.now()
        reading = read(lines, ruleset.needs)
        grouped = group(ruleset, match(ruleset, reading.batch), reading.batch)
        for report in reports(sha256(lines).hexdigest(), reading.lines, grouped, reading.positions):
            self.stage.muster.evidence.report_hits(report, self.rules.detector, None)


@dataclass
class Rules:
    """The rules of the plan in force, compiled when they change; and who reports what they find."""

    stage: Stage
    detector: Caller
    _known: tuple[str, Ruleset | None] = ("", None)

    def now(self) -> Ruleset:
        found = self.stage.muster.rules.read()
        if self._known[0] != found.version or self._known[1] is None:
            files = {path: text.encode() for path, text in found.files.items()}
            self._known = (found.version, rulesets.compile(files, PipelineChoice()))
        assert self._known[1] is not None
        return self._known[1]


@dataclass
class Played:
    """A town of the demo, with what was said."""

    stage: Stage
    plan: Path
    town: Town
    rules: Rules
    said: list[str] = field(default_factory=list[str])

    def night(self, seed: int, **more: Any) -> Night:
        """A night that has begun, everybody in its drill."""
        night = Night(self.town, seed, start_of(TODAY), self.said.append, **more)
        drill = night.begin("A night in which the portal is broken into")
        self.rules.detector = in_lane(self.rules.detector, lane_of(drill))
        return night

    def whole(self, seed: int) -> tuple[Night, Night | None]:
        """All of the demo: the night, its review, and the second drill where the review found a hole."""
        start = start_of(TODAY)
        night = self.night(seed)
        night.play(story_of(seed, start))
        hole = night.hole()
        night.play(review_of(seed, start, hole, LESSON.read_text("utf-8")))
        night.end()
        self.back()
        if hole is None:
            return night, None
        again = self.night(seed + 1, answers=night.player.answers)
        again.play(second_run_of(seed + 1, start, again.drill, night.changed_lines()))
        again.end()
        self.back()
        return night, again

    def back(self) -> None:
        """The drill is over: everybody's session is in reality again."""
        for client in self.town.clients.values():
            client.caller = in_lane(client.caller, "real")  # pyright: ignore[reportAttributeAccessIssue] - they are Direct ones


def in_lane(caller: Caller, lane: str) -> Caller:
    """The same caller in another lane."""
    return replace(caller, actor=replace(caller.actor, lane=lane))


def played(folder: Path, rules: Path | None = None) -> Played:
    """A server with the plan of the shop in force and everybody of it."""
    plan = plan_of_shop(folder, TODAY, rules)
    stage = opened(folder, plan=plan)
    stage.clock.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    ada = stage.person("ada", *ADMINISTRATOR, *RESPONDER)
    program = str(stage.do(Verb.PROGRAM, ada, name="Detection", sign_in="found")["account"])
    detector = Caller(Actor(program, through=Through.DETECTOR, scopes=frozenset({Scope.REPORT_HITS})))
    machine = Rules(stage, detector)
    clients: dict[str, Any] = {}
    accounts: dict[str, str] = {}
    for person in EVERYBODY:
        fields = {"name": person.name, "sign_in": person.key, "person": person.key, "duties": ["responder"]}
        account = str(stage.do(Verb.INVITE, ada, **fields)["account"])
        actor = Actor(account, frozenset({Duty.RESPONDER}), Through.WEB)
        stage.do(Verb.ACTIVATE, Caller(actor), account=account)
        clients[person.key] = Direct(stage, Caller(actor, person.name), machine)
        accounts[person.key] = account
    signs = clients["claire-fontaine"]
    version = stage.muster.plan.version(signs.caller, "head")
    signs.verb("approve-plan", {"commit": version.commit, "sha256": version.sha256, "expected": 0})
    admin: Any = Direct(stage, ada.caller, machine)
    return Played(stage, plan, Town(admin, clients, accounts, ""), machine)
