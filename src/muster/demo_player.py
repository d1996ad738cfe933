"""Plays a script of people over HTTP, each with an account of their own; imports nothing of Muster but the client.

A beat is an object with `at`, `who`, `verb`, `fields`, `makes` and `refused`; open places in its fields are objects with
one key: `$` (the code that an earlier beat made), `$of` (a field of an earlier answer), `$signal` (the signal of a rule
file), `$version` (the newest version of a thing) and `$account` (an account of the script).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from muster.client import Client, Problem

Beat = Mapping[str, Any]


class NoSignal(Exception):
    """The script needs the signal of a rule, and none came."""


class NotRefused(Exception):
    """The script says that something must be refused, and it was done."""


@dataclass
class Player:
    """Plays beats. people: the client of each key; accounts: the account of each key.

    goes_to: lets the time of the night go on to here, and waits until nothing is left to be done at it: the rules have
    seen all that was logged so far, so a signal that is not there now does not come.
    """

    people: Mapping[str, Client]
    accounts: Mapping[str, str]
    tell: Callable[[str], None]
    goes_to: Callable[[timedelta], None]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    signals: dict[str, str] = field(default_factory=dict[str, str])
    played: int = 0
    _asking: str = ""

    def play(self, beats: Iterable[Beat]) -> None:
        """Plays all beats in order. Raises NoSignal, NotRefused, Problem, ServerAway."""
        for beat in beats:
            self.play_one(beat)

    def play_one(self, beat: Beat) -> None:
        """Plays one beat at its time and tells it."""
        self.goes_to(beat["at"])
        self._asking = beat["who"]
        client = self.people[beat["who"]]
        fields = {name: self._filled(value) for name, value in beat["fields"].items()}
        fields = {name: value for name, value in fields.items() if value is not None}
        if beat.get("refused"):
            answer = _refused(client, beat["verb"], fields)
        else:
            answer = client.verb(beat["verb"], fields)
        if beat.get("makes"):
            self.answers[beat["makes"]] = {**self.answers.get(beat["makes"], {}), **answer}
        self.played += 1
        said = f"refused: {answer['what']}" if beat.get("refused") else _short(fields)
        self.tell(f"{beat['who']}: {beat['verb']} {said}".rstrip())

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
        return str(self.answers[name]["incident"])

    def of_answer(self, place: str) -> Any:
        """A field of the newest answer under a name."""
        name, _, part = place.partition(".")
        return self.answers[name][part]

    def account_by_name(self, name: str) -> str:
        """The account of a person of the script."""
        return self.accounts[name]

    def signal_of(self, rule: str) -> str:
        """The signal of a rule file. Raises NoSignal when none came."""
        if rule not in self.signals:
            self._look_for_signals()
        if rule not in self.signals:
            raise NoSignal(rule)
        return self.signals[rule]

    def _look_for_signals(self) -> None:
        client = self.people[self._asking or next(iter(self.people))]
        for row in client.get("signals", limit=200)["signals"]:
            if row["signal"] not in self.signals.values():
                rule = client.get(f"signals/{row['signal']}").get("rule_key")
                if rule:
                    self.signals[str(rule).rpartition("/")[2]] = row["signal"]

    def newest_version(self, name: str) -> int:
        """The newest version of a role, severity, summary, state or made fact."""
        client, incident = self.people[self._asking], self.made_by_name("incident")
        found = client.get(f"incidents/{incident}")
        if "seq" in self.answers.get(name, {}):
            seq = self.answers[name]["seq"]
            return next(fact["version"] for fact in found["facts"] if fact["seq"] == seq)
        if name == "severity":
            return int(found["severity"]["version"])
        if name in ("summary", "state", "secrecy"):
            return int(found[f"{name}_version"])
        return next(int(role["version"]) for role in found["roles"] if role["role"] == name)


_PLACES: Mapping[str, Callable[[Player, str], Any]] = {
    "$": Player.made_by_name,
    "$of": Player.of_answer,
    "$account": Player.account_by_name,
    "$version": Player.newest_version,
    "$signal": Player.signal_of,
}


def _refused(client: Client, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the server said when it refused. Raises NotRefused when it did not."""
    try:
        client.verb(verb, fields)
    except Problem as problem:
        return {"what": str(problem)}
    raise NotRefused(verb)


def _short(fields: Mapping[str, Any]) -> str:
    for name in ("what", "text", "summary", "reason", "role", "step", "to", "signal", "outcome", "fact"):
        if isinstance(fields.get(name), str):
            text = str(fields[name])
            return text if len(text) <= 90 else f"{text[:89]}…"
    return ""
