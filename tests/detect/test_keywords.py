"""Which texts hold which keyword."""

from muster.detect.condition import Anchor, Gap, Present, Test, Text, Wildcard
from muster.detect.keywords import Keywords


def asked(texts: list[str], *tests: Test) -> tuple[set[tuple[int, int]], list[int]]:
    pairs, full = Keywords(list(enumerate(tests))).find(texts)
    return set(zip(pairs.values.tolist(), pairs.found.tolist(), strict=True)), full.tolist()


NEEDLE = Text("Needle", Anchor.INSIDE)


def test_plain_ones_are_found_at_once() -> None:
    assert asked(["a NEEDLE", "none", "needle"], NEEDLE, Text("none", Anchor.INSIDE)) == (
        {(0, 0), (1, 1), (2, 0)},
        [],
    )


def test_others_are_tested_in_full_where_their_hint_stands() -> None:
    tests = (NEEDLE, Wildcard(("some", Gap.MANY, "x"), whole=False), Text("nädel!", Anchor.INSIDE))
    assert asked(["needle", "some", "x", "del!"], *tests) == ({(0, 0)}, [1, 3])


def test_letters_that_fold_to_ascii_are_looked_at() -> None:
    assert asked(["\u212a", "k", "\u017f"], NEEDLE) == (set(), [0, 2])


def test_without_a_hint_all_are_tested() -> None:
    assert asked(["a", "b"], Text("abc", Anchor.INSIDE)) == (set(), [0, 1])


def test_presence_needs_no_text() -> None:
    assert asked(["a", "b"], Present()) == (set(), [])
    assert asked(["a", "b"]) == (set(), [])


def test_texts_do_not_run_into_each_other() -> None:
    assert asked(["need", "le", "äöü", "needle"], NEEDLE) == ({(3, 0)}, [])
