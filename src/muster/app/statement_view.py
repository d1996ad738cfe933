"""Statements as people see them: their sentences, the facts behind each, and how far they are on their way."""

from muster.app.look import ERASED, HIDDEN, Look
from muster.app.views import View
from muster.disclose.planned import plan_of
from muster.disclose.statement import STATEMENTS, Statement
from muster.plan.templates import Audience
from muster.respond.able import commands
from muster.respond.facts import FACTS, Standing

MOST = 40


class BehindView(View):
    """A fact behind a sentence: its number and words, and whether it changed or no longer stands as a fact."""

    seq: int
    text: str
    changed: bool
    stands: bool


class SentenceView(View):
    """One sentence. fixed: words of the plan; flagged: a fact behind it changed since."""

    text: str
    fixed: bool
    flagged: bool
    behind: tuple[BehindView, ...]


class StatementView(View):
    """A statement. state: draft, approved or sent. problems: what the check found; each keeps it from being approved."""

    seq: int
    version: int
    state: str
    readable: bool
    missing: str
    audience: str
    template: str
    subject: str
    sentences: tuple[SentenceView, ...]
    flagged: tuple[int, ...]
    channel: str
    recipients: tuple[str, ...]
    sha256: str
    problems: tuple[str, ...]
    drafters: tuple[str, ...]
    mine: bool
    approved_by: str


class StatementsView(View):
    """All statements, the newest first; and the templates, audiences and recipients to choose from."""

    statements: tuple[StatementView, ...]
    more: int
    templates: tuple[tuple[str, str], ...]
    audiences: tuple[str, ...]
    recipients: tuple[tuple[str, str], ...]
    commands: bool


def view(look: Look) -> StatementsView:
    """The statements of an incident, for whoever looks."""
    every = list(look.state.slice(STATEMENTS).statements.items())
    shown = every[-MOST:]
    in_force = look.told.in_force
    contacts = in_force.contacts.contacts if in_force else {}
    people = in_force.people.people if in_force else {}
    return StatementsView(
        statements=tuple(_statement(look, seq, one) for seq, one in reversed(shown)),
        more=len(every) - len(shown),
        templates=tuple(
            (name, f"{one.title} ({one.audience})") for name, one in plan_of(look.told).templates.items()
        ),
        audiences=tuple(one.value for one in Audience),
        recipients=(
            *((name, one.name) for name, one in contacts.items()),
            *((name, one.name) for name, one in people.items()),
        ),
        commands=commands(look.state, look.account),
    )


def shaken(look: Look) -> tuple[int, ...]:
    """The statements that are not sent and rest on a fact that changed."""
    every = look.state.slice(STATEMENTS).statements
    return tuple(seq for seq, one in every.items() if one.shaken and not one.sent)


def to_approve(look: Look) -> tuple[int, ...]:
    """The statements that passed their check and that somebody else than their drafters has still to approve."""
    every = look.state.slice(STATEMENTS).statements
    return tuple(
        seq
        for seq, one in every.items()
        if not one.sent
        and one.approved_by is None
        and one.problems == ()
        and not one.shaken
        and look.account not in one.drafters
    )


def _statement(look: Look, seq: int, one: Statement) -> StatementView:
    hidden = one.at in look.words.hidden or seq in look.words.hidden
    draft = None if hidden else one.draft
    sentences = draft.sentences if draft else ()
    return StatementView(
        seq=seq,
        version=one.version,
        state="sent" if one.sent else "approved" if one.approved_by else "draft",
        readable=draft is not None,
        missing="" if draft else HIDDEN if hidden else ERASED,
        audience=draft.audience.value if draft else "",
        template=(draft.template or "") if draft else "",
        subject=draft.subject if draft else "",
        sentences=tuple(
            SentenceView(
                text=sentence.text,
                fixed=sentence.fixed,
                flagged=number in one.flagged,
                behind=tuple(_behind(look, fact, one.shaken) for fact in sentence.facts),
            )
            for number, sentence in enumerate(sentences, 1)
        ),
        flagged=one.flagged,
        channel=draft.channel if draft else "",
        recipients=draft.recipients if draft else (),
        sha256=one.sha256 or "",
        problems=one.problems or () if one.problems is not None else ("not checked",),
        drafters=tuple(look.name(account) for account in one.drafters),
        mine=look.account in one.drafters,
        approved_by=look.name(one.approved_by) if one.approved_by else "",
    )


def _behind(look: Look, seq: int, changed: tuple[int, ...]) -> BehindView:
    thing = look.state.slice(FACTS).things.get(seq)
    return BehindView(
        seq=seq,
        text=look.fact(seq),
        changed=seq in changed,
        stands=thing is not None and thing.standing is Standing.FACT,
    )
