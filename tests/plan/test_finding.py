"""A finding is one line: file, line, what, mend, clause; hostile text in it is made harmless."""

from muster.plan.finding import Finding, Weight, problems

ONE = Finding(file="a.yaml", line=3, rule="r", what="It is wrong.", mend="Mend it.", clause="PRE-01")
NOTE = ONE.model_copy(update={"weight": Weight.NOTE})


def test_its_sentence() -> None:
    assert ONE.sentence() == "a.yaml:3: It is wrong. Mend it. [PRE-01]"
    assert NOTE.sentence() == "a.yaml:3: note: It is wrong. Mend it. [PRE-01]"


def test_it_cannot_forge_a_second_line_or_colour_a_terminal() -> None:
    hostile = ONE.model_copy(update={"what": "x\n\x1b[31my"})
    assert "\n" not in hostile.sentence()
    assert "\x1b" not in hostile.sentence()


def test_notes_are_no_problems() -> None:
    assert problems((ONE, NOTE)) == (ONE,)
