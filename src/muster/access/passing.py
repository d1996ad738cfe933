"""What passes at the door: entries of the access stream of one day and process."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from muster.core.ids import StreamType, code
from muster.core.text import shown
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.entry import Draft


class DenialReason(StrEnum):
    """Why somebody was turned away at the door."""

    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a reason, no secret
    UNKNOWN_SIGN_IN = "unknown-sign-in"
    DISABLED = "disabled"
    LINK = "used-or-old-link"
    TOKEN = "unknown-token"  # noqa: S105 - a reason, no secret
    NOT_ALLOWED = "not-allowed"
    HIDDEN = "hidden"
    FOREIGN_ORIGIN = "foreign-origin"
    QUOTA = "quota"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST = "first"
    INVITE = "invite"
    RESET = "reset"


class ReadThing(StrEnum):
    """What kind of thing was read."""

    EVIDENCE = "evidence"
    NAMED = "stream for named people"


class AccessOpened(Body):
    """First entry: the access of this day (UTC, `2026-11-24`), seen by one process."""

    kind: ClassVar[str] = "access.opened"
    day: str


class SignedIn(Body):
    """An account signed in, from this address."""

    kind: ClassVar[str] = "access.signed-in"
    account: str
    source: str


class SignedOut(Body):
    """An account signed out."""

    kind: ClassVar[str] = "access.signed-out"
    account: str


class AccessDenied(Body):
    """Somebody was turned away; repeats of one source are one entry a minute, with their count."""

    kind: ClassVar[str] = "access.denied"
    reason: DenialReason
    source: str
    count: int = 1


class AccessRead(Body):
    """Evidence, or a stream for named people, was read. `thing` is a blob's SHA-256 or a stream's code.

    It names secret streams: whoever lists these entries leaves out those whose thing the reader may not see.
    """

    kind: ClassVar[str] = "access.read"
    thing: str
    what: ReadThing


class AccessExported(Body):
    """A stream was exported up to this entry, with so many bodies withheld."""

    kind: ClassVar[str] = "access.exported"
    stream: str
    seq: int
    withheld: int = 0


class LinkMade(Body):
    """A one-time link was made; the link itself is in no entry."""

    kind: ClassVar[str] = "access.link-made"
    purpose: LinkPurpose
    account: str | None = None


def open_day(context: Context) -> Draft:
    """The first entry of the access stream for the day of the context's now; its code is drawn anew."""
    return Draft(code(StreamType.ACCESS, context.id("stream")), AccessOpened(day=day_of(context.now)))


def day_of(now: datetime) -> str:
    """The day of an instant in UTC, as its access stream names it."""
    return now.strftime("%Y-%m-%d")


def denied(stream: str, reason: DenialReason, source: str, count: int = 1) -> Draft:
    """The entry of one or more denials. The source (an address) is hostile: shown harmlessly, at most 100 long."""
    return Draft(stream, AccessDenied(reason=reason, source=shown(source)[:100], count=count))


KINDS = kinds_of(AccessOpened, SignedIn, SignedOut, AccessDenied, AccessRead, AccessExported, LinkMade)
