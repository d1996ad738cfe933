"""Services: owner, what they hold and need, how they are restored, what they log, and the way of an emergency fix.

Asked for by r3 ID.AM and GV.OC-04/05, SP 800-184 (recovery), BSIMM CMVM1.4 and 2.3 (emergency fix, inventory).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from muster.plan.part import Days, Id, Line, Minutes, Part


class Criticality(StrEnum):
    """What the loss of a service means: the company stands still, suffers, or hardly notices."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class DataClass(StrEnum):
    """What kind of data a service holds."""

    NONE = "none"
    PERSONAL = "personal"
    PAYMENT = "payment"
    CREDENTIALS = "credentials"
    CUSTOMER = "key-customer"
    COMPANY = "company"
    SOURCE = "source-code"


class Component(Part):
    """A piece of software that a service is built of; `purl` if it has one, for asking where else it runs."""

    name: Line
    version: Line
    purl: Line | None = None


class Recovery(Part):
    """In what time it must work again, how much data may be lost, and what must work first."""

    rto_minutes: Minutes
    rpo_minutes: Minutes
    minimum: Line


class Backup(Part):
    """A copy. offline: no account of the company can change or delete it from afar."""

    what: Line
    where: Line
    offline: bool = False
    keeps_days: Days
    last_restore_test: date | None = None


class LogSource(Part):
    """What is logged and who sees to it; product, category and service as Sigma rules name a log source.

    silent_after_minutes: for how long nothing may come of it before that is a hole; a day where it is not said.
    """

    what: Line
    owner: Id
    keeps_days: Days
    integrity: Line
    product: Line | None = None
    category: Line | None = None
    service: Line | None = None
    silent_after_minutes: Minutes | None = None


class EmergencyFix(Part):
    """The way of a fix that cannot wait, from the repository to the customer and back."""

    owner: Id
    repository: Line
    build: Line
    review: Line
    ship: Line
    roll_back: Line
    contacts: tuple[Id, ...] = Field(min_length=1)
    usual_minutes: Minutes
    last_exercised: date


class Service(Part):
    """The file services/ID.yaml. owner and deputy_owner are people; depends_on: service -> what for."""

    name: Line
    about: Line
    owner: Id | None = None
    deputy_owner: Id | None = None
    criticality: Criticality
    hosts: tuple[Line, ...] = ()
    data: tuple[DataClass, ...] = ()
    run_by: Id | None = None
    depends_on: dict[Id, Line] = Field(default_factory=dict[str, str])
    components: dict[Id, Component] = Field(default_factory=dict[str, Component])
    recovery: Recovery | None = None
    backups: dict[Id, Backup] = Field(default_factory=dict[str, Backup])
    logs: dict[Id, LogSource] = Field(default_factory=dict[str, LogSource])
    emergency_fix: EmergencyFix | None = None

    @property
    def is_critical(self) -> bool:
        """Whether the company stands still without it."""
        return self.criticality is Criticality.CRITICAL


class Use(Part):
    """A service that uses a component, in which version, and who owns it."""

    service: str
    owner: str | None
    component: str
    version: str


def where_used(services: dict[str, Service], asked: str) -> tuple[Use, ...]:
    """Where else a component runs: by its id, name or package URL, whole or in part, in any case of letters."""
    word = asked.strip().lower()
    return tuple(
        Use(service=service_id, owner=service.owner, component=part.name, version=part.version)
        for service_id, service in services.items()
        for part_id, part in service.components.items()
        if word and any(word in text.lower() for text in (part_id, part.name, part.purl or ""))
    )


def service_of_host(services: Mapping[str, Service], host: str) -> str | None:
    """Which service runs on a machine, by the machine's name."""
    return services_by_host(services).get(short_name(host))


def services_by_host(services: Mapping[str, Service]) -> dict[str, str]:
    """Host, in lower case as the plan names it -> its service; the first one where two name it."""
    found: dict[str, str] = {}
    for service_id, service in services.items():
        for host in service.hosts:
            found.setdefault(host.lower(), service_id)
    return found


def short_name(host: str) -> str:
    """A machine's name without its domain, in lower case: how the plan knows it."""
    return host.partition(".")[0].lower()
