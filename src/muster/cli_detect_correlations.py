"""Correlations of `muster detect`: gathered over all files, decided at the end, each hit a JSON line of its own.

All events are there at the end, so none comes too late, whatever the order of files.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.detect.correlating import CorrelationHit, Sighting
    from muster.detect.events import Reading
    from muster.detect.matching import Hit
    from muster.detect.ruleset import Ruleset


@dataclass(slots=True)
class Correlations:
    """What the correlations of a ruleset saw so far, and what came of it. untimed, forgotten: events left out."""

    ruleset: "Ruleset"
    hits: "list[CorrelationHit]" = field(default_factory=list["CorrelationHit"])
    untimed: int = 0
    forgotten: int = 0
    _times: list[int | None] = field(default_factory=list[int | None])
    _seen: "list[Sequence[Sighting]]" = field(default_factory=list["Sequence[Sighting]"])

    def take(self, hits: "Sequence[Hit]", reading: "Reading", source: int) -> None:
        """Adds the hits of a batch. source: the number of its file."""
        if not self.ruleset.correlations:
            return
        from muster.detect.correlating import Plan
        from muster.detect.correlation_sighting import sightings

        plan = Plan(self.ruleset.correlations)
        found = sightings(plan, hits, reading.batch, source=f"{source:09}", positions=reading.positions)
        for row in sorted(found.rows):
            self._times.append(found.times[row])
            self._seen.append(found.rows[row])

    def decide(self) -> None:
        """There are no more events."""
        if not self._seen:
            return
        from muster.detect.hunting import decide

        hits, counts = decide(self.ruleset.correlations, zip(self._times, self._seen, strict=True))
        self.hits = [hit for hit in hits if hit.rule not in self.ruleset.silent]
        self.untimed, self.forgotten = counts.untimed, counts.forgotten
        self._times, self._seen = [], []

    def lines(self, place: Callable[[int, int], dict[str, object]]) -> Iterator[bytes]:
        """The hits as JSON lines, in the order of the rules. place: what to write of a file's number and a position."""
        import orjson

        from muster.detect.moments import written

        for asked in self.ruleset.correlations:
            for hit in self.hits:
                if hit.rule == asked.rule.key:
                    yield orjson.dumps({
                        "rule": asked.rule.name,
                        "title": asked.rule.title,
                        "level": asked.rule.level,
                        "author": asked.rule.author,
                        "time": written(hit.time),
                        "group": dict(hit.group),
                        "events": [place(int(source), position) for source, position in hit.events],
                    })  # fmt: skip
                    yield b"\n"

    def missing(self) -> list[str]:
        """What is left out of the answer, in words."""
        parts: list[str] = []
        if self.untimed:
            parts.append(f"{self.untimed} events not correlated, since they say no time that can be read")
        if self.forgotten:
            parts.append(f"{self.forgotten} events too many for correlations")
        return parts
