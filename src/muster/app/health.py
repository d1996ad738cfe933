"""How the server is: reading only or not, sealing, and the detection process; for the foot of every page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from muster.app.views import DetectionView, StatusView
from muster.core.errors import MusterError
from muster.plan.builtin import COMMIT
from muster.store.batches import position, set_position
from muster.store.database import Database
from muster.store.seal import Sealer
from muster.store.spool import Spool

DETECTION = "detection"


@dataclass(frozen=True)
class Health:
    """Looks at the parts; never fails."""

    database: Database
    sealer: Sealer
    spool: Spool
    frozen: str | None
    detector: bool

    def status(self) -> StatusView:
        """How things stand."""
        return StatusView(
            reading_only=self.frozen,
            sealing_fault=self.sealer.failure,
            plan=COMMIT,
            detection=self._detection() if self.detector else None,
        )

    def detector_says(self, value: dict[str, Any], now: datetime) -> None:
        """Keeps what the detection process says of itself (working; never an entry)."""
        self.database.write(lambda connection: set_position(connection, DETECTION, value, now))

    def _detection(self) -> DetectionView | None:
        try:
            with self.database.read() as connection:
                found = position(connection, DETECTION)
            waiting = len(self.spool.waiting_batches())
        except (MusterError, OSError):
            return None
        said: dict[str, Any] = cast("dict[str, Any]", found[0]) if found else {}
        return DetectionView(
            running=bool(said),
            said_at=found[1] if found else None,
            rules_loaded=int(said.get("rules_loaded", 0)),
            rules_not_loaded=tuple((str(p), str(t), str(r)) for p, t, r in said.get("rules_not_loaded", [])),
            batches_waiting=waiting,
            events_matched=int(said.get("events_matched", 0)),
            events_unreadable=int(said.get("events_unreadable", 0)),
            fault=str(said.get("fault", "")),
        )
