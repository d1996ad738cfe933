"""Holes in what is watched: log sources of the plan that no rule reads (PRE-19).

A rule reads a source when everything that its `logsource` names (product, category, service) is what the source has;
letters of either case (Sigma specification 2.1, "Log source").
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from muster.plan.part import Part
from muster.plan.services import LogSource, Service

FIELDS = ("product", "category", "service")


class RuleSource(Part):
    """What a rule says it reads, in lower case."""

    product: str | None = None
    category: str | None = None
    service: str | None = None

    def reads(self, log: LogSource) -> bool:
        """Whether a rule with this log source sees events of that log."""
        named = {field: value for field in FIELDS if (value := getattr(self, field)) is not None}
        return bool(named) and all(
            (getattr(log, field) or "").lower() == value for field, value in named.items()
        )


class Hole(Part):
    """A log source that nobody looks at: whose service it is, where the plan says so, and what it would show."""

    service: str
    log: str
    what: str
    owner: str
    source: RuleSource

    @property
    def place(self) -> str:
        """The beginning of the ids of its plan lines."""
        return f"services/{self.service}.yaml#/logs/{self.log}"

    def sentence(self) -> str:
        """For people."""
        named = ", ".join(f"{field} {value}" for field in FIELDS if (value := getattr(self.source, field)))
        return f"No rule reads {self.log} of {self.service} ({named}): {self.what}."


def holes(services: Mapping[str, Service], rules: Iterable[RuleSource]) -> tuple[Hole, ...]:
    """Every log source of the services that names what it is and that no rule reads, by service and log."""
    known = tuple(rules)
    return tuple(hole for name, service in sorted(services.items()) for hole in _of(name, service, known))


def source_of(tree: object) -> RuleSource | None:
    """The log source of a rule document; None when it has none."""
    told = _mapping(_mapping(tree).get("logsource"))
    named = {name: value.lower() for name in FIELDS if isinstance(value := told.get(name), str)}
    return RuleSource(**named) if named else None


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _of(name: str, service: Service, rules: tuple[RuleSource, ...]) -> Iterator[Hole]:
    for log_id, log in sorted(service.logs.items()):
        mine = RuleSource(
            **{field: value.lower() for field in FIELDS if (value := getattr(log, field)) is not None}
        )
        if mine != RuleSource() and not any(rule.reads(log) for rule in rules):
            yield Hole(service=name, log=log_id, what=log.what.rstrip("."), owner=log.owner, source=mine)
