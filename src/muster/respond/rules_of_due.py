"""What comes due in one place: rules by verb, kinds of entries, the fold, and kinds without words to hide."""

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.record.body import Body, Kind
from muster.record.state import Folds
from muster.respond import calling, due, effects, timers

RULES: dict[Verb, Rule] = {rule.verb: rule for module in (effects, calling) for rule in module.RULES}
KINDS: dict[str, Kind] = {
    name: kind for module in (effects, calling, timers) for name, kind in module.KINDS.items()
}
FOLDS: Folds = {due.DUE.name: due.DUE}
FIXED: tuple[type[Body], ...] = (*effects.FIXED, *calling.FIXED, *timers.FIXED)
