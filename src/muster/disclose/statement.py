"""A statement: sentences that rest on facts by their numbers; its entries, its fold, and what shakes it."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from muster.plan.templates import Audience
from muster.record.body import Body, kinds_of
from muster.record.canonical import canonical
from muster.record.entry import Entry, Header
from muster.record.state import Fold, Slice


class Sentence(BaseModel):
    """One sentence or paragraph, and the entries of the facts that it rests on. fixed: the plan's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    facts: tuple[int, ...] = ()
    fixed: bool = False


class StatementDrafted(Body):
    """A text as it stands. Refs: `revises` the first draft of it, `states` each fact that it rests on."""

    kind: ClassVar[str] = "statement.drafted"
    audience: Audience
    template: str | None = None
    subject: str
    sentences: tuple[Sentence, ...]
    channel: str
    recipients: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words as they go out."""
        return "\n\n".join(sentence.text for sentence in self.sentences)

    @property
    def sha256(self) -> str:
        """The hash of all that somebody approves: the words, what they rest on, to whom and by which way."""
        return hashlib.sha256(canonical(self.tree())).hexdigest()


class StatementChecked(Body):
    """The draft (ref `statement`) was checked. problems: the rules that it breaks; each blocks its approval."""

    kind: ClassVar[str] = "statement.checked"
    sha256: str
    problems: tuple[str, ...] = ()


class StatementApproved(Body):
    """Somebody else than its drafters approved exactly these words (ref `statement`)."""

    kind: ClassVar[str] = "statement.approved"
    sha256: str


class StatementSent(Body):
    """It was given to the door (ref `statement`), as the effects that follow."""

    kind: ClassVar[str] = "statement.sent"
    sha256: str
    effects: int


class Statement(Slice):
    """A statement as it stands. rests_on: by sentence; shaken: facts that changed since; words go when erased.

    at: the entry of the draft.
    """

    version: int = 1
    at: int = 0
    drafters: tuple[str, ...] = ()
    draft: StatementDrafted | None = None
    sha256: str | None = None
    rests_on: tuple[tuple[int, ...], ...] = ()
    shaken: tuple[int, ...] = ()
    problems: tuple[str, ...] | None = None
    approved_by: str | None = None
    sent: bool = False

    @property
    def facts(self) -> frozenset[int]:
        """All facts that it rests on."""
        return frozenset(fact for facts in self.rests_on for fact in facts)

    @property
    def flagged(self) -> tuple[int, ...]:
        """Which sentences, counted from 1, rest on a fact that changed."""
        shaken = frozenset(self.shaken)
        return tuple(number for number, facts in enumerate(self.rests_on, 1) if shaken & set(facts))


class Statements(Slice):
    """The statements of an incident by the number of the first draft."""

    statements: dict[int, Statement] = Field(default_factory=dict[int, Statement])


# A fact changes when it is settled, corrected, hidden or erased.
_SHAKES = frozenset({"settles", "corrects", "hides", "erases"})


def evolve(statements: Statements, entry: Entry) -> Statements:
    """The statements after one more entry; kinds and refs tell drafts, approvals and shaken facts."""
    head = entry.header
    match head.kind:
        case StatementDrafted.kind:
            return _drafted(statements, entry)
        case StatementChecked.kind:
            problems = entry.body.problems if isinstance(entry.body, StatementChecked) else ("withheld",)
            return _changed(statements, head, problems=problems)
        case StatementApproved.kind:
            return _changed(statements, head, approved_by=head.who)
        case StatementSent.kind:
            return _changed(statements, head, sent=True)
        case _:
            return _shaken(statements, head)


def _drafted(statements: Statements, entry: Entry) -> Statements:
    head = entry.header
    first = next((ref.seq for ref in head.refs if ref.rel == "revises"), head.seq)
    before = statements.statements.get(first)
    body = entry.body if isinstance(entry.body, StatementDrafted) else None
    stated = tuple(ref.seq for ref in head.refs if ref.rel == "states")
    now = Statement(
        version=1 if before is None else before.version + 1,
        at=head.seq,
        drafters=tuple(sorted({head.who, *(before.drafters if before else ())})),
        draft=body,
        sha256=None if body is None else body.sha256,
        rests_on=(stated,) if body is None else tuple(sentence.facts for sentence in body.sentences),
    )
    return Statements(statements={**statements.statements, first: now})


def _changed(statements: Statements, head: Header, **changes: object) -> Statements:
    first = next((ref.seq for ref in head.refs if ref.rel == "statement"), None)
    found = None if first is None else statements.statements.get(first)
    if first is None or found is None:
        return statements
    return Statements(statements={**statements.statements, first: found.model_copy(update=changes)})


def _shaken(statements: Statements, head: Header) -> Statements:
    """A fact behind a sentence changed, so the sentence is flagged and the approval is void."""
    moved = {ref.seq for ref in head.refs if ref.rel in _SHAKES}
    if not moved:
        return statements
    now = {
        first: one.model_copy(
            update={
                "shaken": tuple(sorted({*one.shaken, *(moved & one.facts)})),
                "approved_by": one.approved_by if one.sent else None,
            }
        )
        if moved & one.facts
        else one
        for first, one in statements.statements.items()
    }
    return Statements(statements=now)


STATEMENTS = Fold("statements", Statements(), evolve)
KINDS = kinds_of(StatementDrafted, StatementChecked, StatementApproved, StatementSent)
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (StatementChecked, StatementApproved, StatementSent)


def facts_of(sentences: Iterable[Sentence]) -> tuple[int, ...]:
    """Every fact that they rest on, each once, ascending."""
    return tuple(sorted({fact for sentence in sentences for fact in sentence.facts}))
