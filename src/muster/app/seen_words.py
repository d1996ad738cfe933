"""What the detection process tells of the log sources it has seen: working words, bounded, never entries."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_SOURCES = 500
MOST_NAMES = 60
"""Names of fields, numbers, services or categories that are told of one source; the counts are of all."""
MOST_RULES = 500
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]
Text = Annotated[str, Field(max_length=500)]
Stored = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
"""A stored time."""
Names = Annotated[tuple[Text, ...], Field(max_length=200)]


class Word(BaseModel):
    """A part of what is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SeenSource(Word):
    """One log source of one lane: events of one shape, of one channel or with one stated log source.

    services, categories: how rules may name it. first, last: arrival, ISO 8601. last_event: when the last one says it
    happened; lag_seconds: how long after that it came, where both are known. events: since the process began;
    last_hour: in the 60 minutes before it told.
    """

    lane: Text
    shape: Text
    channel: Text = ""
    product: Text = ""
    services: Names = ()
    categories: Names = ()
    numbers: Names = ()
    fields: Names = ()
    fields_count: Number = 0
    events: Number
    last_hour: Number = 0
    first: Stored
    last: Stored
    last_event: Text | None = None
    lag_seconds: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one source."""
        stated = () if self.channel else (*self.services, *self.categories)
        return (self.lane, self.shape, self.channel, self.product, *stated)


class Missing(Word):
    """A rule whose log source came without fields that it names. is_all: it had none of those that it names."""

    lane: Text
    rule: Text
    title: Text
    fields: Names
    is_all: bool


class RuleFault(Word):
    """A rule that raised while it matched, in how many batches, why, and when the last of them arrived."""

    lane: Text
    rule: Text
    title: Text
    what: Text
    batches: Number
    last: Stored


class Unread(Word):
    """Lines of a lane that nobody could read, for one reason."""

    lane: Text
    reason: Text
    lines: Number


class Sighted(Word):
    """All of it. cut: beyond a bound, more came than is told."""

    sources: Annotated[tuple[SeenSource, ...], Field(max_length=MOST_SOURCES)] = ()
    missing: Annotated[tuple[Missing, ...], Field(max_length=MOST_RULES)] = ()
    faults: Annotated[tuple[RuleFault, ...], Field(max_length=MOST_RULES)] = ()
    unread: Annotated[tuple[Unread, ...], Field(max_length=MOST_RULES)] = ()
    cut: bool = False

    def of(self, lane: str) -> "Sighted":
        """What of it is of a lane."""
        return Sighted(
            sources=tuple(one for one in self.sources if one.lane == lane),
            missing=tuple(one for one in self.missing if one.lane == lane),
            faults=tuple(one for one in self.faults if one.lane == lane),
            unread=tuple(one for one in self.unread if one.lane == lane),
            cut=self.cut,
        )


def joined(before: Sighted, now: Sighted) -> Sighted:
    """The newer word, with the sources that only the one before knows: a process that began anew forgets none."""
    known = {one.key for one in now.sources}
    kept = [one.model_copy(update={"last_hour": 0}) for one in before.sources if one.key not in known]
    newest = sorted([*now.sources, *kept], key=lambda one: one.last, reverse=True)
    return now.model_copy(
        update={"sources": tuple(newest[:MOST_SOURCES]), "cut": now.cut or len(newest) > MOST_SOURCES}
    )
