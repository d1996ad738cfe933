"""What the tests of correlations share: rules and correlations written short, events, and a run through the engine."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from muster.detect import events, matching, ruleset
from muster.detect.correlating import CorrelationHit, Plan, finish, step
from muster.detect.correlation_sighting import sightings
from muster.detect.correlation_state import Bounds, State, empty
from muster.detect.moments import SECOND, written
from muster.detect.pipeline_choice import NONE
from muster.detect.ruleset import Ruleset

START = 1_800_000_000 * SECOND


def base(name: str, **selection: object) -> dict[str, Any]:
    """A rule that others may refer to by its name."""
    return {
        "title": name,
        "name": name,
        "logsource": {"category": "test"},
        "detection": {"sel": selection, "condition": "sel"},
    }


def correlation(
    name: str, kind: str, rules: Sequence[str], timespan: str = "10s", **more: object
) -> dict[str, Any]:
    """A correlation document; underscores in names of parts stand for hyphens."""
    parts = {key.replace("_", "-"): value for key, value in more.items()}
    asked = {"type": kind, "rules": list(rules), "timespan": timespan, **parts}
    return {"title": name, "name": name, "level": "high", "correlation": asked}


def compiled(documents: Sequence[Mapping[str, Any]]) -> Ruleset:
    text = yaml.safe_dump_all([dict(one) for one in documents], sort_keys=False)
    return ruleset.compile({"r.yml": text.encode()}, NONE)


def plan(rules: Ruleset, **bounds: Any) -> Plan:
    return Plan(rules.correlations, Bounds(**{"lateness": None, **bounds}))


def event(seconds: float, **fields: object) -> dict[str, object]:
    return {"time": written(START + round(seconds * SECOND)), **fields}


def fed(
    rules: Ruleset, asked: Plan, items: Sequence[Mapping[str, object]], sizes: Sequence[int] = (),
    state: State | None = None, first: int = 0,
) -> tuple[State, list[CorrelationHit]]:  # fmt: skip
    """Feeds events in batches of these sizes, the rest in one; nothing is decided that could still change."""
    state = state or empty(asked.correlations)
    hits: list[CorrelationHit] = []
    at = 0
    for size in [*sizes, len(items)]:
        some = items[at : at + size]
        if not some:
            continue
        reading = events.read_lines([json.dumps(one).encode() for one in some], rules.needs, first + at)
        matched = matching.match(rules, reading.batch)
        seen = sightings(asked, matched, reading.batch, source="s", positions=reading.positions)
        state, more = step(asked, state, seen)
        hits += more
        at += size
    return state, hits


def run(
    rules: Ruleset, asked: Plan, items: Sequence[Mapping[str, object]], sizes: Sequence[int] = ()
) -> list[tuple[str, tuple[str, ...], list[int]]]:
    """All hits of all events: title, group, positions of the events."""
    state, hits = fed(rules, asked, items, sizes)
    return shown(rules, [*hits, *finish(asked, state)[1]])


def shown(rules: Ruleset, hits: Sequence[CorrelationHit]) -> list[tuple[str, tuple[str, ...], list[int]]]:
    titles = {one.rule.key: one.rule.title for one in rules.correlations}
    return sorted(
        (titles[hit.rule], tuple(value for _, value in hit.group), sorted(place for _, place in hit.events))
        for hit in hits
    )
