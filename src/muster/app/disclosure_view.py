"""Disclosure as people see it: legal clocks with what they need, the plan's questions, and who is for what responsible."""

from datetime import datetime

from muster.app import statement_view
from muster.app.look import Look
from muster.app.statement_view import StatementsView
from muster.app.views import View
from muster.core.time import stored
from muster.disclose.answers import ANSWERS, UNKNOWN, standing_answers
from muster.disclose.clock import Clock, ClockState, next_due
from muster.disclose.filing import OWN_ANCHORS
from muster.disclose.owed import OWED, ReceiptKept, anchor_key, clocks_of
from muster.disclose.planned import plan_of
from muster.plan.obligations import Anchor
from muster.plan.severity import YesNo
from muster.record.state import StreamState
from muster.respond.able import commands

MOST_QUESTIONS = 200


class ClockView(View):
    """One stage of an obligation. anchor_for: the obligation for which its anchor is recorded; empty for all.

    anchor_seq: the entry that started it; anchor_version: how often that was recorded. law: the legal source.
    """

    key: str
    obligation: str
    stage: str
    title: str
    law: str
    state: str
    why: str
    open: bool
    overdue: bool
    due: str
    legal_due: str
    steps: tuple[str, ...]
    needs: tuple[str, ...]
    gaps: tuple[str, ...]
    warning: str
    earlier: int
    anchor: str
    anchor_means: str
    anchor_for: str
    anchor_seq: int | None
    anchor_version: int
    recordable: bool
    recipients: tuple[str, ...]
    template: str
    filed: str
    receipt: str


class ScopeView(View):
    """Whether an obligation is for us. declared: whether the incident says so; else the plan does."""

    obligation: str
    title: str
    law: str
    source: str
    owner: str
    ours: str
    declared: bool
    version: int


class QuestionView(View):
    """A question of the plan with its answer. wanted: a clock waits for it. source: the fact that says so, by number."""

    fact: str
    question: str
    role: str
    kind: str
    choices: tuple[str, ...]
    answer: str
    source: int | None
    unknown: bool
    version: int
    wanted: bool


class DisclosureView(View):
    """All of it. clocks: open ones, the first due first; done: those that are filed or not for us."""

    clocks: tuple[ClockView, ...]
    done: tuple[ClockView, ...]
    scopes: tuple[ScopeView, ...]
    questions: tuple[QuestionView, ...]
    statements: StatementsView
    commands: bool


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows: receipts stand directly after their filings."""
    return {one.seq + 1 for one in state.slice(OWED).filings.values()}


def next_clock(look: Look) -> ClockView | None:
    """The clock that runs out first; None when none runs."""
    found = next_due(_clocks(look))
    return None if found is None else _clock(look, found)


def view(look: Look) -> DisclosureView:
    """The disclosure of an incident, for whoever looks."""
    every = [_clock(look, one) for one in _clocks(look)]
    wanted = {fact for one in every if one.open for fact in one.needs}
    return DisclosureView(
        clocks=tuple(one for one in every if one.open),
        done=tuple(one for one in every if not one.open),
        scopes=_scopes(look),
        questions=_questions(look, wanted),
        statements=statement_view.view(look),
        commands=commands(look.state, look.account),
    )


def _clocks(look: Look) -> tuple[Clock, ...]:
    return clocks_of(look.state, plan_of(look.told).obligations, look.now)


def _clock(look: Look, clock: Clock) -> ClockView:
    anchor = clock.stage.anchor
    anchor_for = clock.name if anchor in OWN_ANCHORS else ""
    rows = look.state.slice(OWED).anchors.get(anchor_key(anchor, anchor_for or None), ())
    counts = rows[-1] if rows and not rows[-1].undone else None
    receipt = None if clock.filed is None else look.words.body(clock.filed.seq + 1)
    return ClockView(
        key=clock.key,
        obligation=clock.name,
        stage=clock.stage_name,
        title=clock.obligation.title,
        law=f"{clock.obligation.instrument}, {clock.obligation.provision}",
        state=clock.state.value,
        why=_words(clock),
        open=clock.open,
        overdue=clock.state is ClockState.OVERDUE,
        due=_time(clock.operational_due),
        legal_due=_time(clock.legal_due),
        steps=clock.deadline.steps if clock.deadline else (),
        needs=clock.needs,
        gaps=clock.gaps,
        warning=clock.warning or "",
        earlier=len(clock.earlier),
        anchor=anchor.value,
        anchor_means=clock.stage.anchor_means,
        anchor_for=anchor_for,
        anchor_seq=counts.seq if counts else None,
        anchor_version=len(rows),
        recordable=anchor is not Anchor.SUBMITTED,
        recipients=clock.stage.recipients,
        template=clock.stage.template or "",
        filed=_time(clock.filed.at.at if clock.filed else None),
        receipt=receipt.text if isinstance(receipt, ReceiptKept) else "",
    )


def _words(clock: Clock) -> str:
    """Why it stands as it does, without the times that stand beside it."""
    if clock.state is ClockState.RUNNING and clock.operational_due is not None:
        return ""
    return clock.why


def _time(at: datetime | None) -> str:
    return "" if at is None else stored(at)


def _scopes(look: Look) -> tuple[ScopeView, ...]:
    declared = look.state.slice(OWED).scope
    return tuple(
        ScopeView(
            obligation=name,
            title=one.title,
            law=f"{one.instrument}, {one.provision}",
            source=one.source.locator,
            owner=one.owner,
            ours=declared[name].ours.value if name in declared else YesNo.YES.value,
            declared=name in declared,
            version=declared[name].version if name in declared else 0,
        )
        for name, one in plan_of(look.told).obligations.items()
    )


def _questions(look: Look, wanted: set[str]) -> tuple[QuestionView, ...]:
    """The questions of the plan: what a clock waits for first, then what is open, then the rest."""
    kept, stands = look.state.slice(ANSWERS).facts, standing_answers(look.state)
    found: list[QuestionView] = []
    for name, asked in plan_of(look.told).facts.items():
        answer, holds = kept.get(name), stands.get(name)
        found.append(
            QuestionView(
                fact=name,
                question=asked.question,
                role=asked.answered_by,
                kind=asked.kind.value,
                choices=asked.choices,
                answer=holds.answer if holds else "",
                source=holds.thing if holds else None,
                unknown=answer is not None and answer.answer == UNKNOWN,
                version=answer.version if answer else 0,
                wanted=name in wanted,
            )
        )
    found.sort(key=lambda one: (not one.wanted, bool(one.answer)))
    return tuple(found[:MOST_QUESTIONS])
