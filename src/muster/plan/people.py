"""People of the company and how to reach them, also when the company's own systems are not to be trusted.

SP 800-61 r2, 3.1.1, and BSIMM CMVM1.1 ask for more than one way, one of them outside; a number that nobody tried
for a quarter is a guess.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from muster.plan.part import Id, Line, Part

STALE_AFTER_DAYS = 90
EXAMPLE = "example.invalid"


class ChannelKind(StrEnum):
    """By what somebody is reached."""

    PHONE = "phone"
    SMS = "sms"
    PAGER = "pager"
    MESSENGER = "messenger"
    MAIL = "mail"
    CHAT = "chat"
    WEB = "web"


AT_ONCE = frozenset({ChannelKind.PHONE, ChannelKind.SMS, ChannelKind.PAGER, ChannelKind.MESSENGER})


class Channel(Part):
    """One way to reach somebody. outside: it works while all systems of the company are down or watched."""

    kind: ChannelKind
    address: Line
    outside: bool = False
    hours: Line | None = None

    @property
    def host(self) -> str:
        """The name of the machine in the address, lower case; empty for a plain phone number."""
        rest = self.address.rpartition("@")[2].partition("://")
        return (rest[2] or rest[0]).partition("/")[0].partition(":")[0].strip().lower().rstrip(".")

    @property
    def is_example(self) -> bool:
        """Whether it lies under example.invalid, so that it reaches nobody (RFC 2606, section 2)."""
        return self.host == EXAMPLE or self.host.endswith(f".{EXAMPLE}")

    @property
    def rings(self) -> bool:
        """Whether it wakes somebody up, on a way outside the company."""
        return self.outside and self.kind in AT_ONCE


class Reachable(Part):
    """Somebody with channels, the best first, and the day on which they were last tried."""

    name: Line
    channels: dict[Id, Channel] = Field(min_length=1)
    verified: date

    def stale_since(self, today: date) -> int:
        """For how many days the channels have been unverified beyond the limit; 0 while they are fresh."""
        return max(0, (today - self.verified).days - STALE_AFTER_DAYS)


class Person(Reachable):
    """Somebody of the company."""

    title: Line
    zone: Line = "UTC"
    speaks: tuple[Line, ...] = ()


class People(Part):
    """The file people.yaml."""

    people: dict[Id, Person]
