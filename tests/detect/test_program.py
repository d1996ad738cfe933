"""Programs over sets of rows equal the condition row by row."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from muster.detect import row_set
from muster.detect.condition import AllOf, AnyOf, Condition, Not, Present, Term
from muster.detect.program import build, required, used

NAMES = "ABC"
TERMS = [Term(name, Present()) for name in NAMES]
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(TERMS),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=12,
)


def truth(condition: Condition, names: set[str]) -> bool:
    if isinstance(condition, Term):
        return condition.field in names
    if isinstance(condition, Not):
        return not truth(condition.part, names)
    answers = [truth(part, names) for part in condition.parts]
    return all(answers) if isinstance(condition, AllOf) else any(answers)


@given(conditions, st.integers(0, 255))
def test_equal_row_by_row(condition: Condition, within: int) -> None:
    worlds = [
        {name for name, there in zip(NAMES, bits, strict=True) if there}
        for bits in product((False, True), repeat=3)
    ]
    passed = {
        number: row_set.from_rows([row for row, world in enumerate(worlds) if name in world], 8)
        for number, name in enumerate(NAMES)
    }
    program = build(condition, {term: number for number, term in enumerate(TERMS)})
    wanted = [row for row, world in enumerate(worlds) if truth(condition, world) and within >> row & 1]
    assert list(row_set.to_rows(program.rows(passed, passed, within))) == wanted


def test_a_test_that_passed_nowhere_is_missing() -> None:
    assert build(TERMS[0], {TERMS[0]: 0}).rows({}, {}, 3) == 0
    assert build(Not(TERMS[0]), {TERMS[0]: 0}).rows({}, {}, 3) == 3


@given(conditions, st.integers(0, 255))
def test_what_may_match_is_never_less_than_what_does(condition: Condition, unasked: int) -> None:
    worlds = [{name for name, there in zip(NAMES, bits, strict=True) if there} for bits in product((False, True), repeat=3)]  # fmt: skip
    passed = {
        number: row_set.from_rows([row for row, world in enumerate(worlds) if name in world], 8)
        for number, name in enumerate(NAMES)
    }
    program = build(condition, {term: number for number, term in enumerate(TERMS)})
    may = {number: 255 if unasked >> number & 1 else rows for number, rows in passed.items()}
    must = {number: rows for number, rows in passed.items() if not unasked >> number & 1}
    does = program.rows(passed, passed, 255)
    assert does & ~program.rows(may, must, 255) == 0


@given(conditions)
def test_where_a_program_holds_one_of_what_it_requires_passed(condition: Condition) -> None:
    program = build(condition, {term: number for number, term in enumerate(TERMS)})
    wanted = required(program, set())
    assert wanted <= used(program)
    for bits in product((0, 1), repeat=3):
        passed = {number: 1 for number, there in enumerate(bits) if there}
        if wanted and program.rows(passed, passed, 1):
            assert wanted & set(passed)
        assert required(program, {0, 1, 2}) == frozenset()
