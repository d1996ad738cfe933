"""Rules for services: owner, dependencies, recovery, copies, logs, and the way of an emergency fix."""

from collections.abc import Iterator
from datetime import timedelta

from muster.plan.finding import Weight
from muster.plan.layout import BY_FIELD
from muster.plan.lints.spot import Asked, LintRule, Spot, days
from muster.plan.recovery import cycles
from muster.plan.services import Service
from muster.plan.yaml_text import KeyPath

TRY_WITHIN_DAYS = 365


def each(asked: Asked) -> Iterator[tuple[str, Service]]:
    """Every service with its file."""
    for name, service in asked.plan.in_force.services.items():
        yield BY_FIELD["services"].file(name), service


def no_owner(asked: Asked) -> Iterator[Spot]:
    """Somebody must say what the service is worth and whether it works again (r3 ID.AM)."""
    for file, service in each(asked):
        if service.owner is None:
            path: KeyPath = ("owner",)
            yield Spot(
                file,
                path,
                f"{service.name} has no owner.",
                "Name the person who answers for it: `owner: ...`.",
            )


def cycle(asked: Asked) -> Iterator[Spot]:
    """No order of recovery exists for services that need each other."""
    for circle in cycles(asked.plan.in_force.services):
        yield Spot(
            BY_FIELD["services"].file(circle[0]),
            ("depends_on", circle[1]),
            f"These services need each other in a circle: {' -> '.join(circle)}.",
            "Take out one dependency, or say what works without it.",
        )


def no_recovery(asked: Asked) -> Iterator[Spot]:
    """SP 800-184: how soon, with how much loss, and what first."""
    for file, service in each(asked):
        if service.is_critical and service.recovery is None:
            yield Spot(
                file, (), f"It is not said how soon {service.name} must work again.", "Add `recovery`, with RTO and RPO."
            )  # fmt: skip


def no_offline_copy(asked: Asked) -> Iterator[Spot]:
    """A copy that the attacker can delete is none (r3 PR.DS-11)."""
    for file, service in each(asked):
        if service.is_critical and not any(backup.offline for backup in service.backups.values()):
            yield Spot(
                file,
                ("backups",),
                f"No copy of {service.name} is out of an attacker's reach.",
                "Add one with `offline: true`.",
            )


def untested_copy(asked: Asked) -> Iterator[Spot]:
    """A copy that nobody restored is a hope."""
    for file, service in each(asked):
        for name, backup in service.backups.items():
            tested = backup.last_restore_test
            if tested is None or tested + timedelta(days=TRY_WITHIN_DAYS) < asked.today:
                when = "Nobody has restored this copy yet." if tested is None else (
                    f"This copy was last restored {days((asked.today - tested).days)} ago."
                )  # fmt: skip
                yield Spot(
                    file,
                    ("backups", name, "last_restore_test"),
                    when,
                    "Restore it, then set last_restore_test.",
                )


def no_fix_path(asked: Asked) -> Iterator[Spot]:
    """BSIMM CMVM1.4: the way of a fix that cannot wait is walked before it is needed."""
    for file, service in each(asked):
        if service.is_critical and service.emergency_fix is None:
            yield Spot(
                file, (), f"It is not said how {service.name} is mended in a hurry.", "Add `emergency_fix`."
            )


def stale_fix_path(asked: Asked) -> Iterator[Spot]:
    """Nobody has walked it for a year."""
    for file, service in each(asked):
        fix = service.emergency_fix
        if fix and fix.last_exercised + timedelta(days=TRY_WITHIN_DAYS) < asked.today:
            ago = days((asked.today - fix.last_exercised).days)
            yield Spot(
                file,
                ("emergency_fix", "last_exercised"),
                f"The emergency path was last walked {ago} ago.",
                "Ship something harmless by it, then set last_exercised.",
            )


def no_log(asked: Asked) -> Iterator[Spot]:
    """What a critical service does is logged somewhere (SAMM O-IM 2-A; OWASP A09:2025)."""
    for file, service in each(asked):
        if service.is_critical and service.run_by is None and not service.logs:
            yield Spot(
                file, ("logs",), f"Nothing is logged of {service.name}.", "Add a log source, with its owner."
            )


def no_components(asked: Asked) -> Iterator[Spot]:
    """Without components nobody can answer "where else is it?" (BSIMM CMVM2.3)."""
    for file, service in each(asked):
        if service.is_critical and service.run_by is None and not service.components:
            yield Spot(
                file,
                ("components",),
                f"It is not said what {service.name} is built of.",
                "Add its components with their versions.",
            )


RULES: tuple[LintRule, ...] = (
    LintRule("no-owner", "PRE-11", no_owner, Weight.HOLE),
    LintRule("dependency-cycle", "PRE-18", cycle),
    LintRule("no-recovery", "PRE-18", no_recovery, Weight.HOLE),
    LintRule("no-offline-copy", "PRE-18", no_offline_copy, Weight.HOLE),
    LintRule("untested-copy", "PRE-18", untested_copy, Weight.HOLE),
    LintRule("no-fix-path", "PRE-10", no_fix_path, Weight.HOLE),
    LintRule("stale-fix-path", "PRE-10", stale_fix_path, Weight.HOLE),
    LintRule("no-log", "PRE-11, PRE-19", no_log, Weight.HOLE),
    LintRule("no-components", "PRE-11", no_components, Weight.HOLE),
)
