"""The story's first half, under the built-in plan: accounts, intake, hits, triage, an incident to its end, a drill."""

from base64 import b64encode
from typing import Any

from muster.access.verbs import Verb
from muster.app.caller import Caller, nobody
from muster.core.people import Actor, Duty, Scope, Through
from muster.respond.calling import Callee, CallList, Way, call
from muster.store.append import Decided
from tests.app.company import Company
from tests.app.stage import SERVER_CALLER, Person, Stage

SHA = "ab" * 32


class Story:
    """Plays on one stage; every step turns the clock by a second."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.stage = company.stage

    def do(self, verb: Verb, who: Person | Caller, **fields: Any) -> dict[str, Any]:
        self.stage.clock.turn(seconds=1)
        return self.stage.do(verb, who, **fields)

    def by(self, verb: Verb, name: str, /, **fields: Any) -> dict[str, Any]:
        """A verb by somebody of the example company."""
        return self.do(verb, self.stage.people[name], **fields)

    def commanded(self, what: str) -> str:
        """A new incident under the plan in force, which Noor commands, with Ines as her deputy."""
        one = str(self.by(Verb.DECLARE, "noor", what=what)["incident"])
        self.by(Verb.OFFER, "noor", incident=one, role="commander", to=self.stage.people["noor"].account)
        offer = self.by(Verb.OFFER, "noor", incident=one, role="deputy", to=self.stage.people["ines"].account)
        self.by(Verb.ACCEPT, "ines", incident=one, role="deputy", expected=offer["version"])
        return one

    def people(self) -> None:
        ada = self.stage.person("ada", Duty.ADMINISTRATOR, Duty.RESPONDER)
        self.ana = self.stage.person("ana", Duty.RESPONDER)
        self.ben = self.stage.person("ben", Duty.RESPONDER)
        caro = self.stage.person("caro")
        self.do(Verb.RESET_LINK, ada, account=caro.account)
        self.do(Verb.DUTIES, ada, account=caro.account, duties=["responder"], expected=1)
        self.do(Verb.DISABLE, ada, account=caro.account, reason="on leave")
        self.do(Verb.ENABLE, ada, account=caro.account)
        program = self.do(Verb.PROGRAM, ada, name="Probe", sign_in="probe")["account"]
        token = self.do(Verb.TOKEN, ada, name="probe", scope="report-signals", account=program)
        self.probe = Caller(
            Actor(str(program), through=Through.WEBHOOK, scopes=frozenset({Scope.REPORT_SIGNALS}))
        )
        self.do(Verb.TOKEN, self.ana, name="laptop")
        spare = self.do(Verb.TOKEN, ada, name="spare", scope="post-events")["token"]
        self.do(Verb.REVOKE, ada, token=spare)
        self.token = token["token"]

    def hits(self, rule: str, *rows: int) -> str:
        self.stage.clock.turn(seconds=1)
        evidence = {"data": b64encode(b'{"a": 1}\n').decode(), "events": [rows[0]]}
        hit = {
            "rule_key": rule,
            "rule_id": rule,
            "title": f"Rule {rule}",
            "level": "high",
            "rows": list(rows),
        }
        fields = {"batch": SHA, "events": 9, "hits": [hit | {"evidence": evidence}]}
        answer = self.stage.muster.evidence.report_hits(fields, self.ana.caller, f"key-{rule}-{rows}")
        return str(answer["signals"][0]["signal"]) if answer["signals"] else ""

    def intake(self) -> None:
        somebody = nobody("127.0.0.1")
        for words in ("Strange mails", "strange  MAILS", "Another thing"):
            self.do(Verb.REPORT, somebody, what=words, contact="a@example.org")
        for _ in range(3):
            self.signal = self.do(Verb.SIGNAL, self.probe, title="Disk full", key="disk-1", severity="SEV3")[
                "signal"
            ]
        self.other = self.do(Verb.SIGNAL, self.ben, title="Disk nearly full", text="90 %")["signal"]
        self.hit = self.hits("r1", 0, 3)
        self.hits("r1", 5)
        self.hits("r1", 5)
        self.hits("r2", 1)
        self.do(Verb.ACKNOWLEDGE, self.ana, signal=self.signal)
        more = {"outcome": "duplicate", "duplicate_of": self.signal}
        self.do(Verb.DISMISS, self.ana, signal=self.other, reason="the same disk", **more)

    def incident(self) -> None:
        ana, ben, do = self.ana, self.ben, self.do
        one = str(do(Verb.DECLARE, ana, what="The shop is down", signal=self.signal)["incident"])
        do(Verb.ATTACH, ben, signal=self.hit, incident=one)
        do(Verb.OFFER, ana, incident=one, role="commander", to=ana.account)
        do(Verb.OFFER, ana, incident=one, role="scribe", to=ben.account)
        do(Verb.DECLINE, ben, incident=one, role="scribe", reason="at the disk")
        version = do(Verb.OFFER, ana, incident=one, role="deputy", to=ben.account)["version"]
        do(Verb.ACCEPT, ben, incident=one, role="deputy", expected=version)
        do(Verb.LOG, ben, incident=one, text="Looked at the disk", happened_at="2026-11-24T02:05+01:00")
        do(Verb.LOG, ben, incident=one, text="At the other disk", corrects=4)
        do(Verb.FACT, ben, incident=one, text="It is full", source="df", happened_at="2026-11-24T01:00Z")
        assumed = do(Verb.ASSUME, ana, incident=one, text="Logs filled it")["seq"]
        asked = do(Verb.QUESTION, ana, incident=one, text="Which logs?")["seq"]
        settle = {"incident": one, "expected": 1}
        do(Verb.SETTLE, ben, thing=assumed, ending="confirmed", text="They did", source="du", **settle)
        do(Verb.SETTLE, ben, thing=asked, ending="answered", text="The access log", **settle)
        do(Verb.SEVERITY, ben, incident=one, ratings={"functional": "high"}, expected=1)
        calm = {"functional": "low", "information": ["none"], "recoverability": "regular", "activity": "none"}
        rated = {
            "incident": one,
            "ratings": calm,
            "override": "SEV4",
            "reason": "Customers call",
            "expected": 2,
        }
        do(Verb.SEVERITY, ana, **rated)
        do(Verb.SUMMARY, ben, incident=one, text="The access log filled the disk", expected=0)
        for version, to in enumerate(("active", "recovering", "watching", "review"), 1):
            do(Verb.STATE, ana, incident=one, to=to, reason=f"on to {to}", expected=version)
        secret = do(Verb.LOG, ben, incident=one, text="The password is hunter2")["seq"]
        do(Verb.REDACT, ben, stream=one, seq=secret, reason="a password")
        do(Verb.ERASE, ana, stream=one, seq=secret)
        do(Verb.HOLD_REVIEW, ana, incident=one, people=[ana.account])
        do(Verb.CLOSE, ana, incident=one, summary="A full disk", how_learned="own monitoring", expected=5)
        do(Verb.REOPEN, ana, incident=one, reason="Full again")
        do(Verb.STATE, ana, incident=one, to="review", expected=7)
        do(Verb.HOLD_REVIEW, ana, incident=one, people=[ana.account, ben.account])
        do(Verb.CLOSE, ana, incident=one, summary="A full disk, twice", how_learned="staff", expected=8)
        self.do(Verb.SIGNAL, self.probe, title="Disk full", key="disk-1")

    def not_one(self) -> None:
        two = str(self.do(Verb.DECLARE, self.ben, what="A strange light")["incident"])
        self.do(Verb.STAND_DOWN, self.ben, incident=two, reason="It was the sun")

    def drill(self) -> None:
        """A drill at sixty times the speed, with an incident of its own."""
        more = {"seed": "4242", "speed": "60", "starts_at": "2026-12-01T08:00Z"}
        drill = str(self.do(Verb.START_DRILL, self.ana, exercise="The shop under attack", **more)["drill"])
        lane = str(self.do(Verb.JOIN, self.ben, drill=drill)["lane"])
        ben = Caller(Actor(self.ben.account, self.ben.caller.actor.duties, Through.WEB, None, lane))
        incident = self.do(Verb.DECLARE, ben, what="The shop is slow")["incident"]
        self.do(Verb.PAUSE, self.ana, drill=drill)
        self.do(Verb.STEP, self.ana, drill=drill, seconds=3600)
        self.do(Verb.SPEED, self.ana, drill=drill, speed="1/2")
        self.do(Verb.RESUME, self.ana, drill=drill)
        self.do(Verb.LOG, ben, incident=incident, text="An hour later")
        self.do(Verb.LEAVE, self.ben, drill=drill)
        self.do(Verb.END_DRILL, self.ana, drill=drill)

    def due(self) -> None:
        """A call that is answered, an effect that a person settles, and a test of a channel."""
        one = str(self.do(Verb.DECLARE, self.ana, what="It is slow again")["incident"])
        ask(self.stage, one)
        self.do(Verb.ANSWER, self.ben, stream=one)
        self.do(Verb.EFFECT, self.ben, stream=one, effect=4, became="dropped", reason="Not needed any more")
        self.do(Verb.SEND_TEST, self.ana, person="ben@shop.example")

    def secret(self) -> None:
        three = str(self.do(Verb.DECLARE, self.ana, what="Somebody copies data", secrecy="team")["incident"])
        people = [self.ben.account]
        self.do(Verb.RESTRICT, self.ana, stream=three, secrecy="named", people=people, expected=1)
        self.do(Verb.LOG, self.ben, incident=three, text="Looked at the logs")


def ask(stage: Stage, stream: str) -> None:
    """As a rule of the plan does it: somebody is called, by one way."""
    calls = CallList(people=(Callee(person="ana", ways=(Way(channel="mail", address="ana@shop.example"),)),))
    context = stage.muster.doing.context(SERVER_CALLER, stage.clock())
    stage.muster.record.ledger.append(
        [stream],
        lambda states, _connection: Decided(call(states[stream], calls, "declared", context), context),
    )
