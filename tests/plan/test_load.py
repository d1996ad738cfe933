"""A tree becomes a typed plan; what is missing or unreadable is named by file, line and clause."""

import pytest

from muster.core.errors import BadInput
from muster.plan.layout import PLACES
from muster.plan.load import load
from tests.plan.shop_plan import example


def found(**changes: bytes | None) -> list[tuple[str, str, int]]:
    tree = {path: data for path, data in {**example(), **changes}.items() if data is not None}
    return [(one.rule, one.file, one.line) for one in load(tree).findings]


def test_the_example_loads() -> None:
    loaded = load(example())
    assert loaded.findings == ()
    assert loaded.plan is not None
    assert len(loaded.plan.in_force.people.people) == 11
    assert loaded.line("people.yaml", ("people", "mika-sandoval", "verified")) == 19
    assert loaded.line("nowhere.yaml", ("a",)) == 1


NEEDED = [place for place in PLACES if not place.may_lack]


@pytest.mark.parametrize("place", NEEDED, ids=lambda place: place.field)
def test_a_part_that_is_missing_is_named_with_its_clause(place: object) -> None:
    assert isinstance(place, type(PLACES[0]))
    tree = {path: data for path, data in example().items() if not path.startswith(place.path)}
    loaded = load(tree)
    assert loaded.plan is None
    (finding,) = loaded.findings
    assert (finding.rule, finding.file, finding.line) == ("part-missing", place.path, 1)
    assert place.clause in finding.clause


def test_an_empty_tree_misses_every_part_and_nothing_breaks() -> None:
    assert len(load({}).findings) == len(NEEDED) == len(PLACES) - 1


@pytest.mark.parametrize(
    ("file", "data", "rule", "line"),
    [
        ("calling.yaml", b"paths: [\n", "unreadable", 2),
        ("calling.yaml", b"", "unreadable", 1),
        ("calling.yaml", b"- a\n", "unreadable", 1),
        ("templates/first.md", b"Dear customer,\n", "unreadable", 1),
        ("services/Order Database.yaml", b"name: x\n", "file-name", 1),
        ("playbook/new.yaml", b"a: b\n", "file-unknown", 1),
        ("peple.yaml", b"a: b\n", "file-unknown", 1),
        ("services/mail.yml", b"a: b\n", "file-unknown", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_named(file: str, data: bytes, rule: str, line: int) -> None:
    assert found(**{file: data}) == [(rule, file, line)]


def test_a_near_name_of_a_file_is_offered() -> None:
    mends = [
        load({**example(), file: b"a: b\n"}).findings[0].mend
        for file in ("playbook/new.yaml", "peple.yaml", "services/mail.yml")
    ]
    assert mends == [
        "Did you mean playbooks/?",
        "Did you mean people.yaml?",
        "Its name should end with .yaml.",
    ]


def test_rules_are_listed_and_not_read() -> None:
    loaded = load({**example(), "rules/a.yml": b"\xff", "rules/deep/b.yaml": b"[", "rules/c.txt": b""})
    assert loaded.plan is not None
    assert loaded.plan.in_force.rules == ("rules/a.yml", "rules/deep/b.yaml")


def test_a_tree_beyond_the_limits_is_refused_whole() -> None:
    with pytest.raises(BadInput):
        load({**example(), "../x.yaml": b""})
