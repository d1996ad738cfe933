"""Trailers lead from a commit to its lesson; nothing written by hand can forge an author."""

from datetime import UTC

import pytest
from dulwich.objects import Commit

from muster.core.errors import BadInput
from muster.store.plan_commits import Author, read_commit, signature, trailers_of, whole_message


def test_trailers_are_the_last_paragraph_and_nothing_else() -> None:
    assert trailers_of("Subject\n\nBody.\n\nLesson: LSN-1\nIncident: INC-1\nIncident: INC-2\n") == {
        "Lesson": ("LSN-1",),
        "Incident": ("INC-1", "INC-2"),
    }
    assert trailers_of("Lesson: LSN-1\n") == {}
    assert trailers_of("Subject\n\nLesson: LSN-1\nand words\n") == {}
    assert trailers_of("") == {}


def test_a_message_is_read_as_it_was_written() -> None:
    text = whole_message(" Subject\n\nBody. \n", (("Lesson", "LSN-1\nEvil: x"), ("Incident", "INC-1")))
    assert text == "Subject\n\nBody.\n\nLesson: LSN-1 Evil: x\nIncident: INC-1\n"
    assert trailers_of(text)["Lesson"] == ("LSN-1 Evil: x",)
    assert whole_message("", ()) == "Change the plan\n"


@pytest.mark.parametrize("trailer", [("", "x"), ("Lesson", " "), ("Les son", "x"), ("1", "x")])
def test_a_trailer_that_git_would_not_read_is_refused(trailer: tuple[str, str]) -> None:
    with pytest.raises(BadInput):
        whole_message("Subject", (trailer,))


def test_an_author_is_one_line() -> None:
    assert signature(Author("A <x>\nauthor B", "a@b>\n")) == b"A  x  author B <a@b>"
    assert signature(Author(" ", "")) == b"unknown <>"


def test_a_time_that_no_calendar_knows() -> None:
    commit = Commit()
    commit.author = b"Ada"
    commit.author_time = 10**17
    commit.author_timezone = 0
    commit.message = b"\xff"
    commit.parents = []
    read = read_commit("0" * 40, commit)
    assert (read.when.year, read.when.tzinfo, read.author) == (1970, UTC, Author("Ada", ""))
