"""Many texts folded as each alone."""

from hypothesis import given
from hypothesis import strategies as st

from muster.detect.folded import fold_all
from muster.detect.folding import fold


@given(st.lists(st.text(max_size=6)))
def test_equal_to_folding_each(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


def test_letters_that_lower_case_would_get_wrong() -> None:
    assert fold_all(["ΣΑΣ", "İx", "\u017f", "\u212a", "\U00010400", "ABC"]) == [fold(one) for one in ("ΣΑΣ", "İx", "\u017f", "\u212a", "\U00010400", "ABC")]  # fmt: skip
