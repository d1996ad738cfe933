"""What hosts weigh in the hint of how grave a rule's hits are: by the criticality of their services in the plan."""

from collections.abc import Iterable, Mapping

from muster.core.labels import Severity
from muster.detect.rule import Level, severity_hint
from muster.plan.services import Service, services_by_host, short_name

_GRAVER = {
    Severity.SEV3: Severity.SEV2,
    Severity.SEV2: Severity.SEV1,
    Severity.SEV1: Severity.SEV1,
}


def critical_hosts(services: Mapping[str, Service]) -> frozenset[str]:
    """The hosts of critical services, as the plan names them, in lower case."""
    by_host = services_by_host(services)
    return frozenset(host for host, service in by_host.items() if services[service].is_critical)


def graver_hint(level: Level, hosts: Iterable[str], critical: frozenset[str]) -> Severity | None:
    """The hint of a hit on a host of a critical service: one step graver than the level's, from SEV3 on, at most SEV1.

    None where the level alone says it: no host is of a critical service, or the level says SEV4 or SEV5. A host that
    the plan does not know weighs nothing, and nothing makes a hint lighter. critical: as `critical_hosts` gives them.
    """
    graver = _GRAVER.get(severity_hint(level))
    return graver if graver and any(short_name(host) in critical for host in hosts) else None
