"""What an adapter of a channel is given and what it may answer: the shape of the door's other side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """An effect as an adapter gets it. key: the idempotency key. at: seconds since 1970 at which it was asked for."""

    key: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: int
    payload: Mapping[str, str] = field(default_factory=dict[str, str])
    repeat: bool = False


class NotSent(Exception):
    """It did not happen. words: why, in our own words; final: trying again is of no use.

    unclear: the receiver may have acted all the same.
    """

    def __init__(self, words: str, *, final: bool = False, unclear: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.final = final
        self.unclear = unclear


class Adapter(Protocol):
    """One way out. Called from several threads; must return or raise well within a lease."""

    def send(self, message: Message, /) -> str:
        """Sends; answers what the receiver said, in words of our own. Raises NotSent."""
        ...


MAY_BE_A_REPEAT = "may be a repeat"


class DryRun:
    """The adapter of every channel in a drill: nothing leaves."""

    def send(self, _message: Message, /) -> str:
        """Says that nothing was sent."""
        return "dry run: nothing was sent"


class NotSetUp:
    """Where no such channel is set up: it waits, since somebody may set it up yet."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def send(self, _message: Message, /) -> str:
        """Says what is missing."""
        raise NotSent(f"No channel {self._channel[:60]} is set up in the settings.")
