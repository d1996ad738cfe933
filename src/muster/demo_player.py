"""Plays a script of people over HTTP, each with an account of their own; imports nothing of Muster but the client.

A beat is an object with `who`, `verb`, `fields` and `makes`; open places in its fields are objects with one key:
`$` (what an earlier beat made), `$signal` (the signal of a rule file; waits for it), `$thing` (number of an entry),
`$version` (the newest version of a thing) and `$account` (an account of the script).
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from muster.client import Client

Beat = Mapping[str, Any]
SIGNAL_WAIT = 60.0
LOOK_SECONDS = 0.25


class NoSignal(Exception):
    """The script waits for the signal of a rule, and none came."""


@dataclass
class Player:
    """Plays beats. people: the client of each key; accounts: the account of each key.

    all_looked_at: whether the rules have seen all events, so that no further signal will come.
    """

    people: Mapping[str, Client]
    accounts: Mapping[str, str]
    tell: Callable[[str], None]
    all_looked_at: Callable[[], bool]
    made: dict[str, str] = field(default_factory=dict[str, str])
    things: dict[str, int] = field(default_factory=dict[str, int])
    signals: dict[str, str] = field(default_factory=dict[str, str])
    _asking: str = ""

    def play(self, beats: Iterable[Beat]) -> None:
        """Plays all beats in order. Raises NoSignal, Problem, ServerAway."""
        for beat in beats:
            self.play_one(beat)

    def play_one(self, beat: Beat) -> None:
        """Plays one beat and tells it."""
        self._asking = beat["who"]
        client = self.people[beat["who"]]
        fields = {name: self._filled(value) for name, value in beat["fields"].items()}
        answer = client.verb(beat["verb"], fields)
        if beat.get("makes"):
            self._remember(beat["makes"], answer)
        self.tell(f"{beat['who']}: {beat['verb']} {_short(fields)}".rstrip())

    def _remember(self, name: str, answer: Mapping[str, Any]) -> None:
        if "incident" in answer:
            self.made[name] = str(answer["incident"])
        elif "seq" in answer:
            self.things[name] = int(answer["seq"])

    def _filled(self, value: Any) -> Any:
        if isinstance(value, tuple | list):
            return [self._filled(one) for one in cast("Sequence[Any]", value)]
        if not isinstance(value, Mapping):
            return value
        parts = cast("Mapping[str, Any]", value)
        if len(parts) == 1:
            key, name = next(iter(parts.items()))
            if key in _PLACES:
                return _PLACES[key](self, name)
        return {name: self._filled(one) for name, one in parts.items()}

    def made_by_name(self, name: str) -> str:
        """The code of what an earlier beat made."""
        return self.made[name]

    def account_by_name(self, name: str) -> str:
        """The account of a person of the script."""
        return self.accounts[name]

    def thing_by_name(self, name: str) -> int:
        """The number of the entry by which an earlier beat made a thing."""
        return self.things[name]

    def wait_for_signal(self, rule: str) -> str:
        """The signal of a rule file. Raises NoSignal when none came in time."""
        until = time.monotonic() + SIGNAL_WAIT
        while rule not in self.signals:
            over = self.all_looked_at()
            self._look_for_signals()
            if rule in self.signals:
                break
            if over or time.monotonic() > until:
                raise NoSignal(rule)
            time.sleep(LOOK_SECONDS)
        return self.signals[rule]

    def _look_for_signals(self) -> None:
        client = self.people[self._asking or next(iter(self.people))]
        for row in client.get("signals", limit=200)["signals"]:
            if row["signal"] not in self.signals.values():
                rule = client.get(f"signals/{row['signal']}").get("rule_key")
                if rule:
                    self.signals[str(rule).rpartition("/")[2]] = row["signal"]

    def newest_version(self, name: str) -> int:
        """The newest version of a role, severity, summary, state or made thing."""
        client, incident = self.people[self._asking], self.made["incident"]
        found = client.get(f"incidents/{incident}")
        if name in self.things:
            return next(fact["version"] for fact in found["facts"] if fact["seq"] == self.things[name])
        if name == "severity":
            return int(found["severity"]["version"])
        if name in ("summary", "state", "secrecy"):
            return int(found[f"{name}_version"])
        return next(int(role["version"]) for role in found["roles"] if role["role"] == name)


_PLACES: Mapping[str, Callable[[Player, str], Any]] = {
    "$": Player.made_by_name,
    "$account": Player.account_by_name,
    "$thing": Player.thing_by_name,
    "$version": Player.newest_version,
    "$signal": Player.wait_for_signal,
}


def _short(fields: Mapping[str, Any]) -> str:
    for name in ("what", "text", "summary", "reason", "role", "to", "signal", "outcome"):
        if isinstance(fields.get(name), str):
            text = str(fields[name])
            return text if len(text) <= 90 else f"{text[:89]}…"
    return ""
