"""The linter: every rule over the whole plan; a plan that cannot be read is complained about as such first."""

from datetime import datetime

from muster.plan.finding import Finding, in_order
from muster.plan.lints import (
    ignore_rules,
    message_rules,
    people_rules,
    playbook_rules,
    policy_rules,
    references,
    role_rules,
    service_rules,
)
from muster.plan.lints.spot import Asked, LintRule
from muster.plan.load import Loaded, load
from muster.plan.tree import Tree

RULES: tuple[LintRule, ...] = (
    *policy_rules.RULES,
    *people_rules.RULES,
    *role_rules.RULES,
    *service_rules.RULES,
    *playbook_rules.RULES,
    *message_rules.RULES,
    *ignore_rules.RULES,
    *references.RULES,
)


def check(tree: Tree, now: datetime) -> tuple[Finding, ...]:
    """All findings for a tree of files, in the order of files and lines. Raises BadInput when it breaks the limits."""
    return lint(load(tree), now)


def lint(loaded: Loaded, now: datetime) -> tuple[Finding, ...]:
    """All findings for a loaded plan. now: an aware instant; what is stale is stale by it."""
    found = list(loaded.findings)
    if loaded.plan is not None:
        asked = Asked(loaded.plan, now)
        for rule in RULES:
            found += [
                Finding(
                    file=spot.file,
                    line=loaded.line(spot.file, spot.path) + spot.below,
                    rule=rule.id,
                    what=spot.what,
                    mend=spot.mend,
                    clause=rule.clause,
                    weight=rule.weight,
                )
                for spot in rule.look(asked)
            ]
    return in_order(found)
