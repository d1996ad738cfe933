"""The verbs of work say the same of themselves as their rules do."""

from muster.access.verbs import VERBS
from muster.access.work_verbs import WORK_VERBS
from muster.disclose import rules as disclose_rules
from muster.learn import rules as learn_rules
from muster.respond import rules_of_work


def test_they_stand_among_all_verbs() -> None:
    assert VERBS.items() >= WORK_VERBS.items()


def test_the_summary_and_standing_of_a_rule_are_those_that_access_asks_for() -> None:
    rules = {**rules_of_work.WORK, **disclose_rules.WORK, **learn_rules.WORK}
    said = {one.word: (one.summary, one.standing) for one in rules.values()}
    said |= {one.word: (one.summary, one.standing) for one in learn_rules.PLAN_WORK.values()}
    own = {"approve-plan", "tie"}
    assert {verb.value for verb in WORK_VERBS} == set(said) | own
    for verb, facts in WORK_VERBS.items():
        if verb.value not in own:
            assert said[verb.value] == (facts.summary, facts.standing), verb
