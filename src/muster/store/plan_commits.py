"""Commits of a plan: who wrote what when, and the trailers that lead from a line back to its lesson."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dulwich.objects import Commit

from muster.core.errors import BadInput

_TRAILER = re.compile(r"([A-Za-z][A-Za-z-]{0,40}): (\S.*)")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a commit."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class PlanCommit:
    """One commit: its id, parents, author, time and message; trailers by name (`Lesson`, `Incident`)."""

    id: str
    parents: tuple[str, ...]
    author: Author
    when: datetime
    message: str
    trailers: Mapping[str, tuple[str, ...]]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


def read_commit(commit: str, found: Commit) -> PlanCommit:
    """A commit object as people see it; a time that no calendar knows becomes 1970."""
    message = found.message.decode("utf-8", "replace")
    name, _, mail = found.author.decode("utf-8", "replace").partition(" <")
    zone = timezone(timedelta(seconds=found.author_timezone))
    try:
        when = datetime.fromtimestamp(found.author_time, zone)
    except (ValueError, OverflowError, OSError):
        when = datetime.fromtimestamp(0, UTC)
    return PlanCommit(
        id=commit,
        parents=tuple(parent.decode() for parent in found.parents),
        author=Author(name, mail.rstrip(">")),
        when=when,
        message=message,
        trailers=trailers_of(message),
    )


def trailers_of(message: str) -> Mapping[str, tuple[str, ...]]:
    """The trailers of a message: `Name: value` lines, if its last paragraph holds nothing else."""
    paragraphs = [part for part in message.strip().split("\n\n") if part.strip()]
    lines = paragraphs[-1].strip().split("\n") if len(paragraphs) > 1 else []
    found = [_TRAILER.fullmatch(line.strip()) for line in lines]
    named: dict[str, tuple[str, ...]] = {}
    for match in found if all(found) else ():
        if match:
            named[match[1]] = (*named.get(match[1], ()), match[2])
    return named


def whole_message(message: str, trailers: Sequence[tuple[str, str]]) -> str:
    """The message with its trailers below. Raises BadInput for a trailer that git would not read as one."""
    text = message.strip() or "Change the plan"
    lines = [f"{name}: {' '.join(value.split())}" for name, value in trailers]
    if any(not _TRAILER.fullmatch(line) for line in lines):
        raise BadInput("A trailer has no name or no value.", "trailers", "Write it as `Lesson: LSN-7Q4KM2`.")
    return "\n".join([text, *(["", *lines] if lines else [])]) + "\n"


def signature(author: Author) -> bytes:
    """Name and mail as git writes them; what would forge a second one is taken out."""
    name, mail = (re.sub(r"[<>\n\r\0]", " ", text).strip() for text in (author.name, author.mail))
    return f"{name or 'unknown'} <{mail}>".encode("utf-8", "replace")
