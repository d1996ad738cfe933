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
from dataclasses import dataclass

from muster.detect import gate, routing, row_set
from muster.detect.columns import Batch
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Ruleset
from muster.detect.table import Table


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule matched these rows of the batch: 0-based, ascending, never empty."""

    rule: RuleKey
    rows: tuple[int, ...]


def match(ruleset: Ruleset, batch: Batch) -> list[Hit]:
    """The hits of one `pyarrow.RecordBatch`, in the order of the ruleset. Raises `BadInput` on columns not of text."""
    size = batch.num_rows
    if not size or not ruleset.loaded:
        return []
    table = Table(batch, ruleset.tests)
    routes = table.routes()
    allowed = _opened(ruleset, table, routes)
    open_rows = _early(ruleset, table, allowed)
    hits: list[Hit] = []
    for place in sorted(open_rows):
        one = ruleset.loaded[place]
        rows = one.program.rows(table.passed, table.passed, open_rows[place])
        if rows & routes.unknown and routing.is_particular(one.rule.source):
            rows &= ~routes.unknown | table.having(one.fields)
        if rows:
            hits.append(Hit(one.rule.key, row_set.to_rows(rows)))
    return hits


def _opened(ruleset: Ruleset, table: Table, routes: routing.Routes) -> dict[int, int]:
    """Rules whose gate lets rows through -> those rows. Afterwards the early tests of their fields are asked."""
    everything = row_set.everything(table.size)
    first = dict.fromkeys(gate.FIELDS & ruleset.tests.fields.keys(), everything)
    table.ask_early(first)
    table.ask_late(first)
    allowed: dict[int, int] = {}
    wanted: defaultdict[str, int] = defaultdict(int)
    of_source = [routes.rows(source) for source in ruleset.sources]
    for one in ruleset.gates:
        rows = of_source[one.source]
        rows = rows and one.program.rows(table.passed, table.passed, rows)
        if rows:
            for field in one.fields:
                wanted[field] |= rows
            allowed.update(dict.fromkeys(one.rules, rows))
    table.ask_early({field: rows for field, rows in wanted.items() if field not in first})
    return allowed


def _early(ruleset: Ruleset, table: Table, allowed: dict[int, int]) -> dict[int, int]:
    """Rules that may still match -> the rows. Afterwards the late tests are asked, where it depends on them."""
    may = dict.fromkeys(ruleset.tests.late, row_set.everything(table.size)) | table.passed
    passed = table.passed.keys()
    open_rows: dict[int, int] = {}
    wanted: defaultdict[str, int] = defaultdict(int)
    for place, rows in allowed.items():
        one = ruleset.loaded[place]
        if one.required and passed.isdisjoint(one.required):
            continue
        if one.late:
            left = one.program.rows(may, table.passed, rows)
            for field in one.late if left else ():
                wanted[field] |= left
        else:
            left = rows
        if left:
            open_rows[place] = left
    table.ask_late({field: rows for field, rows in wanted.items() if field not in gate.FIELDS})
    return open_rows
