"""A night told in entries, one after another, as the record would hold them; and what can be looked back on of it."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from muster.app.looking_back.past import Lines, Past
from muster.app.plan_versions import PlanVersion, version_of
from muster.app.registry import FOLDS
from muster.core.ids import PLAN_STREAM
from muster.core.people import Role
from muster.core.time import Moment, TimeSource, stored
from muster.disclose.answers import FactAnswered
from muster.disclose.owed import AnchorRecorded, ObligationFiled, ReceiptKept
from muster.disclose.statement import (
    Sentence,
    StatementApproved,
    StatementChecked,
    StatementDrafted,
    StatementSent,
)
from muster.learn.causes import CauseFound, CauseKind
from muster.learn.lessons import (
    LessonAgreed,
    LessonApproved,
    LessonDiffed,
    LessonNoted,
    LessonTaken,
    LessonTested,
)
from muster.learn.plan_change import LineChange
from muster.learn.review import ReviewHeld, ReviewScheduled
from muster.plan.obligations import Anchor
from muster.plan.severity import Activity, Information, Ratings, YesNo
from muster.plan.templates import Audience
from muster.record.body import Body
from muster.record.context import PlanCommits
from muster.record.entry import Entry, Header, Ref
from muster.record.state import fold
from muster.respond.actions import (
    ActionApproved,
    ActionDone,
    ActionProposed,
    ActionStarted,
    ActionVerified,
    ActionWithdrawn,
)
from muster.respond.calling import CallAcknowledged, CallAsked, Callee
from muster.respond.custody import EvidenceDescribed, EvidenceReceived
from muster.respond.decisions import DecisionAsked, DecisionMade, DecisionPut
from muster.respond.effects import EffectAsked, EffectDone, Sort
from muster.respond.facts import Answered, AssumptionMade, FactStated, QuestionAsked, Withdrawn
from muster.respond.guard import EvidenceEffect, TargetKind
from muster.respond.incident import (
    IncidentActive,
    IncidentClosed,
    IncidentDeclared,
    IncidentRecovering,
    IncidentWatching,
    ReasonGiven,
)
from muster.respond.milestones import Claimed, MilestoneClaimed
from muster.respond.outages import ServiceLost, ServiceRestored
from muster.respond.posture import Posture, PostureSet
from muster.respond.roles import RoleAccepted, RoleOffered
from muster.respond.runs import RunEnded, RunStarted, StepDone, StepOffered, StepSkipped
from muster.respond.severity import SeverityRated, rated
from muster.respond.signal import SignalAcknowledged, SignalRaised, Source
from muster.respond.tasks import TaskAssigned, TaskDone, TaskGiven
from tests.access.world import account_id
from tests.plan.shop_plan import example

INCIDENT = "INC-7Q4KM2"
SIGNAL = "SIG-3KNYVS"
DRILL = "DRL-2A16PE"
LANE = f"drill:{DRILL}"
COMMIT = "c" * 40
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WALL = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NAMES = {account_id(name): name.title() for name in ("ana", "ben", "caro", "dora")}


@cache
def version() -> PlanVersion:
    """The example company's plan."""
    return version_of(COMMIT, example())


def plan_of(commit: str) -> PlanVersion | None:
    """The one plan that there is."""
    return version() if commit == COMMIT else None


@dataclass
class Telling:
    """Entries of one stream, told in order. at: minutes after the start, by the clock of the lane; the wall's is another."""

    stream: str = INCIDENT
    lane: str = LANE
    entries: list[Entry] = field(default_factory=list[Entry])
    minutes: float = 0

    def say(
        self,
        body: Body,
        who: str = "ana",
        at: float | None = None,
        refs: tuple[tuple[str, int], ...] = (),
        stated: float | None = None,
        role: str | None = None,
        to: str | None = None,
    ) -> int:
        """One more entry; its number. refs: (relation, number). to: the stream that they point to."""
        self.minutes = self.minutes if at is None else at
        now = START + timedelta(minutes=self.minutes)
        moment = Moment(now)
        if stated is not None:
            moment = Moment(START + timedelta(minutes=stated), source=TimeSource.STATED)
        seq = len(self.entries)
        wall = WALL + timedelta(minutes=self.minutes / 10)
        account = account_id(who) if who != "server" else who
        head = Header(
            self.stream, seq, f"{seq:032x}", body.kind, body.v, self.lane, account, role, "web", moment, wall,
            PlanCommits(COMMIT, COMMIT), tuple(Ref(rel, to or self.stream, number) for rel, number in refs), "", None,
        )  # fmt: skip
        self.entries.append(Entry(head, body))
        return seq

    def because(self, text: str, who: str = "ana") -> None:
        """The reason of the entry before."""
        self.say(ReasonGiven(text=text), who, refs=(("explains", len(self.entries) - 1),))

    def lines(self, hidden: frozenset[int] = frozenset()) -> Lines:
        return Lines(tuple(self.entries), hidden)


def past(
    told: Telling,
    *,
    signal: Telling | None = None,
    plan: Telling | None = None,
    hidden: frozenset[int] = frozenset(),
    erased: frozenset[int] = frozenset(),
    known: bool = True,
    now: float | None = None,
) -> Past:
    """What can be looked back on. hidden, erased: entries without words. known: whether the plan can be read."""
    entries = tuple(Entry(one.header, None) if one.header.seq in erased else one for one in told.entries)
    lessons = plan or Telling(PLAN_STREAM, "real")
    return Past(
        entries,
        hidden,
        fold(told.stream, ((one, b"\0" * 32) for one in entries), FOLDS),
        NAMES,
        now=START + timedelta(minutes=told.minutes if now is None else now),
        version=plan_of if known else lambda _commit: None,
        signals={signal.stream: signal.lines()} if signal else {},
        plan=fold(PLAN_STREAM, ((one, b"\0" * 32) for one in lessons.entries), FOLDS),
        plan_lines=lessons.lines(),
    )


def rating(**ratings: object) -> SeverityRated:
    """A rating as the built-in table has it."""
    from muster.respond.ground import Told

    found = version().plan
    assert found is not None
    return rated(Ratings.model_validate(ratings), Told(pinned=found.pinned, in_force=found.in_force))


WORST = rating(
    functional="none",
    information=(Information.PRIVACY,),
    recoverability="supplemented",
    activity=Activity.EFFECT,
    safety=YesNo.NO,
    critical=YesNo.YES,
)


def called(person: str, place: int, until: float) -> CallAsked:
    """A call of one of three people."""
    people = tuple(Callee(person=one) for one in ("robin-vale", "mika-sandoval", person))
    return CallAsked(
        occasion="decision-asked",
        about="7",
        people=people,
        place=place,
        until=stored(START + timedelta(minutes=until)),
    )


def proposal(target: str = "customer-portal", **more: object) -> ActionProposed:
    """Cutting off the portal, as long as nothing else is said."""
    fields: dict[str, object] = {
        "action": "cut off", "decision": "disconnect", "target_kind": TargetKind.SERVICE, "target": target,
        "purpose": "Stop it at once", "harm": "Nobody can order", "evidence_effect": EvidenceEffect.CHANGES,
        "undo": "Put the ports back", "minutes": 240, **more,
    }  # fmt: skip
    return ActionProposed.model_validate(fields)


def statement(kinds: str, fact: int) -> StatementDrafted:
    """A letter that rests on one fact."""
    return StatementDrafted(
        audience=Audience.CUSTOMER,
        template="customer-first-notice",
        subject="What happened to your data",
        sentences=(
            Sentence(text="Dear customer,", fixed=True),
            Sentence(text=f"It concerns {kinds}.", facts=(fact,)),
        ),
        channel="mail",
        recipients=("customers",),
    )


@dataclass(frozen=True)
class Night:
    """The whole night, with the numbers of its entries by a word of ours."""

    told: Telling
    signal: Telling
    plan: Telling
    seqs: dict[str, int]

    def past(self, **more: object) -> Past:
        return past(self.told, signal=self.signal, plan=self.plan, **more)  # pyright: ignore[reportArgumentType] - they pass through as they are

    def at(self, name: str) -> datetime:
        """When an entry says that it happened."""
        return self.told.entries[self.seqs[name]].header.happened.at


def night(*, tested: bool = True) -> Night:
    """A portal broken into, as a drill: a guard that holds, a clock that is kept, a review that is late, a lesson."""
    signal = Telling(SIGNAL)
    signal.say(SignalRaised(title="Shell of a web server", source=Source.WEBHOOK, group="g"), "server", 20)
    signal.say(SignalAcknowledged(), "ana", 22)
    told, seqs = Telling(), {}

    def say(name: str, body: Body, *args: object, **more: object) -> int:
        seqs[name] = told.say(body, *args, **more)  # pyright: ignore[reportArgumentType] - they pass through as they are
        return seqs[name]

    say(
        "declared",
        IncidentDeclared(what="The portal runs strange commands", signal=SIGNAL),
        "ana",
        25,
        stated=18,
    )
    say("first-rating", rating(), "ana")
    say("call", called("claire-fontaine", 0, 31), "server", 26)
    say("second-call", called("claire-fontaine", 1, 51), "server", 31, (("due", seqs["call"]),))
    say("offered", RoleOffered(role=Role.COMMANDER, to=account_id("ben")), "ana", 27)
    say("rated", WORST, "ana", 28)
    told.because("Somebody runs commands right now.")
    say("commander", RoleAccepted(role=Role.COMMANDER), "ben", 37, (("accepts", seqs["offered"]),))
    say("answered", CallAcknowledged(), "ben", None, (("due", seqs["second-call"]),))
    say("active", IncidentActive(reason="The work has begun."), "ben", 38, role="commander")
    say("run", RunStarted(playbook="web-intrusion", commit=COMMIT, first="confirm"), "ana", 39)
    say(
        "offer",
        StepOffered(step="confirm", to=account_id("ana"), role="duty-engineer"),
        "ana",
        None,
        (("run", seqs["run"]),),
    )
    say("confirmed", StepDone(step="confirm", leads_to=("real",)), "ana", 40, (("run", seqs["run"]),))
    told.because("No release tonight.")
    say(
        "real-offer",
        StepOffered(
            step="real", to=account_id("ben"), role="commander", until=stored(START + timedelta(minutes=55))
        ),
        "ana",
        None,
        (("run", seqs["run"]),),
    )
    say(
        "real",
        StepDone(step="real", leads_to=("clocks",), choice="stranger"),
        "ben",
        41,
        (("run", seqs["run"]),),
    )
    told.because("Nobody of ours did this.", "ben")
    say("skipped", StepSkipped(step="clocks", leads_to=("two-ways",)), "ben", 42, (("run", seqs["run"]),))
    told.because("Counsel is on the way.", "ben")
    say("fact", FactStated(text="Three requests carried an expression.", source="the web log"), "ana", 43)
    say("assumption", AssumptionMade(text="It is the known hole."), "ana", 44)
    say("question", QuestionAsked(text="What did they reach?"), "ben", 45)
    say("cut", proposal(), "caro", 46, role="operations")
    say(
        "cut-approved",
        ActionApproved(sha256=proposal().sha256, role="commander", until=stored(START)),
        "ben",
        47,
        (("action", seqs["cut"]),),
    )
    say("cut-withdrawn", ActionWithdrawn(), "caro", 48, (("action", seqs["cut"]),))
    told.because("The guard is right: memory first.", "caro")
    say("evidence", EvidenceReceived(sha256="e" * 64, size=17, of=("PORTAL-02",)), "ana", 49)
    say(
        "described",
        EvidenceDescribed(name="memory of PORTAL-02", place="the store", collector=account_id("ana")),
        "ana",
        None,
        (("evidence", seqs["evidence"]),),
    )
    isolate = proposal("PORTAL-02", action="isolate", target_kind=TargetKind.HOST)
    say("isolate", isolate, "caro", 50)
    say(
        "isolate-approved",
        ActionApproved(sha256=isolate.sha256, role="commander", until=stored(START)),
        "ben",
        51,
        (("action", seqs["isolate"]),),
    )
    say("isolate-started", ActionStarted(sha256=isolate.sha256), "caro", 52, (("action", seqs["isolate"]),))
    say("isolate-done", ActionDone(), "caro", 53, (("action", seqs["isolate"]),))
    told.because("It reaches nothing.", "caro")
    say("isolate-verified", ActionVerified(), "ana", 54, (("action", seqs["isolate"]),))
    say("task", TaskGiven(text="Save the logs"), "ben", 55)
    say(
        "assigned",
        TaskAssigned(owner=account_id("ana"), due=stored(START + timedelta(minutes=70)), every=30),
        "ben",
        None,
        (("task", seqs["task"]),),
    )
    say("task-done", TaskDone(text="Saved."), "ana", 65, (("task", seqs["task"]),))
    say("posture", PostureSet(posture=Posture.EVICTION, begun=True), "ben", 66)
    told.because("Their ways in are known.", "ben")
    say("db-lost", ServiceLost(service="order-database"), "caro", 67)
    say("portal-lost", ServiceLost(service="customer-portal"), "caro", 68)
    for fact, answer in (("personal-data", "yes"), ("risk-to-people", "high")):
        seq = say(fact, FactStated(text=f"{fact}? {answer}", source="the privacy officer"), "dora", 69)
        told.say(FactAnswered(fact=fact, answer=answer), "dora", refs=(("answers", seq),))
    say("aware", AnchorRecorded(anchor=Anchor.AWARE, obligation="gdpr-art-33"), "dora", 70)
    say("asked", DecisionAsked(text="Tell the customers today?", options=("today", "later")), "ben", 71)
    say(
        "put",
        DecisionPut(to=account_id("dora"), by=stored(START + timedelta(minutes=131))),
        "ben",
        None,
        (("decision", seqs["asked"]),),
    )
    say(
        "question-answered", Answered(text="The order database."), "ana", 80, (("settles", seqs["question"]),)
    )
    say("contained", MilestoneClaimed(milestone=Claimed.CONTAINED), "ben", 90, (("shows", seqs["fact"]),))
    told.because("Half an hour of silence.", "ben")
    say("recovering", IncidentRecovering(reason="Every way is closed."), "ben", 100)
    say(
        "scheduled",
        ReviewScheduled(due=stored(START + timedelta(minutes=100, days=3)), lead=account_id("ben")),
        "ben",
    )
    say("kinds", FactStated(text="Which data? names", source="counted"), "dora", 101)
    say(
        "kinds-answered",
        FactAnswered(fact="data-kinds", answer="names"),
        "dora",
        None,
        (("answers", seqs["kinds"]),),
    )
    say("filed", ObligationFiled(obligation="gdpr-art-33", stage="notice"), "dora", 110)
    say("receipt", ReceiptKept(text="Receipt 4711"), "dora", None, (("receipt-of", seqs["filed"]),))
    knew = tuple(
        (rel, seqs[name]) for rel, name in (("knew-fact", "fact"), ("knew-assumption", "assumption"))
    )
    say(
        "decided",
        DecisionMade(
            text="Tell them today",
            reason="They can protect themselves.",
            objections="None.",
            authority="notify-customers",
        ),
        "dora",
        115,
        (("decides", seqs["asked"]), *knew),
    )
    say("letter", statement("names", seqs["kinds"]), "caro", 116)
    say(
        "checked",
        StatementChecked(sha256=statement("names", seqs["kinds"]).sha256),
        "caro",
        None,
        (("statement", seqs["letter"]),),
    )
    say("withdrawn", Withdrawn(text="It is answered anew."), "dora", 117, (("settles", seqs["kinds"]),))
    say("kinds-anew", FactStated(text="Which data? names and numbers", source="counted again"), "dora")
    say(
        "answered-anew",
        FactAnswered(fact="data-kinds", answer="names and numbers"),
        "dora",
        None,
        (("replaces", seqs["kinds"]), ("answers", seqs["kinds-anew"])),
    )
    words = statement("names and numbers", seqs["kinds-anew"])
    say("letter-anew", words, "caro", 118, (("revises", seqs["letter"]),))
    say("checked-anew", StatementChecked(sha256=words.sha256), "caro", None, (("statement", seqs["letter"]),))
    say(
        "letter-approved",
        StatementApproved(sha256=words.sha256),
        "dora",
        119,
        (("statement", seqs["letter"]),),
    )
    say(
        "letter-sent",
        StatementSent(sha256=words.sha256, effects=1),
        "ben",
        120,
        (("statement", seqs["letter"]),),
    )
    say(
        "effect",
        EffectAsked(
            effect="1" * 32, channel="mail", to=("customers",), subject=words.subject, sort=Sort.STATEMENT
        ),
        "ben",
        None,
        (("statement", seqs["letter"]),),
    )
    say(
        "effect-done",
        EffectDone(attempt=1, token="t", answer="dry run: nothing was sent", dry_run=True),
        "server",
        121,
        (("due", seqs["effect"]),),
    )
    say("db-back", ServiceRestored(service="order-database"), "caro", 180)
    say("portal-back", ServiceRestored(service="customer-portal"), "caro", 195)
    say("watching", IncidentWatching(reason="As before."), "ben", 200)
    say("review", ReviewHeld(people=(account_id("ana"), account_id("ben"))), "ben", 4500)
    say(
        "cause",
        CauseFound(text="The build had a known hole.", cause=CauseKind.TECHNICAL),
        "ana",
        4501,
        (("evidence", seqs["fact"]),),
    )
    say(
        "hole",
        CauseFound(text="No rule reads the sign-ins.", cause=CauseKind.DETECTION),
        "ana",
        4502,
        (("evidence", seqs["evidence"]),),
    )
    seqs["taken"] = told.say(LessonTaken(), "ben", 4503, (("lesson", 0),), to=PLAN_STREAM)
    say("run-ended", RunEnded(outcome="done", deviations=1), "ben", 4504, (("run", seqs["run"]),))
    say(
        "closed",
        IncidentClosed(
            summary="Data of customers was taken.",
            how_learned="own monitoring",
            open_questions=0,
            open_assumptions=1,
        ),
        "ben",
        4505,
    )
    return Night(told, signal, lesson(tested=tested), seqs)  # fmt: skip


def lesson(*, tested: bool = True) -> Telling:
    """A lesson in the plan's stream, from its noting to the drill that tested its lines."""
    plan = Telling(PLAN_STREAM, "real")
    lines = (
        LineChange(id="rules/sign_in.yml#/title", file="rules/sign_in.yml", line=1, after="Sign-in from outside"),
        LineChange(id="talking.yaml#/every", file="talking.yaml", line=4, before="every: 60", after="every: 30"),
    )  # fmt: skip
    plan.say(LessonNoted(text="Watch the sign-ins", found_in=INCIDENT), "ben", 1, (("from", 0),), to=INCIDENT)
    about = (("lesson", 0),)
    plan.say(LessonAgreed(owner=account_id("ana"), due=stored(START + timedelta(days=30))), "ben", 2, about)
    plan.say(LessonDiffed(lines=lines, base="b" * 40, commit="d" * 40), "ana", 3, about)
    plan.say(LessonApproved(sha256=hashlib.sha256(b"lines").hexdigest(), commit="d" * 40), "dora", 4, about)
    if tested:
        plan.say(LessonTested(drill="DRL-HGV31S", lines=tuple(one.id for one in lines)), "ben", 9, about)
    return plan


def without(told: Telling, *kinds: str) -> Telling:
    """The same telling without entries of these kinds, as if they had never been written; numbers move."""
    kept = [one for one in told.entries if one.header.kind not in kinds]
    moved = {one.header.seq: place for place, one in enumerate(kept)}
    entries = [
        Entry(
            replace(
                one.header,
                seq=moved[one.header.seq],
                refs=tuple(replace(ref, seq=moved.get(ref.seq, -1)) for ref in one.header.refs),
            ),
            one.body,
        )
        for one in kept
    ]
    return replace(told, entries=entries)
