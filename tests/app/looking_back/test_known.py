"""What was known when: a decision holds it, other turning points are folded, and what came later is in none."""

from muster.app.looking_back.known import turning_points
from tests.app.looking_back.night import night


def test_a_decision_shows_the_facts_of_its_minute_as_its_entry_holds_them() -> None:
    told = night()
    decision = next(one for one in turning_points(told.past()) if one.kind == "decision")

    assert [(one.seq, one.worth) for one in decision.knew] == [
        (told.seqs["fact"], "fact"),
        (told.seqs["assumption"], "assumption"),
    ]
    assert decision.written_then
    assert (decision.what, decision.asked, decision.options) == (
        "Tell them today", "Tell the customers today?", ("today", "later"),
    )  # fmt: skip
    assert (decision.objections, decision.authority) == ("None.", "notify-customers")


def test_other_turning_points_hold_what_stood_before_them_and_nothing_later() -> None:
    told = night()
    turns = {one.seq: one for one in turning_points(told.past())}

    assert turns[told.seqs["rated"]].knew == ()
    posture = turns[told.seqs["posture"]]
    assert [(one.seq, one.worth, one.new) for one in posture.knew] == [
        (told.seqs["fact"], "fact", True),
        (told.seqs["assumption"], "assumption", True),
        (told.seqs["question"], "question", True),
    ]
    assert all(knew.seq < seq for seq, turn in turns.items() for knew in turn.knew)


def test_a_choice_of_a_playbook_says_what_it_means() -> None:
    choice = next(one for one in turning_points(night().past()) if one.kind == "choice")

    assert choice.what.startswith("stranger: ")
    assert choice.asked == "Is this a stranger?"
    assert choice.reason == "Nobody of ours did this."


def test_hidden_words_are_not_told_and_their_time_stands() -> None:
    told = night()
    seqs = frozenset({told.seqs["decided"], told.seqs["fact"]})
    decision = next(one for one in turning_points(told.past(hidden=seqs)) if one.kind == "decision")

    assert (decision.what, decision.reason) == ("(hidden)", "")
    assert decision.knew[0].text == "(hidden)"
    assert decision.at == told.at("decided")
