"""The registry: every rule under its own verb, kinds and folds without doubles, secrets shown once only."""

from muster.access import rules as access_rules
from muster.access.verbs import VERBS, Use, Verb
from muster.app.registry import ALSO, FOLDS, KINDS, LOOKS_UP, RULES
from muster.disclose import rules as disclose_rules
from muster.learn import rules as learn_rules
from muster.prepare import approving
from muster.record import log
from muster.record.entry import Entry
from muster.rehearse import rules as rehearse_rules
from muster.respond import rules as respond_rules
from muster.respond import rules_of_work
from muster.respond.redaction import REDACTIONS
from tests.access.world import header

PARTS = (
    log, access_rules, approving, respond_rules, rules_of_work, disclose_rules, learn_rules, rehearse_rules,
)  # fmt: skip


def test_rules_stand_under_their_own_verb() -> None:
    assert all(rule.verb is verb for verb, rule in RULES.items())
    counted = (access_rules.RULES, approving.RULES, respond_rules.RULES, rehearse_rules.RULES)
    work = (rules_of_work.rules(), disclose_rules.rules(), learn_rules.rules())
    assert len(RULES) == sum(map(len, counted)) + sum(map(len, work))
    assert set(learn_rules.RULES) == {Verb.STATE, Verb.CLOSE}
    assert all(RULES[verb] is rule for verb, rule in learn_rules.RULES.items())


def test_every_command_has_its_rule_and_its_line_of_help_is_the_same_everywhere() -> None:
    assert {verb for verb, facts in VERBS.items() if facts.use is not Use.READING} >= set(RULES)
    assert {verb for verb, facts in VERBS.items() if facts.use is Use.COMMAND} <= set(RULES)
    for work in (rules_of_work.WORK, disclose_rules.WORK, learn_rules.WORK):
        for word, one in work.items():
            assert VERBS[Verb(word)] == one.facts


def test_words_that_cannot_be_hidden_are_the_same_in_every_package() -> None:
    empty = FOLDS[REDACTIONS.name].empty
    for part in (approving, rules_of_work, disclose_rules, learn_rules):
        for body in part.FIXED:
            one = Entry(header(body.kind, seq=3), None)
            assert FOLDS[REDACTIONS.name].evolve(empty, one).fixed == (3,), body.kind


def test_no_kind_and_no_fold_hides_another() -> None:
    assert len(KINDS) == sum(len(part.KINDS) for part in PARTS)
    assert len(FOLDS) == sum(len(part.FOLDS) for part in PARTS[1:])
    assert all(kind.model.kind == name for name, kind in KINDS.items())
    assert all(fold.name == name for name, fold in FOLDS.items())


def test_what_is_done_beside_is_done_for_verbs_that_there_are() -> None:
    assert set(ALSO) <= set(RULES)
    assert set(LOOKS_UP) == {Verb.REPORT, Verb.SIGNAL, Verb.HITS}


def test_commands_never_say_who_acts_or_when_it_is_recorded() -> None:
    forbidden = {"actor", "who", "recorded_at", "through", "scopes", "duties_of", "plan", "id"}
    for rule in RULES.values():
        assert not forbidden & set(rule.command.model_fields), rule.verb
        assert rule.command.model_config.get("extra") == "forbid"
        assert rule.command.model_config.get("frozen")
        assert rule.command.__doc__


def test_only_a_token_has_a_lane_of_its_own() -> None:
    assert {verb for verb, rule in RULES.items() if "lane" in rule.command.model_fields} == {Verb.TOKEN}
