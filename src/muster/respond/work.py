"""What the verbs of work share: a verb with its standing and rule, a reason beside an entry, and a correction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from muster.access.command import Command, IncidentCode, Rule, Version
from muster.access.verbs import Facts, Standing, Target, Verb
from muster.core.errors import Conflict
from muster.core.time import stored
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Header, Ref
from muster.record.state import States
from muster.respond.incident import ReasonGiven

Minutes: TypeAlias = Annotated[int, Field(ge=1, le=7 * 24 * 60)]


class WorkCorrected(Body):
    """What another entry (ref `corrects`) should have said; both stay readable."""

    kind: ClassVar[str] = "work.corrected"
    text: str


KINDS = kinds_of(WorkCorrected)


class InIncident(Command):
    """Every command of work names its incident."""

    incident: IncidentCode


class Replacing(InIncident):
    """A command that replaces something. expected: the version of it that you saw."""

    expected: Version


def _its_incident(command: InIncident) -> tuple[str, ...]:
    return (command.incident,)


def _nothing(_command: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Work:
    """One verb of work: its word and line of help, the standing it needs, its command and its rule.

    server: Muster itself does it too, when it is due.
    """

    word: str
    summary: str
    standing: Standing
    command: type[InIncident]
    decide: Callable[[States, Any, Context, Known], Decision]
    reads: Callable[[Any], tuple[str, ...]] = _nothing
    server: bool = False

    @property
    def facts(self) -> Facts:
        """What access keeps about it."""
        return Facts(self.summary, self.standing, Target.INCIDENT)

    def rule(self) -> Rule:
        """It as a rule of the registry. Raises ValueError while access does not know the word."""
        return Rule(Verb(self.word), self.command, self.decide, _its_incident, self.reads)


def now(context: Context) -> datetime:
    """The now by which work is due and late."""
    return context.instant


def after(instant: datetime, minutes: int) -> str:
    """The stored form of the instant so many minutes later."""
    return stored(instant + timedelta(minutes=minutes))


def pointed(header: Header, rel: str) -> int | None:
    """The number of the entry to which this ref points; None when there is none."""
    return next((ref.seq for ref in header.refs if ref.rel == rel), None)


def reasoned(incident: str, explained: int, reason: str) -> Draft:
    """The reason for an entry that itself holds no free text, as an entry of its own."""
    return Draft(incident, ReasonGiven(text=reason), (Ref("explains", incident, explained),))


def as_seen(version: int, expected: int, *, what: str, theirs: str, yours: str) -> None:
    """Refuses when the thing was replaced since it was seen. Raises Conflict with both texts."""
    if version != expected:
        raise Conflict(
            f"Somebody else changed this {what} first.",
            "expected",
            "Look at it again, then decide.",
            theirs=theirs,
            yours=yours,
            version=version,
        )
