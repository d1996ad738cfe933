"""A statement folds from its entries: versions, flags on sentences, approvals that every change voids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.disclose.statement import (
    STATEMENTS,
    Sentence,
    Statement,
    StatementApproved,
    StatementChecked,
    StatementDrafted,
    Statements,
    StatementSent,
    facts_of,
)
from muster.plan.templates import Audience
from muster.record.body import Body
from muster.record.entry import Entry
from muster.respond.facts import Confirmed, Refuted
from muster.respond.log import LogWritten
from muster.respond.redaction import EntryErased, EntryRedacted
from tests.access.world import ANA, BEN, entry, erased, refs

INC = "INC-000000"
SHA = "0" * 64


def drafted(*sentences: Sentence, **more: object) -> StatementDrafted:
    given = {"audience": Audience.CUSTOMER, "subject": "x", "sentences": sentences, "channel": "mail", **more}
    return StatementDrafted.model_validate(given)


TEXT = drafted(Sentence(text="One", facts=(3,)), Sentence(text="Two", facts=(3, 4)), Sentence(text="Three"))


def first(seq: int = 5, *, who: str = ANA.account) -> Entry:
    return entry(TEXT, seq=seq, who=who, refs=refs(("states", INC, 3), ("states", INC, 4)))


def folded(*entries: Entry) -> Statement:
    state: Statements = STATEMENTS.empty
    for one in entries:
        state = STATEMENTS.evolve(state, one)
    return state.statements[5]


def about(body: Body, seq: int, **more: object) -> Entry:
    return entry(body, seq=seq, refs=refs(("statement", INC, 5)), **more)


CHECKED = about(StatementChecked(sha256=SHA), 6)
APPROVED = about(StatementApproved(sha256=SHA), 7, who=BEN.account)


def test_a_draft_checked_and_approved() -> None:
    now = folded(first(), CHECKED, APPROVED)
    assert (now.version, now.drafters, now.problems, now.approved_by) == (1, (ANA.account,), (), BEN.account)
    assert now.rests_on == ((3,), (3, 4), ())
    assert now.sha256 == TEXT.sha256


def test_any_new_draft_voids_check_and_approval_and_adds_its_drafter() -> None:
    again = entry(TEXT, seq=8, who=BEN.account, refs=refs(("revises", INC, 5)))
    now = folded(first(), CHECKED, APPROVED, again)
    assert (now.version, now.problems, now.approved_by) == (2, None, None)
    assert set(now.drafters) == {ANA.account, BEN.account}


@pytest.mark.parametrize(
    ("body", "rel"),
    [
        (Refuted(text="x"), "settles"),
        (Confirmed(text="x", source="y"), "settles"),
        (LogWritten(text="x"), "corrects"),
        (EntryRedacted(seq=4, reason="x"), "hides"),
        (EntryErased(seq=4), "erases"),
    ],
)
@pytest.mark.parametrize("gone", [False, True])
def test_a_fact_that_changes_flags_its_sentence_and_voids_the_approval(
    body: Body, rel: str, gone: bool
) -> None:
    change = entry(body, seq=8, refs=refs((rel, INC, 4)))
    now = folded(first(), CHECKED, APPROVED, erased(change) if gone else change)
    assert (now.flagged, now.shaken, now.approved_by) == ((2,), (4,), None)
    other = folded(first(), CHECKED, APPROVED, entry(body, seq=8, refs=refs((rel, INC, 2))))
    assert (other.flagged, other.approved_by) == ((), BEN.account)


def test_a_sent_statement_keeps_its_approval_and_is_flagged() -> None:
    change = entry(Refuted(text="x"), seq=9, refs=refs(("settles", INC, 3)))
    now = folded(first(), CHECKED, APPROVED, about(StatementSent(sha256=SHA, effects=1), 8), change)
    assert (now.sent, now.approved_by, now.flagged) == (True, BEN.account, (1, 2))


def test_erased_words_leave_what_it_rested_on() -> None:
    now = folded(erased(first()), erased(CHECKED), erased(APPROVED))
    assert (now.draft, now.sha256, now.facts) == (None, None, frozenset({3, 4}))
    assert now.problems == ("withheld",)
    assert now.approved_by == BEN.account


def test_an_entry_about_no_statement_changes_nothing() -> None:
    state = STATEMENTS.evolve(STATEMENTS.empty, CHECKED)
    assert state == STATEMENTS.empty
    assert STATEMENTS.evolve(state, entry(StatementApproved(sha256=SHA), seq=3)) == state


CHANGES = st.sampled_from(
    [
        {"subject": "y"}, {"channel": "page"}, {"recipients": ("a",)}, {"audience": Audience.PUBLIC}, {"template": "t"},
        {"sentences": (Sentence(text="One", facts=(4,)),)}, {"sentences": (Sentence(text="One."),)},
    ]
)  # fmt: skip


@given(CHANGES)
def test_the_hash_is_of_all_that_is_approved(change: dict[str, object]) -> None:
    assert TEXT.model_copy(update=change).sha256 != TEXT.sha256
    assert TEXT.text == "One\n\nTwo\n\nThree"
    assert facts_of(TEXT.sentences) == (3, 4)


def test_it_knows_which_entry_holds_its_words() -> None:
    revised = entry(TEXT, seq=9, refs=refs(("revises", INC, 5)))
    assert folded(first()).at == 5
    assert folded(first(), revised).at == 9
