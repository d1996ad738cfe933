"""The guard looked back on: asked anew with the record of that minute, whatever anybody wrote about it."""

from muster.app.looking_back.guarded import actions_told
from muster.respond.actions import ActionApproved, ActionStarted, ActionWithdrawn
from muster.respond.decisions import DecisionMade
from muster.respond.guard import weigh
from muster.respond.weighing import situation
from tests.app.looking_back.night import Telling, night, past, proposal


def test_the_action_that_was_held_back_comes_first_with_the_guards_reasons_and_something_milder() -> None:
    told = night()
    held = actions_told(told.past())[0]

    assert (held.seq, held.held, held.ended, held.started) == (told.seqs["cut"], True, "withdrawn", False)
    assert held.guard is not None
    assert held.guard.level == "hold"
    assert held.guard.reasons == (
        "No evidence was captured of customer-portal, and this changes it.",
        "The company stands still without customer-portal.",
    )
    assert held.guard.milder == "Save memory and logs of customer-portal first; then this is free to go."
    assert held.guard.at == told.at("cut-withdrawn")
    assert [(move.what, move.who) for move in held.moves] == [("approved", "Ben"), ("withdrawn", "Caro")]
    assert held.moves[-1].words == "The guard is right: memory first."


def test_it_is_the_same_answer_as_the_rule_gave_with_that_state() -> None:
    told = night()
    seen = told.past()
    before = past(Telling(entries=told.told.entries[: told.seqs["cut-withdrawn"]]))
    asked = weigh(situation(before.state, seen.told(seen.entries[0]), proposal(), second_person=True))
    guard = actions_told(seen)[0].guard

    assert guard is not None
    assert guard.reasons == tuple(one.sentence for one in asked.reasons)


def test_evidence_that_came_before_lets_the_next_action_go() -> None:
    told = night()
    done = actions_told(told.past())[1]

    assert done.guard is not None
    assert (done.seq, done.held, done.guard.level) == (told.seqs["isolate"], False, "go")
    assert [move.what for move in done.moves] == ["approved", "started", "done", "verified"]


def test_evidence_that_comes_later_does_not_change_what_the_guard_said_then() -> None:
    told = Telling()
    told.entries += night().told.entries[: night().seqs["evidence"]]

    before = actions_told(past(told))[0].guard
    after = actions_told(night().past())[0].guard
    assert before is not None
    assert after is not None
    assert before.reasons == after.reasons


def test_who_decided_against_the_guard_is_heard() -> None:
    told = Telling()
    told.say(proposal(), "caro")
    told.say(
        ActionApproved(sha256=proposal().sha256, role="commander", until="2026-11-24T09:00:00.000000Z"),
        "ben",
        None,
        (("action", 0),),
    )
    told.say(DecisionMade(text="Do it", reason="Data is leaving this minute."), "ben")
    told.say(ActionStarted(sha256=proposal().sha256), "caro", None, (("action", 0), ("decided", 2)))
    (action,) = actions_told(past(told))

    assert action.guard is not None
    assert (action.held, action.guard.level, action.override) == (
        False,
        "hold",
        "Data is leaving this minute.",
    )


def test_without_the_plan_of_that_time_nobody_says_what_the_guard_said() -> None:
    action = actions_told(night().past(known=False))[0]

    assert action.guard is None
    assert not action.held


def test_a_hidden_proposal_keeps_its_times_and_loses_its_words() -> None:
    told = night()
    action = next(
        one
        for one in actions_told(told.past(hidden=frozenset({told.seqs["cut"]})))
        if one.seq == told.seqs["cut"]
    )

    assert (action.readable, action.title, action.guard) == (False, "(hidden)", None)
    assert [move.what for move in action.moves] == ["approved", "withdrawn"]


def test_one_that_is_still_proposed_is_weighed_with_all_that_is_known_now() -> None:
    told = Telling()
    told.say(proposal(), "caro")
    (action,) = actions_told(past(told))

    assert action.ended == "proposed, not done"
    assert action.held


def test_a_changed_proposal_is_weighed_as_it_stood_when_it_was_withdrawn() -> None:
    told = Telling()
    told.say(proposal(), "caro")
    told.say(
        proposal(evidence_effect="none", target="PORTAL-02", target_kind="host"),
        "caro",
        None,
        (("action", 0),),
    )
    told.say(ActionWithdrawn(), "caro", None, (("action", 0),))
    (action,) = actions_told(past(told))

    assert action.target == "PORTAL-02"
    assert action.moves[0].what == "proposed anew"
