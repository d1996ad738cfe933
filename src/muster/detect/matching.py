"""Rulesets over batches: which rule matches which rows. A pure function; batches may have any size and any columns.

Values are tested, not rows: each distinct value of a column is tested once, by all rules together. And in steps, so
that what costs much is asked of few: first what lets a kind of event in (see `gate`), then the early tests of the
fields that the rules of that kind name, then the late tests, on those rows only on which a rule still hangs.

Fields are compared by their exact name, values as text. A comparison on an absent field is false, so its negation is
true. Texts, affixes and wildcards ignore case (see `folding`); `re` searches, minds case and lets the dot match a
newline; keywords are looked for in all values of the event, joined. Which events a rule may meet at all is said in
`routing`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.detect import gate, routing, row_set
from muster.detect.columns import Batch
from muster.detect.faults import Ask, Faults
from muster.detect.program import Node, Passed
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Ruleset
from muster.detect.table import Table


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule matched these rows of the batch: 0-based, ascending, never empty."""

    rule: RuleKey
    rows: tuple[int, ...]


def match(ruleset: Ruleset, batch: Batch, faults: Faults | None = None) -> list[Hit]:
    """The hits of one `pyarrow.RecordBatch`, in the order of the ruleset. Raises `BadInput` on columns not of text.

    faults: takes the rules that raise, which are set aside; without it, what they raise ends the match.
    """
    size = batch.num_rows
    if not size or not ruleset.loaded:
        return []
    table = Table(batch, ruleset.tests)
    routes = table.routes()
    guarded = _Guarded(table, faults)
    allowed = _opened(ruleset, guarded, routes)
    open_rows = _early(ruleset, guarded, allowed)
    if faults is not None:
        faults.close(ruleset.loaded)
    hits: list[Hit] = []
    for place in sorted(open_rows):
        one = ruleset.loaded[place]
        if faults is not None and one.rule.key in faults.by_rule:
            continue
        rows = guarded.rows((one.rule.key,), one.program, (table.passed, table.passed), open_rows[place])
        if rows & routes.unknown and routing.is_particular(one.rule.source):
            rows &= ~routes.unknown | table.having(one.fields)
        if rows:
            hits.append(Hit(one.rule.key, row_set.to_rows(rows)))
    return hits


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A table whose tests and programs are asked so that what raises is set aside, where faults are taken."""

    table: Table
    faults: Faults | None

    def ask(self, ask: Ask, wanted: Mapping[str, int]) -> None:
        if self.faults is None:
            ask(wanted)
        else:
            self.faults.ask(ask, wanted)

    def rows(self, keys: Iterable[RuleKey], program: Node, tables: tuple[Passed, Passed], within: int) -> int:
        if self.faults is None:
            return program.rows(*tables, within)
        return self.faults.rows(keys, program, tables, within)


def _opened(ruleset: Ruleset, guarded: _Guarded, routes: routing.Routes) -> dict[int, int]:
    """Rules whose gate lets rows through -> those rows. Afterwards the early tests of their fields are asked."""
    table = guarded.table
    everything = row_set.everything(table.size)
    first = dict.fromkeys(gate.FIELDS & ruleset.tests.fields.keys(), everything)
    guarded.ask(table.ask_early, first)
    guarded.ask(table.ask_late, first)
    allowed: dict[int, int] = {}
    wanted: defaultdict[str, int] = defaultdict(int)
    of_source = [routes.rows(source) for source in ruleset.sources]
    for one in ruleset.gates:
        rows = of_source[one.source]
        if rows:
            keys = (ruleset.loaded[place].rule.key for place in one.rules)
            rows = guarded.rows(keys, one.program, (table.passed, table.passed), rows)
        if rows:
            for field in one.fields:
                wanted[field] |= rows
            allowed.update(dict.fromkeys(one.rules, rows))
    guarded.ask(table.ask_early, {field: rows for field, rows in wanted.items() if field not in first})
    return allowed


def _early(ruleset: Ruleset, guarded: _Guarded, allowed: dict[int, int]) -> dict[int, int]:
    """Rules that may still match -> the rows. Afterwards the late tests are asked, where it depends on them."""
    table = guarded.table
    may = dict.fromkeys(ruleset.tests.late, row_set.everything(table.size)) | table.passed
    passed = table.passed.keys()
    open_rows: dict[int, int] = {}
    wanted: defaultdict[str, int] = defaultdict(int)
    for place, rows in allowed.items():
        one = ruleset.loaded[place]
        if one.required and passed.isdisjoint(one.required):
            continue
        if one.late:
            left = guarded.rows((one.rule.key,), one.program, (may, table.passed), rows)
            for field in one.late if left else ():
                wanted[field] |= left
        else:
            left = rows
        if left:
            open_rows[place] = left
    guarded.ask(table.ask_late, {field: rows for field, rows in wanted.items() if field not in gate.FIELDS})
    return open_rows
