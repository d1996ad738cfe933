"""Muster as the web, the detector and the command line reach it: verbs, reading, sign-in, events, and its health."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.app.detector_lanes import DetectorLanes
from muster.app.doing import Doing
from muster.app.door import Door
from muster.app.drills import Drills
from muster.app.events import EventIntake
from muster.app.evidence_intake import EvidenceIntake
from muster.app.exporting import Exporting
from muster.app.health import Health
from muster.app.holes import Holes
from muster.app.hunts import Hunts
from muster.app.indicator_book import IndicatorBook
from muster.app.journal import Journal
from muster.app.log_sources import LogSources
from muster.app.plan_desk import PlanDesk
from muster.app.plan_view import PlanReading
from muster.app.quota import Quota
from muster.app.reading import Reading
from muster.app.rule_files import RuleFiles
from muster.app.rulebook import Rulebook
from muster.app.settings import Settings
from muster.app.sign_in import SignIn
from muster.app.whole_incident import WholeIncidents
from muster.app.world import World
from muster.store.open_record import OpenRecord
from muster.store.seal import Sealer

Clock = Callable[[], datetime]
Json = dict[str, Any]


@dataclass(frozen=True)
class Muster:
    """One server's parts, put together by `wiring`."""

    settings: Settings
    clock: Clock
    record: OpenRecord
    doing: Doing
    reading: Reading
    journal: Journal
    sealer: Sealer
    sign_in: SignIn
    events: EventIntake
    evidence: EvidenceIntake
    exporting: Exporting
    incidents: WholeIncidents
    rules: RuleFiles
    health: Health
    reports: Quota
    door: Door
    drills: Drills
    world: World
    desk: PlanDesk
    plan: PlanReading
    holes: Holes
    log_sources: LogSources
    rulebook: Rulebook
    indicators: IndicatorBook
    hunts: Hunts
    detector_lanes: DetectorLanes

    @staticmethod
    def monotonic() -> float:
        """Seconds of a clock that never jumps, for quotas."""
        return time.monotonic()
