"""Hunts as they tell of themselves: how far each is, and when the events came that it found. Working, never entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.core.errors import BadInput
from muster.store.batches import position, set_position
from muster.store.database import Database

HUNTS = "hunts"
KEPT = 20
"""Hunts that are shown, the newest first."""
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]
Hour = Annotated[str, Field(pattern=r"^\d{8}T\d\d$")]


class HuntSays(BaseModel):
    """How far a hunt is. hunt: its id; title: of its first rule; by_hour: hour of arrival (`20261124T02`) -> hits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hunt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    title: Annotated[str, Field(max_length=200)]
    rules: Number
    events_lane: Annotated[str, Field(max_length=100)]
    events: Number
    total: Number
    hits: Number
    by_hour: Annotated[dict[Hour, Number], Field(max_length=1_000)]
    done: bool = False


class HuntView(HuntSays):
    """A hunt, and when it was heard last."""

    said_at: str


@dataclass(frozen=True)
class Hunts:
    """Keeps what hunts say of themselves."""

    database: Database
    reading: Reading

    def says(self, caller: Caller, value: Mapping[str, Any], now: datetime) -> None:
        """Keeps the word of a hunt in place of its last one. Raises BadInput, Denied, Unsigned."""
        self.reading.ask(caller, Verb.READ_RULES)
        try:
            said = HuntSays.model_validate(value)
        except ValidationError:
            raise BadInput(
                "A hunt does not speak so.", "body", "Use a `muster hunt` of this version."
            ) from None

        def keep(connection: Any) -> None:
            kept = [one for one in _read(connection) if one.hunt != said.hunt]
            newest = HuntView(**said.model_dump(), said_at=now.isoformat())
            told = [one.model_dump() for one in (newest, *kept)][:KEPT]
            set_position(connection, HUNTS, {"hunts": told}, now)

        self.database.write(keep)

    def all(self, caller: Caller) -> list[HuntView]:
        """The hunts that were heard last, the newest first. Raises Denied, Unsigned."""
        self.reading.ask(caller, Verb.READ_RULES)
        with self.database.read() as connection:
            return _read(connection)


def _read(connection: Any) -> list[HuntView]:
    found = position(connection, HUNTS)
    told = cast("list[Any]", found[0]["hunts"]) if found else []
    return [HuntView.model_validate(one) for one in told]
