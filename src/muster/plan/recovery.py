"""The order in which services come back, computed from what they need; a cycle is named (r3 RC.RP-04; SP 800-184)."""

from collections.abc import Iterator, Mapping

from muster.core.errors import Refused
from muster.plan.part import Part
from muster.plan.services import Criticality, Service

_RANK = {Criticality.CRITICAL: 0, Criticality.IMPORTANT: 1, Criticality.ORDINARY: 2}


class Wave(Part):
    """Services that can come back at the same time: all they need is back. The most urgent first."""

    number: int
    services: tuple[str, ...]


def cycles(services: Mapping[str, Service]) -> tuple[tuple[str, ...], ...]:
    """Every group of services that need each other in a circle, as the shortest circle through its first member."""
    return tuple(_circle(services, group) for group in _entangled(services))


def recovery_order(services: Mapping[str, Service]) -> tuple[Wave, ...]:
    """What comes back first, then what needs only that, and so on. Unknown dependencies are left out.

    Within a wave: what a critical service waits for counts as critical, then the shorter RTO, then the name.
    Raises Refused when services need each other in a circle; the circle is named.
    """
    if circles := cycles(services):
        raise Refused(
            f"These services need each other in a circle: {' -> '.join(circles[0])}.",
            "services",
            "Take out one dependency; until then no order of recovery exists.",
        )
    urgency = _urgency(services)
    needs = {name: {need for need in one.depends_on if need in services} for name, one in services.items()}
    waves: list[Wave] = []
    done: set[str] = set()
    while len(done) < len(services):
        ready = [name for name in services if name not in done and needs[name] <= done]
        ready.sort(key=lambda name: (urgency[name], name))
        waves.append(Wave(number=len(waves) + 1, services=tuple(ready)))
        done.update(ready)
    return tuple(waves)


def dependents(services: Mapping[str, Service], service: str) -> frozenset[str]:
    """Everything that fails, at once or in the end, when this service does; not itself."""
    users: dict[str, set[str]] = {}
    for name, one in services.items():
        for need in one.depends_on:
            users.setdefault(need, set()).add(name)
    return frozenset(_reached(users, service)) - {service}


def _reached(arrows: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for after in arrows.get(waiting.pop(), set()) - seen:
            seen.add(after)
            waiting.append(after)
    return seen


def _urgency(services: Mapping[str, Service]) -> dict[str, tuple[int, int]]:
    """The rank and RTO of a service or, when worse, of what waits for it."""
    own = {
        name: (_RANK[one.criticality], one.recovery.rto_minutes if one.recovery else 10**9)
        for name, one in services.items()
    }
    return {name: min([own[name], *(own[user] for user in dependents(services, name))]) for name in services}


def _entangled(services: Mapping[str, Service]) -> Iterator[tuple[str, ...]]:
    arrows = {name: {need for need in one.depends_on if need in services} for name, one in services.items()}
    reach = {name: _reached(arrows, name) for name in services}
    seen: set[str] = set()
    for name in sorted(services):
        if name in reach[name] and name not in seen:
            group = {other for other in reach[name] if name in reach[other]} | {name}
            seen |= group
            yield tuple(sorted(group))


def _circle(services: Mapping[str, Service], group: tuple[str, ...]) -> tuple[str, ...]:
    """Breadth first from the first member back to itself."""
    start, inside = group[0], set(group)
    paths: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for need in sorted(services[path[-1]].depends_on):
            if need == start:
                return (*path, start)
            if need in inside and need not in seen:
                seen.add(need)
                paths.append((*path, need))
    raise AssertionError("a group is entangled, so there is a way back")
