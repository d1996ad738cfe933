"""One plan line says something else; every other line, comment and byte stays."""

import difflib

import pytest

from muster.core.errors import BadInput, NotFound, Refused
from muster.plan.diff import diff
from muster.plan.edit import with_line
from muster.plan.lines import PlanLine, plan_lines
from tests.plan.shop_plan import example


def new_text(line: PlanLine) -> str:
    if line.text in ("true", "false"):
        return "false" if line.text == "true" else "true"
    return str(int(line.text) + 1) if line.text.isdigit() else "changed"


@pytest.mark.thorough
def test_every_line_of_the_example_can_be_changed_by_itself() -> None:
    tree = example()
    seen = 0
    for number, line in enumerate(plan_lines(tree).values()):
        if number % 47 or line.half is None:  # changing is slow, so only some, from all files
            continue
        changed = with_line(tree, line.id, new_text(line))
        named = line.keys[-1] == "fact"  # by it the item is called, so its other lines have new names
        changes = diff(tree, changed)
        assert named or [(one.id, one.before, one.after) for one in changes] == [
            (line.id, line.text, new_text(line))
        ]
        old, new = tree[line.file].decode().splitlines(), changed[line.file].decode().splitlines()
        differing = [row for row in difflib.ndiff(old, new) if row.startswith("- ")]
        assert len(differing) <= line.text.count(",") + len(line.text) // 60 + 2
        seen += 1
    assert seen > 25


def test_comments_quotes_and_folds_stay() -> None:
    tree = {
        "people.yaml": b'# first\na: "x"  # why\nb: >-\n  long\n  text\nc:\n  - one\n  - two\nd: {e: 1, f: g}\n'
    }
    assert with_line(tree, "people.yaml#/a", "y")["people.yaml"] == tree["people.yaml"].replace(
        b'"x"', b'"y"'
    )
    assert with_line(tree, "people.yaml#/d/f", "h")["people.yaml"] == tree["people.yaml"].replace(
        b"f: g", b"f: h"
    )
    assert b"b: >-\n  short\nc:" in with_line(tree, "people.yaml#/b", "short")["people.yaml"]
    assert b"c:\n  - three\n  - four\nd:" in with_line(tree, "people.yaml#/c", "three, four")["people.yaml"]


def test_a_paragraph_of_a_markdown_file() -> None:
    changed = with_line(example(), "policy.md#/text/When the plan is wrong/1", "Ask first.")
    assert changed["policy.md"].endswith(b"# When the plan is wrong\n\nAsk first.\n") or changed[
        "policy.md"
    ].endswith(b"# When the plan is wrong\n\nAsk first.")


@pytest.mark.parametrize(
    "text", ["a: b", "- x", "# no", "{x", "'", "yes", "12", "", "x\ny: z", "&a", "!b", "null"]
)
def test_text_that_looks_like_yaml_stays_text_or_is_refused(text: str) -> None:
    line_id = "people.yaml#/people/robin-vale/title"
    try:
        (change,) = diff(example(), with_line(example(), line_id, text))
    except Refused:
        return
    assert (change.id, change.after) == (line_id, text)


def test_what_cannot_be_changed_is_refused() -> None:
    with pytest.raises(NotFound):
        with_line(example(), "people.yaml#/people/nobody", "x")
    with pytest.raises(NotFound):
        with_line(example(), "lost.yaml#/a", "x")
    with pytest.raises(BadInput):
        with_line(example(), "people.yaml#/people/robin-vale/title", "a\x1b[31m")
    odd = {"people.yaml": b"a:    1\nb: 2\n"}
    with pytest.raises(Refused):
        with_line(odd, "people.yaml#/b", "3")
    with pytest.raises(Refused):
        with_line(example(), "severity.yaml#/levels/SEV1/period_hours", "soon")
    with pytest.raises(Refused):
        with_line({"people.yaml": b"a: [\n"}, "people.yaml#", "x")
