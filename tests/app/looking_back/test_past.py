"""An incident is looked back on with its words as far as they may be read, its own clock, and the plan of each entry."""

from datetime import timedelta

from muster.respond.facts import FactStated
from muster.respond.severity import SeverityRated
from tests.access.world import account_id
from tests.app.looking_back.night import COMMIT, START, Telling, night, past


def test_words_that_are_hidden_or_erased_are_said_to_be_so_and_times_stand() -> None:
    told = night()
    fact = told.seqs["fact"]
    hidden, erased = told.past(hidden=frozenset({fact})), told.past(erased=frozenset({fact}))

    assert (hidden.text(fact), erased.text(fact)) == ("(hidden)", "(erased)")
    assert hidden.body(fact, FactStated) is None
    assert erased.body(fact, FactStated) is None
    assert hidden.at(fact) == erased.at(fact) == START + timedelta(minutes=43)


def test_a_reason_is_found_by_what_it_explains() -> None:
    told = night()

    assert told.past().reason(told.seqs["rated"]) == "Somebody runs commands right now."
    assert told.past().reason(told.seqs["fact"]) == ""


def test_what_points_to_an_entry_is_found_in_order_once() -> None:
    told = night()
    found = [entry.header.seq for entry in told.past().about(told.seqs["isolate"], "action")]

    assert found == [
        told.seqs[name]
        for name in ("isolate-approved", "isolate-started", "isolate-done", "isolate-verified")
    ]


def test_an_entry_with_a_stated_time_was_written_when_its_lane_says() -> None:
    told = night()
    declared = told.past().entries[0]

    assert declared.header.happened.at == START + timedelta(minutes=18)
    assert told.past().written(declared) == START + timedelta(minutes=25)


def test_names_are_names_and_nobody_is_left_blank() -> None:
    seen = night().past()

    assert [seen.name(one) for one in (account_id("ben"), "server", "nobody", "f" * 32, None)] == [
        "Ben", "Muster", "without account", "somebody", "nobody",
    ]  # fmt: skip


def test_a_place_is_file_and_line_of_the_plan_and_the_file_alone_when_it_cannot_be_read() -> None:
    told = night()
    path = ("severity.yaml", "levels", "SEV1", "commander_within_minutes")
    file, _, line = told.past().place(*path).partition(":")

    assert (file, told.past().version(COMMIT).files[file].decode().splitlines()[int(line) - 1].strip()) == (  # pyright: ignore[reportOptionalMemberAccess] - the file is there
        "severity.yaml", "commander_within_minutes: 15",
    )  # fmt: skip
    assert told.past(known=False).place(*path) == "severity.yaml"
    assert told.past(known=False).pinned is None


def test_an_empty_stream_has_no_past() -> None:
    seen = past(Telling())

    assert list(seen.of(SeverityRated)) == []
    assert seen.text(None) == seen.text(5) == ""
