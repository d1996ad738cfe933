"""The one place where parts are put together."""

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from muster.app.caller import Caller
from muster.app.detector_lanes import DetectorLanes
from muster.app.doing import Doing, Watch
from muster.app.door import Door
from muster.app.drills import Drills
from muster.app.events import EventIntake, Room
from muster.app.evidence_intake import EvidenceIntake
from muster.app.exporting import Exporting
from muster.app.health import Health
from muster.app.holes import Holes
from muster.app.hunts import Hunts
from muster.app.indicator_book import IndicatorBook
from muster.app.journal import Journal
from muster.app.log_sources import LogSources
from muster.app.muster import Muster
from muster.app.plan_desk import PlanDesk
from muster.app.plan_versions import PlanVersions
from muster.app.plan_view import PlanReading
from muster.app.quota import Quota
from muster.app.reading import Reading
from muster.app.registry import FOLDS, KINDS
from muster.app.rule_files import RuleFiles
from muster.app.rulebook import Rulebook
from muster.app.settings import Settings
from muster.app.sign_in import SignIn
from muster.app.ticks import TIMERS
from muster.app.whole_incident import WholeIncidents
from muster.app.world import World
from muster.channels.registry import channels
from muster.core.errors import BadInput
from muster.core.people import SERVER, Actor, Through
from muster.record.context import Context
from muster.store import due
from muster.store.append import Ledger
from muster.store.blob_names import a_named_blob
from muster.store.blobs import Blobs
from muster.store.data_folder import DataFolder
from muster.store.database import Database, parse_url, sqlite_url
from muster.store.leases import release_all
from muster.store.open_record import OpenRecord, open_record
from muster.store.project import FOLD_VERSION, project
from muster.store.read_only import reading_url, why_not_written
from muster.store.safe_file import nothing
from muster.store.seal import Sealer
from muster.store.spool import Spool

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


def logging_to_stderr() -> None:
    """Warnings and faults go to standard error, one line each; what a request sent is never in them."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")  # noqa: TID251 - this is the one place


def build(
    settings: Settings,
    *,
    clock: Clock = wall_clock,
    watch: Callable[[str], None] = nothing,
    decided: Watch | None = None,
    state_root: Path | None = None,
    own: bool = True,
) -> Muster:
    """Opens the data and puts a server's parts together.

    own: take the data directory's lock, as a server does; a command on the host works beside a running server.
    watch, decided, clock and state_root: for tests that crash, replay, turn the clock or keep keys apart.
    Raises BadInput, Unavailable.
    """
    folder = DataFolder(settings.data)
    folder.prepare()
    if own:
        folder.own()
    url = parse_url(settings.database) if settings.database else sqlite_url(folder.database)
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if own and file is not None:
        folder.own_database(file)
    unwritable = why_not_written(file) if file is not None else None
    if unwritable is not None and file is not None:
        url = reading_url(file)
    database = Database(url, watch=watch, read_only=unwritable is not None)
    try:
        record = open_record(
            Ledger(database, KINDS, FOLDS, project),
            fold_version=FOLD_VERSION,
            state_root=state_root,
            key_file=settings.key_file,
            unwritable=unwritable,
        )
    except BaseException:
        database.close()
        raise
    if own and database.is_sqlite and record.ledger.frozen is None:
        release_all(database)
        due.release_all(database)
    blobs = Blobs(settings.blobs or str(folder.blobs), watch=watch)
    _check_blobs(database, blobs)
    spool = Spool(folder.spool, folder.events, watch=watch)
    if own and record.ledger.frozen is None:
        spool.sweep()
    return _parts(settings, clock, record, blobs, spool, decided)


def _parts(
    settings: Settings, clock: Clock, record: OpenRecord, blobs: Blobs, spool: Spool, decided: Watch | None
) -> Muster:
    ledger, database = record.ledger, record.ledger.database

    versions = PlanVersions(blobs, settings.plan)
    world = World(database, ledger.folds, versions)

    def context(caller: Caller, now: datetime) -> Context:
        return Context(caller.actor, now, world.now().commits, secrets.token_bytes(32))

    server = Caller(Actor(SERVER, through=Through.SERVER))
    journal = Journal(ledger, context, server)
    desk = PlanDesk(ledger, world, versions)
    doing = Doing(ledger, journal, clock, world, desk, blobs, decided)
    reading = Reading(database, blobs, journal, clock, world.services)
    sealer = Sealer(database, record.key, record.folder, secrets.token_hex(8))
    folder = DataFolder(settings.data)
    rules = RuleFiles(settings.rules or (folder.rules,), world)
    door = Door(ledger, clock, lambda now: context(server, now), channels(settings), TIMERS, world)
    health = Health(
        database, sealer, spool, ledger.frozen, settings.detector, clock, lambda: world.now().commits.in_force
    )
    holes = Holes(reading, rules, world)
    return Muster(
        settings=settings,
        clock=clock,
        record=record,
        doing=doing,
        reading=reading,
        journal=journal,
        sealer=sealer,
        sign_in=SignIn(database, doing, clock, settings.session_hours),
        events=EventIntake(database, spool, reading, Room(spool, settings.events_waiting_mib * 1024 * 1024)),
        evidence=EvidenceIntake(doing, blobs),
        exporting=Exporting(database, reading, journal, sealer, record.key, blobs, clock),
        incidents=WholeIncidents(reading, record, clock, world),
        rules=rules,
        holes=holes,
        log_sources=LogSources(reading, holes, health, world, clock),
        detector_lanes=DetectorLanes(doing, reading),
        health=health,
        rulebook=Rulebook(reading, rules, health, world, ledger, clock),
        indicators=IndicatorBook(reading, rules, ledger, clock),
        hunts=Hunts(database, reading),
        reports=Quota(settings.reports_per_minute, settings.reports_per_minute * 10),
        door=door,
        drills=Drills(reading, door, spool, clock),
        world=world,
        desk=desk,
        plan=PlanReading(ledger, reading, world, clock),
    )


def _check_blobs(database: Database, blobs: Blobs) -> None:
    """A server that does not see the blobs that its database names does not start."""
    with database.read() as connection:
        name = a_named_blob(connection)
    if name is not None and not blobs.exists(name):
        raise BadInput(
            "The blobs that the database names are not here.",
            f"--blobs {blobs.place}",
            "Give the place where the other servers keep them.",
        )
