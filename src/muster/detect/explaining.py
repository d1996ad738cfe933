"""Why a rule matched an event: the tests that held (or, under a `not`, did not), in plain words and by place.

Which tests held is asked of the engine itself, so nothing is said that matching would not say. No value of an event
is in an explanation: only the rule's words, and where in the value they were found.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from muster.detect import row_set
from muster.detect.columns import Batch, column
from muster.detect.condition import (
    ANYWHERE,
    AllOf,
    Anchor,
    Compare,
    Condition,
    Gap,
    InNetwork,
    Not,
    Order,
    Present,
    Regex,
    SameAs,
    Term,
    Test,
    Text,
    TimePart,
    Wildcard,
    terms,
)
from muster.detect.expression import Expression
from muster.detect.field_index import expression_of
from muster.detect.field_tests import FieldTests
from muster.detect.folding import fold
from muster.detect.pieces import Pieces
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rule import RuleKey
from muster.detect.rule_reading import read_files
from muster.detect.table import Table

MOST_REASONS = 20
"""Of one event."""
MOST_WORDS = 160
"""Characters of a test in words."""
_ANCHORS = {
    Anchor.WHOLE: "is",
    Anchor.START: "starts with",
    Anchor.END: "ends with",
    Anchor.INSIDE: "contains",
}
_ORDERS = {
    Order.LESS: "is less than", Order.AT_MOST: "is at most", Order.MORE: "is more than", Order.AT_LEAST: "is at least",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """A test that made the rule match. span: characters of the field's value that it found; None for all of it.

    held: false for a test that had to fail.
    """

    field: str
    words: str
    held: bool
    span: tuple[int, int] | None = None


def conditions(files: Mapping[str, bytes], choice: PipelineChoice) -> dict[RuleKey, Condition]:
    """What the rules of these files mean, filters among them applied; rules that cannot be loaded are left out."""
    pieces = Pieces()
    return {
        rule.key: condition for _, rule, condition in read_files(files, choice, pieces).conditions(pieces)
    }


class Explainer:
    """Explains the matches of one condition; its tests are compiled once."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._terms = list(dict.fromkeys(terms(condition)))
        by_field: defaultdict[str, list[tuple[int, Test]]] = defaultdict(list)
        scans: dict[int, Expression] = {}
        for at, term in enumerate(self._terms):
            test = term.test
            if isinstance(test, Text) and not test.cased:
                test = replace(test, text=fold(test.text))
            by_field[term.field].append((at, test))
            scan = expression_of(term.test)
            if scan is not None:
                scans[at] = scan
        self._tests = FieldTests(by_field, scans)

    def explained(self, batch: Batch) -> list[tuple[Reason, ...]]:
        """For each row of the batch why the condition holds: at most 20 reasons, those that held first; none where
        it does not hold."""
        table = Table(batch, self._tests)
        everywhere = dict.fromkeys(self._tests.fields, row_set.everything(table.size))
        table.ask_early(everywhere)
        table.ask_late(everywhere)
        columns = {field: column(batch, field) for field in everywhere if field != ANYWHERE}
        values = {field: found.texts() for field, found in columns.items() if found is not None}
        given: list[tuple[Reason, ...]] = []
        for row in range(table.size):
            held = {term: bool(table.passed.get(at, 0) >> row & 1) for at, term in enumerate(self._terms)}
            why = dict.fromkeys(_why(self._condition, held, wanted=True))
            kept = sorted(why, key=lambda one: not one[1])[:MOST_REASONS]
            given.append(
                tuple(_reason(term, values.get(term.field, {}).get(row), held=so) for term, so in kept)
            )
        return given


def _why(condition: Condition, held: Mapping[Term, bool], *, wanted: bool) -> list[tuple[Term, bool]]:
    """The terms, with whether they held, that give the condition the wanted truth; empty when it has the other."""
    if isinstance(condition, Term):
        return [(condition, wanted)] if held[condition] is wanted else []
    if isinstance(condition, Not):
        return _why(condition.part, held, wanted=not wanted)
    parts = [_why(part, held, wanted=wanted) for part in condition.parts]
    if isinstance(condition, AllOf) is wanted and not all(parts):
        return []
    return [one for part in parts for one in part]


def _reason(term: Term, value: str | None, *, held: bool) -> Reason:
    words = words_of(term.test)
    if len(words) > MOST_WORDS:
        words = f"{words[: MOST_WORDS - 1]}…"
    field = "any field" if term.field == ANYWHERE else term.field
    return Reason(field, words, held, _span(term.test, value) if held and value is not None else None)


def words_of(test: Test) -> str:
    """A test in words that stand after the name of a field."""
    match test:
        case Text():
            return f"{_ANCHORS[test.anchor]} {_quoted(test.text)}{_case(test)}"
        case Wildcard():
            signs = {Gap.MANY: "*", Gap.ONE: "?"}
            spelled = "".join(signs[part] if isinstance(part, Gap) else part for part in test.parts)
            return f"{'is like' if test.whole else 'contains what is like'} {_quoted(spelled)}{_case(test)}"
        case Regex():
            return f"matches the expression {_quoted(test.pattern)}"
        case InNetwork():
            return f"is in the network {test.network}"
        case Compare():
            return f"{_ORDERS[test.order]} {test.number}"
        case TimePart():
            said = "is" if test.order is None else _ORDERS[test.order]
            return f"has a time whose {test.part.name.lower()} {said} {test.number}"
        case Present():
            return "is there"
        case SameAs():
            return f"{_ANCHORS[test.anchor]} the value of {test.field}"


def _quoted(text: str) -> str:
    """As it stands in the rule; what cannot be encoded (half of a surrogate pair) by its escape."""
    return f"“{text.encode('utf-8', 'backslashreplace').decode()}”"


def _case(test: Text | Wildcard) -> str:
    return " in this case of letters" if test.cased else ""


def _span(test: Test, value: str) -> tuple[int, int] | None:
    """Where a text stands in the value (folding keeps every length); None where the whole value counts."""
    if not isinstance(test, Text) or test.anchor is Anchor.WHOLE or not test.text:
        return None
    hay, text = (value, test.text) if test.cased else (fold(value), fold(test.text))
    if test.anchor is Anchor.START:
        return (0, len(text))
    start = len(hay) - len(text) if test.anchor is Anchor.END else hay.find(text)
    return (start, start + len(text)) if start >= 0 else None
