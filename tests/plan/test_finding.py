"""A finding is one line: file, line, what, mend, clause; hostile text in it is made harmless."""

from muster.plan.finding import Finding, Weight, hindering, problems

ONE = Finding(file="a.yaml", line=3, rule="r", what="It is wrong.", mend="Mend it.", clause="PRE-01")
HOLE = ONE.model_copy(update={"weight": Weight.HOLE})
NOTE = ONE.model_copy(update={"weight": Weight.NOTE})


def test_its_sentence() -> None:
    assert ONE.sentence() == "a.yaml:3: It is wrong. Mend it. [PRE-01]"
    assert HOLE.sentence() == "a.yaml:3: hole: It is wrong. Mend it. [PRE-01]"
    assert NOTE.sentence() == "a.yaml:3: note: It is wrong. Mend it. [PRE-01]"


def test_it_cannot_forge_a_second_line_or_colour_a_terminal() -> None:
    hostile = ONE.model_copy(update={"what": "x\n\x1b[31my"})
    assert "\n" not in hostile.sentence()
    assert "\x1b" not in hostile.sentence()


def test_a_hole_is_to_be_mended_and_hinders_no_approval_and_a_note_is_neither() -> None:
    assert problems((ONE, HOLE, NOTE)) == (ONE, HOLE)
    assert hindering((ONE, HOLE, NOTE)) == (ONE,)
