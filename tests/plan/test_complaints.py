"""What a schema complains about, said to a person: what, where, and the mend; one cause, one complaint."""

import pytest

from muster.plan.load import load
from tests.plan.shop_plan import example

PEOPLE = """people:
  ada:
    name: Ada
    title: Engineer
    verified: 2026-11-02
    channels:
      phone: {kind: phone, address: "1", outside: true}
"""


def said(old: str, new: str) -> list[tuple[int, str, str]]:
    assert old in PEOPLE
    tree = {**example(), "people.yaml": PEOPLE.replace(old, new).encode()}
    return [(one.line, one.what, one.mend) for one in load(tree).findings]


def test_it_is_sound_to_begin_with() -> None:
    assert said("Ada", "Bo") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "mend"),
    [
        ("title: Engineer", "titel: Engineer", 4, "`titel` is not known here.", "Did you mean `title`?"),
        ("title: Engineer", "title: Engineer\n    hobby: x", 5, "`hobby` is not known here.", "Take it out, or"),
        ("    title: Engineer\n", "", 2, "`title` is missing.", "Add it."),
        ("2026-11-02", "2026-11-31", 5, "`verified` is no date.", "Write it as 2026-11-24."),
        ("2026-11-02", "soon", 5, "`verified` is no date.", "Write it as 2026-11-24."),
        ("kind: phone", "kind: fax", 7, "`kind` has a value that is not known.", "It may be 'phone', 'sms'"),
        ('address: "1"', "address: 1", 7, "`address` is to be text.", "Write text here, in quotes"),
        ("outside: true", "outside: perhaps", 7, "`outside` is neither true nor false.", "Write true or false."),
        ("name: Ada", "name: ''", 3, "`name` is empty.", "Write something here"),
        ("name: Ada", "name: [Ada]", 3, "`name` is to be text.", "Write text here"),
        ("  ada:", "  Ada B:", 2, "`[key]` is written in a way that is not allowed here.", "An id has"),
    ],
)  # fmt: skip
def test_one_cause_one_complaint(old: str, new: str, line: int, what: str, mend: str) -> None:
    ((found_line, found_what, found_mend),) = said(old, new)
    assert (found_line, found_what) == (line, what)
    assert found_mend.startswith(mend)


def test_a_step_of_no_known_kind() -> None:
    file = "playbooks/web-intrusion.yaml"
    broken = example()[file].replace(b"kind: join", b"kind: joint")
    (finding,) = load({**example(), file: broken}).findings
    assert finding.what.endswith("is a step of no known kind.")
    assert "'join'" in finding.mend
    assert broken.decode().splitlines()[finding.line - 1] == "  picture:"


def test_hostile_keys_are_shown_as_text() -> None:
    ((_, what, _),) = said("title: Engineer", 'title: Engineer\n    "\\e[31m\\n": x')
    assert "\x1b" not in what
    assert "\n" not in what
