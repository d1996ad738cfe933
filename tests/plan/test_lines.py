"""Plan lines keep their identity when the file is reformatted or gets new neighbours."""

from muster.plan.lines import file_lines, line_at, plan_lines
from muster.plan.plan import Half
from tests.plan.shop_plan import example


def ids(text: str, path: str = "calling.yaml") -> dict[str, tuple[int, str]]:
    return {line.id: (line.line, line.text) for line in file_lines(path, text.encode())}


def test_every_statement_of_the_example_is_a_line_with_its_place() -> None:
    lines = plan_lines(example())
    line = lines["people.yaml#/people/mika-sandoval/verified"]
    assert (line.line, line.text, line.half) == (19, "2026-10-26", Half.IN_FORCE)
    assert line.place == "people.yaml:19, people > mika-sandoval > verified"
    assert lines["severity.yaml#/rules/sev1-breach/when/information"].text == "privacy, key-customer"
    assert lines["policy.md#/text/When the plan is wrong/1"].text.startswith("Leave the step")
    assert lines["policy.md#/text/When the plan is wrong/1"].half is Half.PINNED
    assert 900 < len(lines) < 3_000
    for line in lines.values():
        assert line.line <= example()[line.file].count(b"\n") + 1


def test_an_item_goes_by_its_name_and_else_by_its_place() -> None:
    assert ids("a:\n- {fact: x, w: 1}\n- {fact: y}\n- {fact: y, w: 2}\n- z\n") == {
        "calling.yaml#/a/x/fact": (2, "x"),
        "calling.yaml#/a/x/w": (2, "1"),
        "calling.yaml#/a/2/fact": (3, "y"),
        "calling.yaml#/a/3/fact": (4, "y"),
        "calling.yaml#/a/3/w": (4, "2"),
        "calling.yaml#/a/4": (5, "z"),
    }


def test_keys_with_slashes_and_empty_values() -> None:
    assert ids("a/b~c: 1\nd: {}\ne: []\nf:\ng: true\n") == {
        "calling.yaml#/a~1b~0c": (1, "1"),
        "calling.yaml#/d": (2, ""),
        "calling.yaml#/e": (3, ""),
        "calling.yaml#/f": (4, ""),
        "calling.yaml#/g": (5, "true"),
    }


def test_what_cannot_be_read_is_one_line() -> None:
    (line,) = file_lines("people.yaml", b"a: [")
    assert (line.id, line.line) == ("people.yaml#", 1)
    assert line.text.startswith("sha256:")
    (other,) = file_lines("README.md", b"# Words\n\nMore.\n")
    assert other.half is None


def test_the_line_that_a_line_of_the_file_belongs_to() -> None:
    data = b"a:\n  b: >-\n    long\n    text\n  c: 1\n"
    assert [line.id if (line := line_at("people.yaml", data, n)) else None for n in range(1, 6)] == [
        None,
        "people.yaml#/a/b",
        "people.yaml#/a/b",
        "people.yaml#/a/b",
        "people.yaml#/a/c",
    ]
