"""Intake: reports of people, signals of other systems, hits of rules; what repeats joins its open signal."""

import hashlib
import json
import unicodedata
from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from muster.access.command import AnyLine, AnyText, Command, Line, MaybeLine, Rule, Sha256, Text
from muster.access.verbs import Verb
from muster.core.ids import StreamType, code
from muster.core.labels import Severity, Tlp
from muster.core.people import Actor
from muster.detect.rule import Level
from muster.record.context import Context
from muster.record.decision import JSON, Decision, Known
from muster.record.entry import Draft
from muster.record.state import States, StreamState
from muster.respond.asset_weight import critical_hosts, graver_hint
from muster.respond.ground import services
from muster.respond.incident import Incident
from muster.respond.receipt import receipt_code, receipt_hash
from muster.respond.signal import (
    SIGNAL,
    HitAsset,
    HitEvidence,
    HitReason,
    HitRule,
    Origin,
    Signal,
    SignalHit,
    SignalRaised,
    SignalRepeated,
    SignalReportedAgain,
    SignalState,
    Source,
)

ROWS_LISTED = 200
BLOBS_KEPT = 10
REASONS_KEPT = 100
ASSETS_LISTED = 20

Rows = Annotated[
    tuple[Annotated[int, Field(ge=0, le=2**53 - 1)], ...], Field(min_length=1, max_length=100_000)
]


class Report(Command):
    """Something odd, in your own words. contact: how to reach you, if you like."""

    what: Text
    contact: MaybeLine = None


class SendSignal(Command):
    """A signal of another system. key: the sender's own; the same key while it is open is a repeat."""

    title: Line
    text: AnyText = ""
    key: MaybeLine = None
    severity: Severity | None = None
    tlp: Tlp = Tlp.AMBER


class Evidence(Command):
    """A blob that was stored before: the bytes of the first matched events, by their place in the batch."""

    sha256: Sha256
    events: Annotated[tuple[Annotated[int, Field(ge=0, le=2**53 - 1)], ...], Field(max_length=ROWS_LISTED)]


class Why(Command):
    """A test that made the rule match one of the evidence's events; end 0: the whole value of the field counts."""

    event: Annotated[int, Field(ge=0, le=2**53 - 1)]
    field: Line
    words: Line
    held: bool = True
    start: Annotated[int, Field(ge=0, le=2**31)] = 0
    end: Annotated[int, Field(ge=0, le=2**31)] = 0


class Asset(Command):
    """A host that matched events name, and how many of them do."""

    name: Line
    count: Annotated[int, Field(ge=1, le=2**53 - 1)]


class Hit(Command):
    """All matches of one rule in one batch; rows ascending. more_assets: how many hosts there are beside `assets`."""

    rule_key: Line
    rule_id: Line
    title: Line
    level: Level = Level.MEDIUM
    author: AnyLine = ""
    tags: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    license: AnyLine = ""
    references: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    rows: Rows
    evidence: Evidence | None = None
    why: Annotated[tuple[Why, ...], Field(max_length=REASONS_KEPT)] = ()
    assets: Annotated[tuple[Asset, ...], Field(max_length=ASSETS_LISTED)] = ()
    more_assets: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0

    @field_validator("rows")
    @classmethod
    def _ascending(cls, rows: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(rows)):
            raise ValueError("rows must ascend, each once")
        return rows


class ReportHits(Command):
    """The hits of one batch of events, which is known by its SHA-256; `events` is how many it holds.

    origin: retro for what a hunt over stored events found; a hit that is known already is not recorded again.
    """

    batch: Sha256
    origin: Origin = Origin.LIVE
    events: Annotated[int, Field(ge=0, le=2**53 - 1)]
    hits: Annotated[tuple[Hit, ...], Field(max_length=1000)]


def group_keys(command: Report | SendSignal | ReportHits, actor: Actor) -> tuple[str, ...]:
    """Under which keys an open signal is to be looked for, in the order of the hits; lanes never share one."""
    match command:
        case Report():
            return (_key(actor.lane, "report", _normal(command.what)),)
        case SendSignal():
            own = (
                ("key", command.key) if command.key else ("text", _normal(f"{command.title}\n{command.text}"))
            )
            return (_key(actor.lane, "webhook", actor.account, *own),)
        case ReportHits():
            return tuple(_key(actor.lane, "rule", hit.rule_key) for hit in command.hits)


def hit_keys(command: ReportHits, lane: str) -> tuple[str, ...]:
    """By which key each hit is recorded once: its batch, rows and rule, in its lane."""
    return tuple(
        _key(lane, "hit", command.batch, hit.rule_key, *(str(row) for row in hit.rows))
        for hit in command.hits
    )


def groupable(signal: Signal, incident: Incident | None) -> bool:
    """Whether what repeats joins this signal: it waits, or belongs to an incident (given) that has not ended."""
    if signal.waiting:
        return True
    going = incident is not None and incident.state is not None and not incident.state.ended
    return signal.state is SignalState.ATTACHED and going


def report(states: States, command: Report, context: Context, known: Known) -> Decision:
    """signal.raised, or signal.reported-again on the open signal of the same words; a receipt either way."""
    receipt = receipt_code(context.secret("receipt"))
    (group,) = group_keys(command, context.actor)
    same = _open(states, known, group)
    if same is not None:
        body = SignalReportedAgain(receipt_sha256=receipt_hash(receipt), contact=command.contact)
        return Decision((Draft(same.stream, body),), {"receipt": receipt})
    raised = SignalRaised(
        source=Source.PERSON,
        title=_title(command.what),
        text=command.what,
        contact=command.contact,
        group=group,
        receipt_sha256=receipt_hash(receipt),
    )
    return Decision((Draft(_new(context, 0), raised),), {"receipt": receipt})


def send(states: States, command: SendSignal, context: Context, known: Known) -> Decision:
    """signal.raised, or signal.repeated with its count on the open signal of the same key."""
    (group,) = group_keys(command, context.actor)
    same = _open(states, known, group)
    if same is not None:
        count = same.slice(SIGNAL).count + 1
        body = SignalRepeated(count=count, title=command.title, text=command.text)
        return Decision((Draft(same.stream, body),), {"signal": same.stream, "count": count})
    raised = SignalRaised(
        source=Source.WEBHOOK,
        title=command.title,
        text=command.text,
        severity=command.severity,
        tlp=command.tlp,
        group=group,
    )
    stream = _new(context, 0)
    return Decision((Draft(stream, raised),), {"signal": stream, "count": 1})


def report_hits(states: States, command: ReportHits, context: Context, known: Known) -> Decision:
    """signal.hit for each hit that is not recorded yet, after signal.raised where its rule has no open signal."""
    drafts: list[Draft] = []
    answers: list[JSON] = []
    streams: dict[str, str] = {}
    blobs: dict[str, int] = {}
    done = set(known.hit_keys)
    critical = critical_hosts(services(known))
    keys = zip(group_keys(command, context.actor), hit_keys(command, context.actor.lane), strict=True)
    for hit, (group, key) in zip(command.hits, keys, strict=True):
        if key in done:
            continue
        done.add(key)
        stream = streams.get(group)
        if stream is None:
            same = _open(states, known, group)
            stream = _new(context, len(streams)) if same is None else same.stream
            if same is None:
                drafts.append(Draft(stream, _raised(hit, group, critical)))
            streams[group] = stream
            blobs[stream] = 0 if same is None else same.slice(SIGNAL).blobs
        keeps = hit.evidence is not None and blobs[stream] < BLOBS_KEPT
        blobs[stream] += keeps
        drafts.append(Draft(stream, _hit(command, hit, key, keeps=keeps)))
        answers.append({"signal": stream, "rule": hit.rule_key, "evidence": keeps})
    return Decision(tuple(drafts), {"signals": answers, "skipped": len(command.hits) - len(answers)})


def _raised(hit: Hit, group: str, critical: frozenset[str]) -> SignalRaised:
    severity = graver_hint(hit.level, (one.name for one in hit.assets), critical)
    return SignalRaised(source=Source.HITS, title=hit.title, group=group, rule=_rule(hit), severity=severity)


def _hit(command: ReportHits, hit: Hit, key: str, *, keeps: bool) -> SignalHit:
    kept = hit.evidence if keeps else None
    return SignalHit(
        key=key,
        batch=command.batch,
        events=command.events,
        rule=_rule(hit),
        title=hit.title,
        rows=hit.rows[:ROWS_LISTED],
        count=len(hit.rows),
        origin=command.origin,
        evidence=None if kept is None else HitEvidence(sha256=kept.sha256, events=kept.events),
        why=tuple(HitReason(**one.model_dump()) for one in hit.why) if keeps else (),
        assets=tuple(HitAsset(name=one.name, count=one.count) for one in hit.assets),
        more_assets=hit.more_assets,
    )


def _rule(hit: Hit) -> HitRule:
    return HitRule(
        key=hit.rule_key, id=hit.rule_id, author=hit.author, level=hit.level,
        tags=hit.tags, license=hit.license, references=hit.references,
    )  # fmt: skip


def _open(states: States, known: Known, group: str) -> StreamState | None:
    state = states.get(known.groups.get(group, ""))
    if state is None or state.slice(SIGNAL).state in (None, SignalState.DISMISSED):
        return None
    return state


def _new(context: Context, number: int) -> str:
    return code(StreamType.SIGNAL, context.id("stream", number))


def _key(lane: str, *parts: str) -> str:
    return hashlib.sha256(json.dumps(["muster/group/1", lane, *parts]).encode()).hexdigest()


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _title(what: str) -> str:
    first = what.strip().splitlines()[0]
    return first if len(first) <= 120 else f"{first[:119]}…"


RULES = (
    Rule(Verb.REPORT, Report, report),
    Rule(Verb.SIGNAL, SendSignal, send),
    Rule(Verb.HITS, ReportHits, report_hits),
)
