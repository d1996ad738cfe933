"""The small built-in plan: it holds while no plan is approved, so that declaring always works."""

from typing import Any

from muster.core.labels import Severity
from muster.core.people import Role
from muster.plan.severity import (
    Activity,
    Axis,
    Functional,
    Information,
    Recoverability,
    SeverityRule,
    When,
    YesNo,
)

COMMIT = "builtin-1"

# Roles that can be offered.
ROLES = tuple(Role)
# What closing asks for.
CLOSING_FIELDS = ("summary", "how_learned")


def _rule(number: int, name: str, sentence: str, **conditions: tuple[Any, ...]) -> SeverityRule:
    return SeverityRule(
        id=f"sev{number}-{name}",
        severity=Severity(f"SEV{number}"),
        sentence=sentence,
        when=tuple(When(axis=Axis(axis), one_of=frozenset(values)) for axis, values in conditions.items()),
    )


# The default table (states and severity, 2.2). The first rule that holds gives the level.
SEVERITY_TABLE: tuple[SeverityRule, ...] = (
    _rule(1, "safety", "Somebody's safety is at risk.", safety=(YesNo.YES,)),
    _rule(
        1,
        "credentials",
        "An attacker holds administrator or other core credentials.",
        information=(Information.CREDENTIALS,),
    ),
    _rule(
        1,
        "acting",
        "An attacker is acting now on a critical asset.",
        activity=(Activity.EFFECT,),
        critical=(YesNo.YES,),
    ),
    _rule(1, "lost-to-all", "A critical service is lost to all.", functional=(Functional.HIGH,)),
    _rule(
        1,
        "breach",
        "Personal data or data of key customers is breached.",
        information=(Information.PRIVACY, Information.CUSTOMER),
    ),
    _rule(
        1,
        "no-recovery",
        "Recovery is not possible.",
        recoverability=(Recoverability.NOT_RECOVERABLE,),
    ),
    _rule(
        2,
        "lost-to-some",
        "A critical service is degraded or lost to some.",
        functional=(Functional.MEDIUM,),
    ),
    _rule(
        2,
        "presence",
        "An attacker is present on a critical asset.",
        activity=(Activity.PRESENCE,),
        critical=(YesNo.YES,),
    ),
    _rule(
        2,
        "data-lost",
        "Other sensitive data is lost or changed.",
        information=(Information.PROPRIETARY, Information.INTEGRITY),
    ),
    _rule(2, "extended", "Recovery is extended.", recoverability=(Recoverability.EXTENDED,)),
    _rule(
        2,
        "breach-suspected",
        "Loss of personal data is suspected.",
        information=(Information.PRIVACY_SUSPECTED,),
    ),
    _rule(3, "service-down", "A service that is not critical is down.", functional=(Functional.LOW,)),
    _rule(
        3,
        "presence-ordinary",
        "An attacker is present on an ordinary asset.",
        activity=(Activity.PRESENCE, Activity.EFFECT),
    ),
    _rule(
        3,
        "data-suspected",
        "Loss of other data is suspected.",
        information=(Information.PROPRIETARY_SUSPECTED,),
    ),
    _rule(
        3,
        "extra-means",
        "Recovery needs extra means.",
        recoverability=(Recoverability.SUPPLEMENTED,),
    ),
    _rule(
        5,
        "near-miss",
        "Nothing was harmed and nobody was at work: information, or a near miss.",
        functional=(Functional.NONE,),
        information=(Information.NONE,),
        recoverability=(Recoverability.REGULAR,),
        activity=(Activity.NONE,),
        safety=(YesNo.NO,),
    ),
    _rule(4, "otherwise", "None of the worse rules holds: an attempt stopped, or routine."),
)
