"""The player fills the open places of a script, waits for each beat's time, and minds what must be refused."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from muster.client import Problem
from muster.demo_player import NoSignal, NotRefused, Player


class Server:
    """A client as the player sees it, over a small made-up server."""

    def __init__(self) -> None:
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.signals: list[str] = []
        self.refuses: set[str] = set()

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        if verb in self.refuses:
            raise Problem(409, "A rule refused this", "The guard holds it back.", "Save memory first.")
        self.done.append((verb, dict(fields)))
        return {"incident": "INC-1"} if verb == "declare" else {"seq": 5, "version": len(self.done)}

    def get(self, path: str, **_query: object) -> dict[str, Any]:
        if path == "signals":
            return {"signals": [{"signal": code} for code in self.signals]}
        if path.startswith("signals/"):
            return {"rule_key": f"/rules/{path.partition('/')[2].lower()}.yml"}
        return {
            "facts": [{"seq": 5, "version": 3}],
            "severity": {"version": 2},
            "summary_version": 4,
            "state_version": 6,
            "roles": [{"role": "commander", "version": 1}],
        }


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def went() -> list[timedelta]:
    return []


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def player(server: Server, went: list[timedelta], told: list[str]) -> Player:
    return Player({"duty": server}, {"duty": "a" * 32}, told.append, went.append)  # pyright: ignore[reportArgumentType] - a stand-in


def beat(verb: str, makes: str = "", *, at: int = 0, refused: bool = False, **fields: Any) -> dict[str, Any]:
    return {
        "at": timedelta(minutes=at), "who": "duty", "verb": verb, "fields": fields, "makes": makes,
        "refused": refused,
    }  # fmt: skip


def test_what_was_made_is_named_later(server: Server, player: Player) -> None:
    player.play(
        [
            beat("declare", "incident", what="odd"),
            beat("fact", "f-1", incident={"$": "incident"}, text="so"),
            beat(
                "settle", incident={"$": "incident"}, thing={"$of": "f-1.seq"}, expected={"$version": "f-1"}
            ),
        ]
    )

    assert server.done[1] == ("fact", {"incident": "INC-1", "text": "so"})
    assert server.done[2] == ("settle", {"incident": "INC-1", "thing": 5, "expected": 3})
    assert player.played == 3


def test_a_newer_answer_replaces_fields_of_an_older_one(server: Server, player: Player) -> None:
    player.play([beat("a", "x"), beat("b", "x"), beat("c", expected={"$of": "x.version"})])

    assert server.done[2] == ("c", {"expected": 2})


def test_time_goes_on_before_each_beat(player: Player, went: list[timedelta]) -> None:
    player.play([beat("a", at=1), beat("b", at=3)])

    assert went == [timedelta(minutes=1), timedelta(minutes=3)]


@pytest.mark.parametrize(
    ("name", "version"), [("severity", 2), ("summary", 4), ("state", 6), ("commander", 1)]
)
def test_versions_are_asked_for_when_they_are_needed(
    server: Server, player: Player, name: str, version: int
) -> None:
    player.play([beat("declare", "incident", what="odd"), beat("x", expected={"$version": name})])

    assert server.done[1] == ("x", {"expected": version})


def test_places_inside_lists_and_objects_are_filled_too(server: Server, player: Player) -> None:
    player.play([beat("x", people=[{"$account": "duty"}], ratings={"one": ("a",), "two": "b"}, gone=None)])

    assert server.done[0] == ("x", {"people": ["a" * 32], "ratings": {"one": ["a"], "two": "b"}})


def test_a_signal_is_found_by_the_file_of_its_rule(server: Server, player: Player) -> None:
    server.signals = ["SIG-A", "SIG-B"]

    player.play([beat("acknowledge", signal={"$signal": "sig-b.yml"})])

    assert server.done[0] == ("acknowledge", {"signal": "SIG-B"})


def test_without_the_signal_the_story_ends(server: Server, player: Player) -> None:
    with pytest.raises(NoSignal, match=r"other\.yml"):
        player.play([beat("acknowledge", signal={"$signal": "other.yml"})])
    assert server.done == []


def test_what_must_be_refused_is_kept_with_its_words(server: Server, player: Player, told: list[str]) -> None:
    server.refuses = {"start-action"}

    player.play([beat("start-action", "held", refused=True), beat("log", text={"$of": "held.what"})])

    ((_, fields),) = server.done
    assert "The guard holds it back." in fields["text"]
    assert told[0].startswith("duty: start-action refused: ")


def test_what_must_be_refused_and_is_done_ends_the_story(player: Player) -> None:
    with pytest.raises(NotRefused, match="start-action"):
        player.play([beat("start-action", refused=True)])
