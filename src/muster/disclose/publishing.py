"""The verbs of statements: draft and check, approve by somebody else, and ask the door to send it."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from muster.access.command import Line, MaybeLine, Seq, Sha256, Version
from muster.access.known import plan_known
from muster.access.verbs import Standing
from muster.core.errors import Conflict, Refused
from muster.disclose.answers import ANSWERS, UNKNOWN, standing_answers
from muster.disclose.planned import DisclosurePlan, plan_of
from muster.disclose.statement import (
    STATEMENTS,
    Sentence,
    Statement,
    StatementApproved,
    StatementChecked,
    StatementDrafted,
    StatementSent,
    facts_of,
)
from muster.disclose.wording import check_text, claims
from muster.plan.finding import Finding, problems
from muster.plan.part import Id
from muster.plan.templates import PLACE, Audience, Template
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.effects import EffectAsked, Sort
from muster.respond.facts import FACTS
from muster.respond.facts import Standing as Worth
from muster.respond.incident import still_open
from muster.respond.summons import ways_of
from muster.respond.work import InIncident, Work, as_seen

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
# A line break within a paragraph is no break of words, but before the next item of a list.
_WRAPPED = re.compile(r"\n(?!(?:\d+\.|[-*]) )")
NOT_YET_KNOWN = "not yet known"


class SentenceGiven(BaseModel):
    """A sentence of one's own, with the numbers of the facts that it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Words
    facts: Annotated[tuple[Seq, ...], Field(max_length=20)] = ()


class DraftStatement(InIncident):
    """Draft a statement from a template of the plan, from sentences with their facts, or from both.

    statement: the number of its first draft, when it is revised; expected: the version that you saw.
    """

    statement: Seq | None = None
    expected: Version = 0
    template: Id | None = None
    audience: Audience | None = None
    subject: MaybeLine = None
    sentences: Annotated[tuple[SentenceGiven, ...], Field(max_length=60)] = ()
    channel: Line = "mail"
    recipients: Annotated[tuple[Id, ...], Field(max_length=200)] = ()


class ApproveStatement(InIncident):
    """Approve the words that you read: the hash names them, and any later change voids it."""

    statement: Seq
    sha256: Sha256


class SendStatement(InIncident):
    """Send an approved statement; the hash names the words."""

    statement: Seq
    sha256: Sha256


def draft_statement(states: States, command: DraftStatement, _context: Context, known: Known) -> Decision:
    """statement.drafted and statement.checked, with the findings in the answer. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    before = None if command.statement is None else _unsent(state, command.statement)
    as_seen(
        0 if before is None else before.version,
        command.expected,
        what="statement",
        theirs=before.draft.text if before is not None and before.draft is not None else "",
        yours="\n\n".join(sentence.text for sentence in command.sentences),
    )
    plan = plan_of(known)
    template = _template(plan, command)
    audience = template.audience if template is not None else command.audience
    if audience is None:
        raise Refused("It is not said for whom it is.", "audience", "Name a template, or the audience.")
    places = _places(state, audience)
    sentences = (
        *(_paragraphs(template, places) if template is not None else ()),
        *(Sentence(text=one.text, facts=one.facts) for one in command.sentences),
    )
    subject = command.subject or (_filled(template.subject, places) if template is not None else None)
    if not sentences or subject is None:
        raise Refused(
            "It has no words yet.", "sentences", "Name a template, or give a subject and sentences."
        )
    body = StatementDrafted(
        audience=audience,
        template=command.template,
        subject=subject,
        sentences=sentences,
        channel=command.channel,
        recipients=command.recipients,
    )
    findings = (*check(body, plan), *_facts_behind(state, body, template))
    first = state.seq + 1 if command.statement is None else command.statement
    refs = [Ref("states", command.incident, fact) for fact in facts_of(sentences)]
    if command.statement is not None:
        refs.insert(0, Ref("revises", command.incident, first))
    breaks = tuple(dict.fromkeys(finding.rule for finding in problems(findings)))
    drafts = (
        Draft(command.incident, body, tuple(refs)),
        Draft(
            command.incident,
            StatementChecked(sha256=body.sha256, problems=breaks),
            (Ref("statement", command.incident, first),),
        ),
    )
    answer = {
        "statement": first,
        "version": 1 if before is None else before.version + 1,
        "sha256": body.sha256,
        "findings": [finding.sentence() for finding in findings],
    }
    return Decision(drafts, answer)


def check(body: StatementDrafted, plan: DisclosurePlan) -> tuple[Finding, ...]:
    """What is wrong with the words of a draft: its subject is line 1, a blank line follows."""
    return check_text(f"{body.subject}\n\n{body.text}", body.audience, plan.domains, "statement")


def approve_statement(states: States, command: ApproveStatement, context: Context, known: Known) -> Decision:
    """statement.approved. Raises NotFound, Refused, Conflict when it changed meanwhile."""
    state = still_open(states, command.incident)
    found = _unsent(state, command.statement)
    body = _as_read(found, command.sha256)
    if context.actor.account in found.drafters:
        raise Refused(
            "Whoever drafted a statement does not approve it.",
            "statement",
            "Ask somebody else with the authority for it.",
        )
    if found.approved_by is not None:
        raise Refused("These words are approved already.", "statement", "They can be sent.")
    broken = found.problems or tuple(finding.rule for finding in problems(check(body, plan_of(known))))
    if found.problems is None or broken:
        raise Refused(
            f"The check found: {', '.join(broken) or 'nothing, since it was not made'}.",
            "statement",
            "Mend the draft; each finding says how.",
        )
    draft = Draft(
        command.incident,
        StatementApproved(sha256=command.sha256),
        (Ref("statement", command.incident, command.statement),),
    )
    return Decision((draft,), {"statement": command.statement, "sha256": command.sha256})


def send_statement(states: States, command: SendStatement, context: Context, known: Known) -> Decision:
    """statement.sent, and effect.asked for each recipient. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    found = _unsent(state, command.statement)
    body = _as_read(found, command.sha256)
    if found.approved_by is None:
        raise Refused("Nobody has approved these words.", "statement", "Ask somebody else to approve them.")
    broken = problems(check(body, plan_of(known)))
    if broken:
        raise Refused(
            f"The check finds now: {', '.join(finding.rule for finding in broken)}.",
            "statement",
            "The plan changed since the approval: mend the draft and have it approved again.",
        )
    if not body.recipients:
        raise Refused(
            "It has no recipients.", "recipients", "Name them in the draft and have it approved again."
        )
    ref = (Ref("statement", command.incident, command.statement),)
    effects = [
        Draft(
            command.incident,
            EffectAsked(
                effect=context.id("effect", number),
                channel=body.channel,
                to=address_of(recipient, body.channel, known),
                subject=body.subject,
                text=body.text,
                payload={"sha256": command.sha256, "statement": f"{command.incident}/{command.statement}"},
                sort=Sort.STATEMENT,
            ),
            ref,
        )
        for number, recipient in enumerate(body.recipients)
    ]
    sent = StatementSent(sha256=command.sha256, effects=len(effects))
    answer = {"statement": command.statement, "effects": len(effects)}
    return Decision((Draft(command.incident, sent, ref), *effects), answer)


def address_of(recipient: str, channel: str, known: Known) -> tuple[str, ...]:
    """A contact or person of the plan in force by their address on this channel; others as they were written.

    Raises Refused when the plan knows them and no such way to them.
    """
    in_force = plan_known(known).in_force
    reachable = {**in_force.contacts.contacts, **in_force.people.people} if in_force else {}
    found = reachable.get(recipient)
    if found is None:
        return (recipient,)
    ways = tuple(way.address for way in ways_of(found) if way.channel == channel)
    if not ways:
        raise Refused(
            f"The plan knows no way to {recipient} by {channel}.", "recipients", "Take another channel."
        )
    return ways[:1]


def _unsent(state: StreamState, first: int) -> Statement:
    found = state.slice(STATEMENTS).statements.get(first)
    if found is None:
        raise Refused("This number is no statement.", "statement", "Take the number of its first draft.")
    if found.sent:
        raise Refused(
            "This statement was sent already.", "statement", "Draft a new one that corrects or continues it."
        )
    return found


def _as_read(found: Statement, sha256: str) -> StatementDrafted:
    """The draft whose words somebody read. Raises Conflict when they changed, Refused when a fact did."""
    if found.draft is None or found.sha256 is None:
        raise Refused("Its words were erased.", "statement", "Draft it anew.")
    if found.sha256 != sha256:
        raise Conflict(
            "The words changed since you read them.",
            "sha256",
            "Read them again, then decide.",
            theirs=found.sha256,
            yours=sha256,
            version=found.version,
        )
    if found.shaken:
        numbers = ", ".join(str(number) for number in found.flagged)
        raise Refused(
            f"A fact behind sentence {numbers} changed.",
            "statement",
            "Look at the fact, mend the sentence, and have it approved again.",
        )
    return found.draft


def _template(plan: DisclosurePlan, command: DraftStatement) -> Template | None:
    if command.template is None:
        return None
    found = plan.templates.get(command.template)
    if found is None:
        raise Refused(
            "The plan of this incident has no such template.", "template", "Take one from its list."
        )
    return found


def _places(state: StreamState, audience: Audience) -> dict[str, tuple[str, int]]:
    """What can stand in a place: the answer and its fact. An authority is also told what is not known yet."""
    known = {
        name: (one.answer, one.thing)
        for name, one in standing_answers(state).items()
        if one.thing is not None
    }
    if audience is Audience.REGULATOR:
        for name, one in state.slice(ANSWERS).facts.items():
            if one.answer == UNKNOWN:
                known[name] = (NOT_YET_KNOWN, -1)
    return known


def _paragraphs(template: Template, places: dict[str, tuple[str, int]]) -> tuple[Sentence, ...]:
    """The template's paragraphs with the answers put in, each resting on the facts that stand in it."""
    made: list[Sentence] = []
    for paragraph in template.text.split("\n\n"):
        words = _WRAPPED.sub(" ", "\n".join(line.strip() for line in paragraph.splitlines() if line.strip()))
        if not words:
            continue
        facts = {places[place][1] for place in PLACE.findall(words) if place in places}
        made.append(Sentence(text=_filled(words, places), facts=tuple(sorted(facts - {-1})), fixed=True))
    return tuple(made)


def _filled(text: str, places: dict[str, tuple[str, int]]) -> str:
    return PLACE.sub(lambda place: places[place[1]][0] if place[1] in places else place[0], text)


def _facts_behind(
    state: StreamState, body: StatementDrafted, template: Template | None
) -> tuple[Finding, ...]:
    """What does not rest on a confirmed fact: a sentence of one's own, or a fact that the template demands."""
    found: list[Finding] = []
    things = state.slice(FACTS).things
    for number, sentence in enumerate(body.sentences):
        line = 3 + 2 * number
        for fact in sentence.facts:
            thing = things.get(fact)
            if thing is None:
                found.append(
                    _finding(
                        line, "fact-gone", f"Number {fact} is no fact that stands.", "Name one that does."
                    )
                )
            elif thing.standing is not Worth.FACT:
                what = f"Number {fact} is only {'an' if thing.standing is Worth.ASSUMPTION else 'a'} {thing.standing}."
                found.append(_finding(line, "unconfirmed", what, "Have it confirmed first, or leave it out."))
        if (
            not sentence.facts
            and not sentence.fixed
            and body.audience is not Audience.INTERNAL
            and claims(sentence.text)
        ):
            what = "The sentence claims something and names no fact."
            found.append(_finding(line, "no-fact", what, "Give the number of the fact that it rests on."))
    answered = standing_answers(state)
    for fact in template.facts if template is not None else ():
        if fact not in answered:
            what = f"The template may be sent only when {fact} is answered."
            found.append(_finding(1, "fact-missing", what, "Answer it, with its source."))
    return tuple(found)


def _finding(line: int, rule: str, what: str, mend: str) -> Finding:
    return Finding(file="statement", line=line, rule=rule, what=what, mend=mend, clause="COM-02")


WORK = (
    Work(
        "draft-statement",
        "Draft a statement from confirmed facts, and check it.",
        Standing.RESPONDER,
        DraftStatement,
        draft_statement,
    ),
    Work(
        "approve-statement",
        "Approve the words of a statement that somebody else drafted.",
        Standing.RESPONDER,
        ApproveStatement,
        approve_statement,
    ),
    Work("send-statement", "Send an approved statement.", Standing.COMMAND, SendStatement, send_statement),
)
