"""Correlations by brute force, straight from the words of the specification and of `docs/detection.md`.

Every window is built anew from all events; nothing of the engine is used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
}


@dataclass(frozen=True)
class Happened:
    """An event, or a hit of a correlation: when (seconds), which rules it matched, what it says, which events it is."""

    time: float
    rules: frozenset[str]
    fields: Mapping[str, str]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """A hit: of which correlation, which group, which events."""

    rule: str
    group: tuple[str, ...]
    events: frozenset[int]


def correlated(documents: Sequence[Mapping[str, Any]], events: Sequence[Happened]) -> list[Expected]:
    """The hits of correlation documents; each stands after those that it refers to."""
    everything = list(events)
    hits: list[Expected] = []
    for document in documents:
        for decided, one in _hits(document["name"], document["correlation"], everything):
            hits.append(one)
            fields = dict(zip(document["correlation"].get("group-by", []), one.group, strict=True))
            everything.append(Happened(decided, frozenset({document["name"]}), fields, tuple(one.events)))
    return hits


def _hits(name: str, asked: Mapping[str, Any], events: Sequence[Happened]) -> list[tuple[float, Expected]]:
    span = int(asked["timespan"][:-1]) * _UNITS[asked["timespan"][-1]]
    groups: dict[tuple[str, ...], list[Happened]] = {}
    for one in events:
        for group in _groups(asked, one):
            groups.setdefault(group, []).append(one)
    found: list[tuple[float, Expected]] = []
    for group, members in groups.items():
        times = sorted({one.time for one in members})
        last = previous = float("-inf")
        for time in times:
            if _early(asked):
                window = [one for one in members if time - span <= one.time <= time]
                quiet, decided, newest = last >= time - span, time, time
                whole = True
            else:
                window = [one for one in members if time <= one.time <= time + span]
                newest = max(one.time for one in window)
                quiet, decided, whole = last >= time, time + span + 1e-6, newest > previous
                previous = max(previous, newest)
            if whole and not quiet and _condition(asked, window):
                last = newest
                places = frozenset(place for one in window for place in one.places)
                found.append((decided, Expected(name, group, places)))
    return found


def _groups(asked: Mapping[str, Any], one: Happened) -> set[tuple[str, ...]]:
    """The groups an event belongs to; several only when rules call a field by different names."""
    found: set[tuple[str, ...]] = set()
    for rule in _rules(asked):
        if rule in one.rules:
            names = [
                asked.get("aliases", {}).get(name, {}).get(rule, name) for name in asked.get("group-by", [])
            ]
            if all(name in one.fields for name in names) and _usable(asked, one):
                found.add(tuple(one.fields[name] for name in names))
    return found


def _usable(asked: Mapping[str, Any], one: Happened) -> bool:
    if not asked["type"].startswith("value_"):
        return True
    value = one.fields.get(asked["condition"]["field"])
    return value is not None and (asked["type"] == "value_count" or _number(value) is not None)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _rules(asked: Mapping[str, Any]) -> list[str]:
    return list(asked["rules"])


def _early(asked: Mapping[str, Any]) -> bool:
    condition = asked.get("condition", {"gte": 0})
    if isinstance(condition, str):
        return "not" not in condition.split()
    return asked["type"] not in ("value_avg", "value_percentile", "value_median") and bool(
        {"gt", "gte"} & set(condition)
    )


def _condition(asked: Mapping[str, Any], window: Sequence[Happened]) -> bool:
    kind, rules = asked["type"], _rules(asked)
    condition = asked.get("condition", {"gte": len(rules)})
    if isinstance(condition, str):
        present = {rule for one in window for rule in one.rules}
        if kind == "temporal":
            return _says(condition, present)
        return any(
            _says(condition, {rules[at] for at in chosen}) and _ordered([rules[at] for at in chosen], window)
            for chosen in _choices(len(rules))
        )
    (relation,) = set(condition) & set(_RELATIONS)
    return _RELATIONS[relation](_measure(asked, rules, window), condition[relation])


def _measure(asked: Mapping[str, Any], rules: list[str], window: Sequence[Happened]) -> float:
    kind = asked["type"]
    if kind == "event_count":
        return len(window)
    if kind == "temporal":
        return len({rule for one in window for rule in one.rules} & set(rules))
    if kind == "temporal_ordered":
        return max(
            len(chosen) for chosen in _choices(len(rules)) if _ordered([rules[at] for at in chosen], window)
        )
    texts = [one.fields[asked["condition"]["field"]] for one in window]
    if kind == "value_count":
        return len(set(texts))
    numbers = sorted(float(text) for text in texts)
    if kind == "value_sum":
        return sum(numbers)
    if kind == "value_avg":
        return sum(numbers) / len(numbers)
    if kind == "value_median":
        return median(numbers)
    return numbers[max(1, ceil(asked["condition"]["percentile"] * len(numbers) / 100)) - 1]


def _choices(count: int) -> list[list[int]]:
    return [[at for at in range(count) if mask >> at & 1] for mask in range(1 << count)]


def _ordered(rules: list[str], window: Sequence[Happened]) -> bool:
    """Whether there is one event for each rule, none of them older than the one before."""
    time = float("-inf")
    for rule in rules:
        later = [one.time for one in window if rule in one.rules and one.time >= time]
        if not later:
            return False
        time = min(later)
    return True


def _says(condition: str, present: set[str]) -> bool:
    words = condition.replace("(", " ( ").replace(")", " ) ").split()
    spelled = " ".join(one if one in ("and", "or", "not", "(", ")") else str(one in present) for one in words)
    return bool(eval(spelled))
