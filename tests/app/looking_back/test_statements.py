"""Statements looked back on: every version by its hash, who drafted and approved, and the sentence that was flagged."""

from muster.app.looking_back.statements import statements_told
from tests.app.looking_back.night import night, statement


def test_the_sentence_is_flagged_when_a_fact_behind_it_changed_and_the_next_version_is_not() -> None:
    told = night()
    (one,) = statements_told(told.past())
    first, second = one.drafts
    (flag,) = first.flagged

    assert (flag.sentence, flag.text) == (2, "It concerns names.")
    assert (flag.fact, flag.by, flag.became) == (told.seqs["kinds"], told.seqs["withdrawn"], "withdrawn")
    assert (flag.said, flag.anew) == ("Which data? names", "Which data? names and numbers")
    assert second.flagged == ()


def test_an_approval_names_the_hash_of_the_words_that_went_out() -> None:
    told = night()
    first, second = statements_told(told.past())[0].drafts

    assert (first.who, first.approved_by) == ("Caro", "")
    assert second.approved_by == "Dora"
    assert second.sha256 == statement("names and numbers", told.seqs["kinds-anew"]).sha256 != first.sha256


def test_it_says_to_whom_it_went_and_what_became_of_it() -> None:
    told = night()
    (one,) = statements_told(told.past())

    assert (one.sent_at, one.sent_by) == (told.at("letter-sent"), "Ben")
    assert [(sent.to, sent.channel, sent.became) for sent in one.sent] == [
        ("customers", "mail", "dry run: nothing was sent")
    ]


def test_erased_words_are_gone_and_the_approval_stands() -> None:
    told = night()
    (one,) = statements_told(told.past(erased=frozenset({told.seqs["letter-anew"]})))

    assert not one.readable
    assert one.subject == "(erased)"
    assert one.last.approved_by == "Dora"
