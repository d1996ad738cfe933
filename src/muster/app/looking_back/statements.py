"""Statements looked back on: who drafted and approved which words by their hash, what was flagged, and what was sent."""

from collections.abc import Iterator
from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.disclose.statement import (
    StatementApproved,
    StatementChecked,
    StatementDrafted,
    StatementSent,
)
from muster.record.entry import Entry
from muster.respond.effects import EffectAsked, EffectDone, EffectFailed, EffectUnsure

_SHAKES = {
    "settles": "was settled",
    "corrects": "was corrected",
    "hides": "was hidden",
    "erases": "was erased",
}


class Flagged(View):
    """A sentence of a draft behind which a fact changed. by: the entry that changed it. anew: what is said now."""

    sentence: int
    text: str
    fact: int
    said: str
    became: str
    anew: str
    by: int
    at: datetime


class DraftTold(View):
    """One version of a statement. problems: what its check found. approved_by: empty when nobody approved these words."""

    seq: int
    version: int
    at: datetime
    who: str
    sha256: str
    problems: tuple[str, ...]
    flagged: tuple[Flagged, ...]
    approved_by: str
    approved_at: datetime | None
    sentences: tuple[str, ...]
    rests_on: tuple[int, ...]


class SentTold(View):
    """To whom it was given, by which way, and what became of it."""

    to: str
    channel: str
    at: datetime
    became: str


class StatementTold(View):
    """A statement with all its versions, the oldest first. readable: False when its last words are gone."""

    seq: int
    audience: str
    template: str
    subject: str
    readable: bool
    drafts: tuple[DraftTold, ...]
    sent_at: datetime | None
    sent_by: str
    sent: tuple[SentTold, ...]

    @property
    def last(self) -> DraftTold:
        """The words as they stand."""
        return self.drafts[-1]


def statements_told(past: Past) -> tuple[StatementTold, ...]:
    """Every statement, in order."""
    drafts: dict[int, list[Entry]] = {}
    for entry in past.of(StatementDrafted):
        first = next((ref.seq for ref in entry.header.refs if ref.rel == "revises"), entry.header.seq)
        drafts.setdefault(first, []).append(entry)
    return tuple(_statement(past, first, versions) for first, versions in drafts.items())


def _statement(past: Past, first: int, versions: list[Entry]) -> StatementTold:
    about = list(past.about(first, "statement"))
    sent = next((one for one in about if one.header.kind == StatementSent.kind), None)
    ends = [*(one.header.seq for one in versions[1:]), sent.header.seq if sent else len(past.entries)]
    told = tuple(
        _draft(past, number, one, end, about)
        for number, (one, end) in enumerate(zip(versions, ends, strict=True), 1)
    )
    body = past.body(versions[-1].header.seq, StatementDrafted)
    return StatementTold(
        seq=first,
        audience=body.audience.value if body else "",
        template=(body.template or "") if body else "",
        subject=past.text(versions[-1].header.seq, "subject"),
        readable=body is not None,
        drafts=told,
        sent_at=past.written(sent) if sent else None,
        sent_by=past.who(sent) if sent else "",
        sent=tuple(_sent(past, one) for one in about if one.header.kind == EffectAsked.kind),
    )


def _draft(past: Past, version: int, entry: Entry, end: int, about: list[Entry]) -> DraftTold:
    seq = entry.header.seq
    body = past.body(seq, StatementDrafted)
    mine = [one for one in about if seq < one.header.seq <= end]
    checks = [past.body(one.header.seq, StatementChecked) for one in mine]
    approved = next((one for one in mine if one.header.kind == StatementApproved.kind), None)
    return DraftTold(
        seq=seq,
        version=version,
        at=past.written(entry),
        who=past.who(entry),
        sha256=body.sha256 if body else "",
        problems=next((check.problems for check in checks if check is not None), ("not checked",)),
        flagged=tuple(_flags(past, body, seq, end)) if body else (),
        approved_by=past.who(approved) if approved else "",
        approved_at=past.written(approved) if approved else None,
        sentences=tuple(sentence.text for sentence in body.sentences) if body else (),
        rests_on=tuple(sorted({fact for one in body.sentences for fact in one.facts})) if body else (),
    )


def _flags(past: Past, body: StatementDrafted, seq: int, end: int) -> Iterator[Flagged]:
    """What changed behind a sentence after it was drafted, and before it was drafted anew or sent."""
    for entry in past.entries[seq + 1 : end]:
        for ref in entry.header.refs:
            if ref.rel not in _SHAKES or ref.stream != entry.header.stream:
                continue
            for number, sentence in enumerate(body.sentences, 1):
                if ref.seq in sentence.facts:
                    yield Flagged(
                        sentence=number,
                        text=sentence.text,
                        fact=ref.seq,
                        said=past.text(ref.seq),
                        became=entry.header.kind.partition(".")[2],
                        anew=_anew(past, ref.seq),
                        by=entry.header.seq,
                        at=past.written(entry),
                    )


def _anew(past: Past, fact: int) -> str:
    """The fact that took the place of this one as an answer to a question of the plan."""
    for entry in past.about(fact, "replaces"):
        for ref in entry.header.refs:
            if ref.rel == "answers":
                return past.text(ref.seq)
    return ""


def _sent(past: Past, asked: Entry) -> SentTold:
    body = past.body(asked.header.seq, EffectAsked)
    became = "not known yet"
    for entry in past.about(asked.header.seq, "due"):
        found = entry.body
        if isinstance(found, EffectDone):
            became = found.answer or "done"
        elif isinstance(found, EffectFailed):
            became = f"failed: {found.reason}"
        elif isinstance(found, EffectUnsure):
            became = "nobody knows whether it happened"
    return SentTold(
        to=", ".join(body.to) if body else past.text(asked.header.seq, "to"),
        channel=body.channel if body else "",
        at=past.written(asked),
        became=became,
    )
