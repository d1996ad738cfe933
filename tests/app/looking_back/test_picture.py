"""The picture has what was seen and what was done, at its time, and the silence of those who were called."""

from muster.app.looking_back.known import turning_points
from muster.app.looking_back.past import Past
from muster.app.looking_back.picture import Point, Sort, picture
from tests.app.looking_back.night import night


def drawn(seen: Past) -> tuple[Point, ...]:
    return picture(seen, turning_points(seen))


def test_every_sort_of_mark_is_there_in_the_order_of_time() -> None:
    found = drawn(night().past())

    assert [one.at for one in found] == sorted(one.at for one in found)
    assert {one.sort for one in found} == set(Sort) - {Sort.SIGNAL}


def test_marks_carry_the_times_of_their_entries() -> None:
    told = night()
    found = {one.seq: one for one in drawn(told.past())}

    for name, head in (
        ("contained", "contained"),
        ("filed", "notice filed"),
        ("aware", "clock begins: aware"),
        ("isolate-started", "action begun"),
        ("db-back", "service restored"),
        ("commander", "commander"),
        ("closed", "closed"),
        ("letter-sent", "statement sent"),
    ):
        mark = found[told.seqs[name]]
        assert (mark.head, mark.at) == (head, told.at(name))


def test_facts_are_marks_and_answers_to_the_plans_questions_are_not() -> None:
    told = night()
    seqs = {one.seq for one in drawn(told.past()) if one.sort is Sort.FACT}

    assert {told.seqs["fact"], told.seqs["assumption"]} <= seqs
    assert not {told.seqs["kinds"], told.seqs["personal-data"]} & seqs


def test_a_silence_is_one_mark_for_all_who_were_silent() -> None:
    (silence,) = [one for one in drawn(night().past()) if one.sort is Sort.SILENCE]

    assert silence.text == "decision asked: Robin Vale"
