"""Quotas: token buckets in memory, for what anybody may ask without an account, and for guesses of passwords."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from muster.core.errors import TooMany

_SOURCES = 10_000


@dataclass
class Quota:
    """So many a minute for each source, and a larger number for all together.

    At most 10,000 sources are remembered; beyond that the one that was silent longest starts anew.
    """

    per_minute: int
    all_per_minute: int
    _full: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sources: "OrderedDict[str, tuple[float, float]]" = field(
        default_factory=OrderedDict[str, tuple[float, float]]
    )

    def take(self, source: str, monotonic: float) -> None:
        """Takes one. monotonic: seconds of a clock that never jumps. Raises TooMany with the seconds to wait."""
        with self._lock:
            wait = max(
                self._wait(self._sources.get(source), self.per_minute, monotonic),
                self._wait(self._full.get("all"), self.all_per_minute, monotonic),
            )
            if wait > 0:
                raise TooMany(
                    "That was too often.",
                    "quota",
                    f"Try again in {int(wait) + 1} s.",
                    retry_after=int(wait) + 1,
                )
            self._sources[source] = self._less(self._sources.get(source), self.per_minute, monotonic)
            self._sources.move_to_end(source)
            self._full["all"] = self._less(self._full.get("all"), self.all_per_minute, monotonic)
            while len(self._sources) > _SOURCES:
                self._sources.popitem(last=False)

    def give_back(self, source: str, monotonic: float) -> None:
        """Gives one back to a source, since it was no guess; the number for all together stays."""
        with self._lock:
            level = self._level(self._sources.get(source), self.per_minute, monotonic) + 1.0
            self._sources[source] = (min(float(self.per_minute), level), monotonic)

    @staticmethod
    def _level(bucket: tuple[float, float] | None, most: int, now: float) -> float:
        if bucket is None:
            return float(most)
        level, at = bucket
        return min(float(most), level + (now - at) * most / 60)

    def _wait(self, bucket: tuple[float, float] | None, most: int, now: float) -> float:
        missing = 1.0 - self._level(bucket, most, now)
        return max(0.0, missing * 60 / most)

    def _less(self, bucket: tuple[float, float] | None, most: int, now: float) -> tuple[float, float]:
        return (self._level(bucket, most, now) - 1.0, now)
