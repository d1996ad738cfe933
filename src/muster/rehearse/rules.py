"""All of rehearse in one place: its rules by verb, its kinds of entries, its folds."""

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.record.body import Kind
from muster.record.state import Folds
from muster.rehearse import clock, drill, send_test

RULES: dict[Verb, Rule] = {rule.verb: rule for rule in (*drill.RULES, *send_test.RULES)}
KINDS: dict[str, Kind] = {**clock.KINDS}
FOLDS: Folds = {clock.CLOCK.name: clock.CLOCK}
