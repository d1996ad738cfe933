"""How the server is: reading only or not, sealing, and the detection process; for the foot of every page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from muster.app.seen_words import Sighted, joined
from muster.app.views import DetectionView, KeptBackView, StatusView
from muster.core.errors import BadInput, MusterError
from muster.detect.indicators.life import Life
from muster.plan.builtin import COMMIT
from muster.store.batches import position, set_position
from muster.store.database import Database
from muster.store.seal import Sealer
from muster.store.spool import Spool

DETECTION = "detection"
SEEN = "log-sources"
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]
Text = Annotated[str, Field(max_length=4000)]


class IndicatorsSay(BaseModel):
    """What the detection process says of indicators. quiet: found but not reported, by their life, since it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    loaded: Number = 0
    left_out: Number = 0
    quiet: Annotated[dict[Life, Number], Field(max_length=len(Life))] = {}


class DetectorSays(BaseModel):
    """What the detection process says of itself: rules by path, title and reason; events since it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules_loaded: Number
    rules_not_loaded: Annotated[tuple[tuple[Text, Text, Text], ...], Field(max_length=1000)] = ()
    rules_not_loaded_count: Number = 0
    events_matched: Number = 0
    events_unreadable: Number = 0
    indicators: IndicatorsSay = IndicatorsSay()
    kept_back: Annotated[tuple[KeptBackView, ...], Field(max_length=1000)] = ()
    seen: Sighted = Sighted()
    fault: Text = ""


@dataclass(frozen=True)
class Health:
    """Looks at the parts; never fails. plan: which commit is in force."""

    database: Database
    sealer: Sealer
    spool: Spool
    frozen: str | None
    detector: bool
    clock: Callable[[], datetime]
    plan: Callable[[], str] = lambda: COMMIT

    def status(self) -> StatusView:
        """How things stand."""
        return StatusView(
            reading_only=self.frozen,
            sealing_fault=self.sealer.failure,
            plan=self.plan(),
            detection=self._detection() if self.detector else None,
        )

    def detector_says(self, value: Mapping[str, Any], now: datetime) -> None:
        """Keeps what the detection process says of itself (working; never an entry). Raises BadInput."""
        try:
            told = DetectorSays.model_validate(value)
        except ValidationError as error:
            where = str(error.errors(include_input=False)[0]["loc"][0])
            raise BadInput(
                "The detector does not speak so.",
                where if where in DetectorSays.model_fields else "",
                "Use a detector of this version.",
            ) from None

        def keep(connection: Connection) -> None:
            set_position(connection, DETECTION, told.model_dump(exclude={"seen"}), now)
            seen = joined(_sighted(connection), told.seen)
            set_position(connection, SEEN, seen.model_dump(), now)

        self.database.write(keep)

    def sighted(self) -> Sighted:
        """What the detection process told last of the log sources that it has seen, of all lanes."""
        with self.database.read() as connection:
            return _sighted(connection)

    def kept_back(self) -> Mapping[str, Sequence[KeptBackView]]:
        """What ignores kept back by lane, as the detection process told last; nothing while it did not."""
        with self.database.read() as connection:
            found = position(connection, DETECTION)
        said: dict[str, Any] = cast("dict[str, Any]", found[0]) if found else {}
        by_lane: dict[str, list[KeptBackView]] = {}
        for one in DetectorSays.model_validate({"rules_loaded": 0, **said}).kept_back:
            by_lane.setdefault(one.lane, []).append(one)
        return by_lane

    def _detection(self) -> DetectionView | None:
        try:
            with self.database.read() as connection:
                found = position(connection, DETECTION)
            depth = self.spool.depth()
        except (MusterError, OSError):
            return None
        said: dict[str, Any] = cast("dict[str, Any]", found[0]) if found else {}
        return DetectionView(
            running=bool(said),
            said_at=found[1] if found else None,
            rules_loaded=int(said.get("rules_loaded", 0)),
            rules_not_loaded=tuple((str(p), str(t), str(r)) for p, t, r in said.get("rules_not_loaded", [])),
            rules_not_loaded_count=max(
                int(said.get("rules_not_loaded_count", 0)), len(said.get("rules_not_loaded", []))
            ),
            batches_waiting=depth.batches,
            bytes_waiting=depth.bytes,
            lag_seconds=_age(depth.oldest, self.clock()),
            events_matched=int(said.get("events_matched", 0)),
            events_unreadable=int(said.get("events_unreadable", 0)),
            fault=str(said.get("fault", "")),
        )


def _sighted(connection: Connection) -> Sighted:
    found = position(connection, SEEN)
    return Sighted.model_validate(found[0]) if found else Sighted()


def _age(arrived: str, now: datetime) -> int:
    """Whole seconds since a batch arrived, by the time in its file's name; 0 for none, and for one of later."""
    if not arrived:
        return 0
    at = datetime.strptime(arrived, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    return max(0, int((now - at).total_seconds()))
