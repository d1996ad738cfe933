"""The player fills the open places of a script and waits for the signal of a rule, no longer than it makes sense."""

from collections.abc import Mapping
from typing import Any

import pytest

from muster.demo_player import NoSignal, Player


class Server:
    """A client as the player sees it, over a small made-up server."""

    def __init__(self) -> None:
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.signals: list[str] = []

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        self.done.append((verb, dict(fields)))
        return {"incident": "INC-1"} if verb == "declare" else {"seq": 5, "version": 1}

    def get(self, path: str, **query: object) -> dict[str, Any]:
        if path == "signals":
            return {"signals": [{"signal": code} for code in self.signals]}
        if path.startswith("signals/"):
            return {"rule_key": f"/rules/{path.partition('/')[2].lower()}.yml"}
        return {
            "facts": [{"seq": 5, "version": 3}],
            "severity": {"version": 2},
            "summary_version": 4,
            "roles": [{"role": "commander", "version": 1}],
        }


def player(server: Server, *, over: bool = False) -> Player:
    told: list[str] = []
    return Player({"duty": server}, {"duty": "a" * 32}, told.append, lambda: over)  # pyright: ignore[reportArgumentType] - a stand-in


def beat(verb: str, makes: str = "", **fields: Any) -> dict[str, Any]:
    return {"who": "duty", "verb": verb, "fields": fields, "makes": makes}


def test_what_was_made_is_named_later() -> None:
    server = Server()

    player(server).play(
        [
            beat("declare", "incident", what="odd"),
            beat("fact", "f-1", incident={"$": "incident"}, text="so"),
            beat("settle", incident={"$": "incident"}, thing={"$thing": "f-1"}, expected={"$version": "f-1"}),
        ]
    )

    assert server.done[1] == ("fact", {"incident": "INC-1", "text": "so"})
    assert server.done[2] == ("settle", {"incident": "INC-1", "thing": 5, "expected": 3})


@pytest.mark.parametrize(("name", "version"), [("severity", 2), ("summary", 4), ("commander", 1)])
def test_versions_are_asked_for_when_they_are_needed(name: str, version: int) -> None:
    server = Server()

    player(server).play([beat("declare", "incident", what="odd"), beat("x", expected={"$version": name})])

    assert server.done[1] == ("x", {"expected": version})


def test_places_inside_lists_and_objects_are_filled_too() -> None:
    server = Server()

    player(server).play([beat("x", people=[{"$account": "duty"}], ratings={"one": ("a",), "two": "b"})])

    assert server.done[0] == ("x", {"people": ["a" * 32], "ratings": {"one": ["a"], "two": "b"}})


def test_it_waits_for_the_signal_of_a_rule() -> None:
    server = Server()
    server.signals = ["SIG-A", "SIG-B"]

    player(server).play([beat("acknowledge", signal={"$signal": "sig-b.yml"})])

    assert server.done[0] == ("acknowledge", {"signal": "SIG-B"})


def test_it_gives_up_when_the_rules_have_seen_everything() -> None:
    with pytest.raises(NoSignal, match=r"other\.yml"):
        player(Server(), over=True).play([beat("acknowledge", signal={"$signal": "other.yml"})])
