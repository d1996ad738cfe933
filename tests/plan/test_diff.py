"""What differs is told by plan lines: before, after, file and line; moving and reformatting are no change."""

from muster.plan.diff import ChangeKind, changed_lines, diff
from tests.plan.shop_plan import example

OLD = {
    "roles.yaml": b"roles:\n  scribe:\n    primary: ada\n    deputies: [bo]\n",
    "people.yaml": b"people: {}\n",
}
NEW = {
    "roles.yaml": b"# words\nroles:\n  scribe:\n    deputies:\n      - bo\n      - cy\n    primary: ada\n  new:\n    primary: dee\n"
}


def test_lines_that_differ_in_order() -> None:
    changes = diff(OLD, NEW)
    assert [(one.kind, one.id, one.line, one.before, one.after) for one in changes] == [
        (ChangeKind.REMOVED, "people.yaml#/people", 1, "", None),
        (ChangeKind.CHANGED, "roles.yaml#/roles/scribe/deputies", 4, "bo", "bo, cy"),
        (ChangeKind.ADDED, "roles.yaml#/roles/new/primary", 9, None, "dee"),
    ]
    assert changes[1].sentence() == 'roles.yaml:4, roles > scribe > deputies: was "bo", is "bo, cy"'
    assert [change.sentence() for change in changes[::2]] == [
        'people.yaml:1, people: gone, was ""',
        'roles.yaml:9, roles > new > primary: new, "dee"',
    ]


def test_lines_that_nobody_has_rehearsed_yet() -> None:
    assert changed_lines(OLD, NEW) == ("roles.yaml#/roles/scribe/deputies", "roles.yaml#/roles/new/primary")


def test_equal_trees_do_not_differ() -> None:
    assert diff(example(), dict(example())) == ()
    spaced = {
        path: data.replace(b"\n\n", b"\n\n\n") for path, data in example().items() if path.endswith(".yaml")
    }
    plain = {path: data for path, data in example().items() if path.endswith(".yaml")}
    assert diff(plain, spaced) == ()


def test_hostile_text_stays_text() -> None:
    (change,) = diff({"people.yaml": b"a: 1\n"}, {"people.yaml": b'a: "\\e[31m\\n"\n'})
    assert "\x1b" not in change.sentence()
