"""The registry: every rule under its own verb, kinds and folds without doubles, secrets shown once only."""

from muster.access import rules as access_rules
from muster.access.verbs import Verb
from muster.app.registry import ALSO, FOLDS, KINDS, LOOKS_UP, RULES
from muster.record import log
from muster.rehearse import rules as rehearse_rules
from muster.respond import rules as respond_rules

PARTS = (log, access_rules, respond_rules, rehearse_rules)


def test_rules_stand_under_their_own_verb() -> None:
    assert all(rule.verb is verb for verb, rule in RULES.items())
    assert len(RULES) == len(access_rules.RULES) + len(respond_rules.RULES) + len(rehearse_rules.RULES)


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
