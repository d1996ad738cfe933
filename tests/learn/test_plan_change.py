"""Changes of the plan as lines: what a lesson holds of a diff, the hash of it, and the trailers that blame finds."""

from hypothesis import given
from hypothesis import strategies as st

from muster.learn.plan_change import LineChange, changes_hash, line_changes, trailers

BEFORE = {"services/portal.yaml": b"logs:\n  access:\n    rules: []\n    days: 30\n", "same.yaml": b"a: 1\n"}
AFTER = {
    "services/portal.yaml": b"# new words\nlogs:\n  access:\n    rules: [portal]\n  auth:\n    days: 90\n",
    "same.yaml": b"a: 1\n",
}


def test_each_changed_line_with_its_id_number_and_both_words() -> None:
    assert [tuple(one.model_dump().values()) for one in line_changes(BEFORE, AFTER)] == [
        ("services/portal.yaml#/logs/access/days", "services/portal.yaml", 4, "30", None),
        ("services/portal.yaml#/logs/access/rules", "services/portal.yaml", 4, "", "portal"),
        ("services/portal.yaml#/logs/auth/days", "services/portal.yaml", 6, None, "90"),
    ]
    assert line_changes(BEFORE, BEFORE) == ()


def test_blame_leads_to_the_lesson_and_its_incident() -> None:
    assert trailers("PLN-PLAN/17", "INC-7Q4KM2") == (("Lesson", "PLN-PLAN/17"), ("Incident", "INC-7Q4KM2"))
    assert trailers("PLN-PLAN/17", None) == (("Lesson", "PLN-PLAN/17"),)


LINE = LineChange(id="a.yaml#/a", file="a.yaml", line=1, before="1", after="2")


@given(
    st.sampled_from(
        [{"id": "b"}, {"file": "b"}, {"line": 2}, {"before": None}, {"after": None}, {"after": ""}]
    )
)
def test_the_hash_is_of_every_word_and_place(change: dict[str, object]) -> None:
    assert changes_hash((LINE.model_copy(update=change),)) != changes_hash((LINE,))
    assert changes_hash((LINE, LINE)) != changes_hash((LINE,))
