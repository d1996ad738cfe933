"""The registry of rehearsal: every verb on drills has its rule."""

from muster.access.verbs import VERBS, Target
from muster.rehearse.rules import FOLDS, KINDS, RULES


def test_every_command_on_drills_has_its_rule() -> None:
    wanted = {verb for verb, facts in VERBS.items() if facts.target in (Target.DRILL, Target.NEW_DRILL)}
    assert wanted <= set(RULES)
    assert all(rule.verb is verb for verb, rule in RULES.items())


def test_kinds_and_folds_go_by_their_names() -> None:
    assert all(kind.model.kind == name for name, kind in KINDS.items())
    assert all(fold.name == name for name, fold in FOLDS.items())
