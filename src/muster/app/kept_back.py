"""How often each ignore kept hits back, by lane: one small file beside the spool, each batch counted once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from muster.app.views import KeptBackView
from muster.detect.ignoring import KeptBack
from muster.store.safe_file import write_safely

MOST = 2_000
"""Pairs of lane, ignore and rule that are remembered; those that were met the longest ago go first."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    applied: str = ""
    counted: tuple[KeptBackView, ...] = ()


@dataclass
class KeptBackCounts:
    """The counts. note: why they begin anew, when the file cannot be read."""

    file: Path
    note: str = ""
    _kept: _Kept = field(default_factory=_Kept)

    def __post_init__(self) -> None:
        try:
            self._kept = _Kept.model_validate_json(self.file.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as fault:
            self.note = f"The counts of ignores cannot be read ({type(fault).__name__}); they begin anew."

    @property
    def counted(self) -> tuple[KeptBackView, ...]:
        """All counts, those that were met last at the end."""
        return self._kept.counted

    def add(self, batch: str, lane: str, arrived: str, kept: Iterable[KeptBack]) -> None:
        """Counts what was kept back of a batch, once however often the batch is taken."""
        found = tuple(kept)
        if not found or self._kept.applied == batch:
            return
        known = {(one.lane, one.ignore, one.rule): one for one in self._kept.counted}
        for one in found:
            key = (lane, one.ignore, str(one.rule))
            before = known.pop(key, None)
            count = one.count + (before.count if before else 0)
            known[key] = KeptBackView(
                lane=lane, ignore=one.ignore, rule=str(one.rule), count=count, last=arrived
            )
        now = _Kept(applied=batch, counted=tuple(known.values())[-MOST:])
        write_safely(self.file, json.dumps(now.model_dump(), sort_keys=True).encode(), name="ignores")
        self._kept = now
