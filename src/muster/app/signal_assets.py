"""The hosts that a signal's events name, joined with the plan: whose they are, and how critical."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.app.views import AssetView
from muster.plan.services import Criticality, Service, services_by_host, short_name
from muster.respond.intake import ASSETS_LISTED
from muster.respond.signal import SignalHit
from muster.store.read_stream import StoredEntry

_ORDER = tuple(Criticality)


@dataclass(frozen=True, slots=True)
class Joined:
    """At most 20 hosts, those of the most critical services first, then by events. more: whether others are named."""

    shown: tuple[AssetView, ...]
    more: bool


def joined(entries: Iterable[StoredEntry], services: Mapping[str, Service]) -> Joined:
    """The hosts of the hits among these entries, with the services of the plan; letter case does not make two of one."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    more = False
    for item in entries:
        body = item.entry.body
        if isinstance(body, SignalHit):
            more = more or body.more_assets > 0
            for one in body.assets:
                written.setdefault(one.name.lower(), one.name)
                counts[one.name.lower()] += one.count
    by_host = services_by_host(services)
    whose = {key: by_host.get(short_name(key)) for key in counts}
    found = [_asset(written[key], count, whose[key], services) for key, count in counts.items()]
    found.sort(key=lambda one: (_rank(one), -one.count, one.name))
    return Joined(tuple(found[:ASSETS_LISTED]), more or len(found) > ASSETS_LISTED)


def _asset(name: str, count: int, service: str | None, services: Mapping[str, Service]) -> AssetView:
    about = services[service] if service else None
    return AssetView(
        name=name,
        count=count,
        service=service,
        service_name=about.name if about else None,
        owner=about.owner if about else None,
        criticality=about.criticality.value if about else None,
    )


def _rank(one: AssetView) -> int:
    return _ORDER.index(Criticality(one.criticality)) if one.criticality else len(_ORDER)
