"""All of access in one place: its rules by verb, its kinds of entries, its folds."""

from muster.access import accounts, inviting, passing, tokens, tying
from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.record.body import Kind
from muster.record.state import Folds

RULES: dict[Verb, Rule] = {rule.verb: rule for module in (inviting, tokens, tying) for rule in module.RULES}
KINDS: dict[str, Kind] = {**accounts.KINDS, **passing.KINDS}
FOLDS: Folds = accounts.FOLDS
