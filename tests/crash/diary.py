"""A client that keeps its own diary: what it asked, with which key, and what was answered.

It asks again, with the same key, whatever was not answered. So afterwards the diary says what must be in the record,
and the record must hold exactly that.
"""

import random
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from muster.client import Client, ServerAway

RULES = 4


@dataclass
class Asked:
    """One request. word: the text that only it carries. answer: None while nobody answered."""

    verb: str
    word: str
    fields: dict[str, Any]
    answer: dict[str, Any] | None = None
    repeats: int = 0

    @property
    def lines(self) -> bytes:
        """The events of a batch."""
        return b"".join(b'{"word":"%s","n":%d}\n' % (self.word.encode(), number) for number in range(8))


@dataclass
class Diary:
    """One client's diary. name: tells it from other clients; seed: what it does; shared: an incident of all;
    weights: how often it does each of MAKERS."""

    name: str
    seed: int
    shared: str | None = None
    weights: tuple[int, ...] = (1, 6, 3, 3, 3, 4)
    asked: list[Asked] = field(default_factory=list[Asked])
    open: Asked | None = None

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def answered(self) -> list[Asked]:
        return [one for one in self.asked if one.answer is not None]

    @property
    def repeated(self) -> int:
        return sum(one.repeats for one in self.asked)

    def works(self, client: Client, requests: int) -> bool:
        """Ask so many things, one after the other; False when the server went away meanwhile."""
        for _ in range(requests):
            try:
                if self.open is not None:
                    self.open.repeats += 1
                    self._ask(client, self.open)
                self.open = self._next()
                self.asked.append(self.open)
                self._ask(client, self.open)
                if len(self.asked) % 12 == 0:
                    self._export(client)
            except ServerAway:
                return False
        return True

    def _ask(self, client: Client, one: Asked) -> None:
        if one.verb == "events":
            one.answer = client.events(one.lines, one.word)
        else:
            one.answer = client.post(one.verb, one.fields, key=one.word)
        self.open = None

    def _export(self, client: Client) -> None:
        """An export seals first, so that checkpoint and anchor are written while others work."""
        client.download(f"/api/v1/incidents/{self._of('declare')['incident']}/export")

    def _next(self) -> Asked:
        number = len(self.asked)
        word = f"{self.name}-{number:05}"
        if number == 0:
            return Asked("declare", word, {"what": word})
        if number == 1:
            return Asked("events", word, {})
        verb = self._random.choices(MAKERS, weights=self.weights)[0]
        return Asked(verb, word, getattr(self, f"_{verb}")(word))

    def _of(self, verb: str) -> dict[str, Any]:
        """The answer to an earlier request, drawn."""
        found = [one.answer for one in self.asked if one.verb == verb and one.answer is not None]
        return self._random.choice(found)

    def _declare(self, word: str) -> dict[str, Any]:
        return {"what": word}

    def _log(self, word: str) -> dict[str, Any]:
        return {"incident": self.shared or self._of("declare")["incident"], "text": word}

    def _fact(self, word: str) -> dict[str, Any]:
        return {"incident": self._of("declare")["incident"], "text": word, "source": "the disk"}

    def _signal(self, word: str) -> dict[str, Any]:
        return {"title": word}

    def _events(self, word: str) -> dict[str, Any]:
        return {}

    def _hits(self, word: str) -> dict[str, Any]:
        """A hit with its evidence; `rule_id` carries the word, so that each hit can be told from all others."""
        rule = f"rule {self._random.randrange(RULES)} {word[-5:-1]}"  # other clients hit the same rules
        hit = {
            "rule_key": rule,
            "rule_id": word,
            "title": rule,
            "rows": [self._random.randrange(4), 4 + self._random.randrange(4)],
            "evidence": {"data": b64encode(word.encode()).decode(), "events": [1]},
        }
        return {"batch": self._of("events")["sha256"], "events": 8, "hits": [hit]}


MAKERS = ("declare", "log", "fact", "signal", "events", "hits")
