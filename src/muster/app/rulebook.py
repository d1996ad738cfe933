"""The rules in force as people see them: loaded or not and why, tested, fired, judged; and the coverage seen firing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping

from muster.access.may import visible
from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.health import Health
from muster.app.reading import Reading
from muster.app.rule_files import OF_PLAN, RuleFiles
from muster.app.rule_headers import Header, headers
from muster.app.views import DetectionView, KeptBackView, View
from muster.app.world import World
from muster.core.text import shown
from muster.detect.rulebook.tags import tactics, techniques
from muster.learn.coverage import Covered, Firing, coverage, layer
from muster.plan.layout import TESTS
from muster.plan.yaml_text import Flaw, read_yaml
from muster.rehearse.clock import lane_of
from muster.respond.signal import Outcome
from muster.store.append import Ledger
from muster.store.due import drills
from muster.store.firing import fired

ByRule = dict[str, list[RowMapping]]
MOST_RULES = 500
"""On one page; those that are not loaded and those that fired come first."""


class FiredView(View):
    """What came of a rule: signals, their matched events, the newest; and how many were judged false alarms.

    judged: signals with an outcome; undecided: those without, counted neither way.
    """

    signals: int = 0
    events: int = 0
    last_at: str | None = None
    false_alarms: int = 0
    judged: int = 0
    undecided: int = 0


class RuleView(View):
    """One rule. standing: loaded, not loaded, or not known while the detector has not told it.

    own: in the lane of whoever asks, mostly reality. drills: in all others together. kept_back: in the own lane.
    """

    key: str
    title: str
    kind: str
    rule_id: str
    level: str
    status: str
    author: str
    license: str
    techniques: tuple[str, ...]
    standing: str
    reason: str
    tests: int
    of_plan: bool
    own: FiredView
    drills: FiredView
    kept_back: int


class IgnoreView(View):
    """An ignore of the plan in force. applies: not expired. kept_back: events of the own lane that it kept back."""

    name: str
    rule: str
    reason: str
    owner: str
    expires: str
    applies: bool
    kept_back: int
    last: str | None


class RulesView(View):
    """The rules in force, those that need a look first. left_out: how many more there are."""

    rules: tuple[RuleView, ...]
    total: int
    left_out: int
    loaded: int | None
    not_loaded: int | None
    tested: int
    ignores: tuple[IgnoreView, ...]


class SeenView(View):
    """What fired for a technique: signals, matched events, how many rules, the newest."""

    signals: int
    events: int
    rules: int
    last_at: str | None


class CoveredView(View):
    """A technique under a tactic. loaded: rules in force that name it, which proves nothing by itself."""

    tactic: str
    technique: str
    loaded: int
    own: SeenView
    drills: SeenView


@dataclass(frozen=True)
class Rulebook:
    """Reads them for callers."""

    reading: Reading
    rules: RuleFiles
    health: Health
    world: World
    ledger: Ledger
    clock: Callable[[], datetime]

    def all(self, caller: Caller) -> RulesView:
        """Every rule in force, at most 500 of them. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        own, drilled = self._fired(caller)
        detection = self.health.status().detection
        heard = detection if detection and detection.running else None
        kept = self.health.kept_back().get(caller.actor.lane, ())
        tests = self._tests()
        views = [
            self._rule(header, (own.get(header.key, ()), drilled.get(header.key, ())), heard, kept, tests)
            for header in self._headers()
            if header.kind != "filter"
        ]
        views.sort(key=lambda one: (one.standing != "not loaded", -one.own.signals, one.title, one.key))
        return RulesView(
            rules=tuple(views[:MOST_RULES]),
            total=len(views),
            left_out=max(0, len(views) - MOST_RULES),
            loaded=heard.rules_loaded if heard else None,
            not_loaded=heard.rules_not_loaded_count if heard else None,
            tested=sum(one.tests > 0 for one in views),
            ignores=tuple(self._ignores(kept)),
        )

    def covered(self, caller: Caller) -> tuple[CoveredView, ...]:
        """Techniques by tactic, with what was seen firing. Raises Unsigned."""
        return tuple(_covered(one) for one in self._coverage(caller))

    def layer(self, caller: Caller) -> Mapping[str, object]:
        """The same for the ATT&CK Navigator. Raises Unsigned."""
        return layer(self._coverage(caller), f"Seen firing until {self.clock().date()}")

    def _coverage(self, caller: Caller) -> tuple[Covered, ...]:
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        own, drilled = self._fired(caller)
        firings = [
            *(_firing(row, is_own=True) for many in own.values() for row in many),
            *(_firing(row, is_own=False) for many in drilled.values() for row in many),
        ]
        named = ((techniques(one.tags), tactics(one.tags)) for one in self._headers())
        return coverage(firings, named)

    def _headers(self) -> Iterator[Header]:
        for path, text in self.rules.read().files.items():
            yield from headers(path, text)

    def _fired(self, caller: Caller) -> "tuple[ByRule, ByRule]":
        """Rule key -> rows: of the caller's own lane, and of every other drill."""
        found: list[ByRule] = []
        with self.ledger.database.read() as connection:
            own, *others = dict.fromkeys(
                (caller.actor.lane, *(lane_of(drill) for drill in drills(connection)))
            )
            for lanes in ([own], others):
                by_rule: ByRule = {}
                for lane in lanes:
                    for row in fired(connection, visible(replace(caller.actor, lane=lane))):
                        by_rule.setdefault(row["rule_key"], []).append(row)
                found.append(by_rule)
        return found[0], found[1]

    def _tests(self) -> dict[str, int]:
        """Path of a rule of the plan, without its ending -> how many tests lie beside it."""
        version = self.world.now().version
        found: dict[str, int] = {}
        for path, data in version.files.items() if version else ():
            if path.endswith(TESTS):
                stem = path.removesuffix(TESTS[0]).removesuffix(TESTS[1])
                found[f"{OF_PLAN}{stem}"] = _count(data)
        return found

    def _rule(
        self,
        header: Header,
        rows: tuple[Sequence[RowMapping], Sequence[RowMapping]],
        heard: DetectionView | None,
        kept: Sequence[KeptBackView],
        tests: Mapping[str, int],
    ) -> RuleView:
        reason = _reason(header, heard)
        standing = "not loaded" if reason is not None else "loaded" if _is_whole(heard) else "not known"
        fields = header.fields
        return RuleView(
            key=header.key,
            title=header.title,
            kind=header.kind,
            rule_id=fields.get("id", ""),
            level=fields.get("level", ""),
            status=fields.get("status", ""),
            author=fields.get("author", ""),
            license=fields.get("license", ""),
            techniques=techniques(header.tags),
            standing=standing,
            reason=reason or "",
            tests=tests.get(header.path.rpartition(".")[0], 0),
            of_plan=header.path.startswith(OF_PLAN),
            own=_view(rows[0]),
            drills=_view(rows[1]),
            kept_back=sum(one.count for one in kept if one.rule == header.key),
        )

    def _ignores(self, kept: Sequence[KeptBackView]) -> Iterator[IgnoreView]:
        version = self.world.now().version
        plan = version.plan if version else None
        today = self.clock().date()
        for name, one in plan.in_force.ignores.items() if plan else ():
            mine = [count for count in kept if count.ignore == name]
            yield IgnoreView(
                name=name,
                rule=shown(one.rule),
                reason=one.reason,
                owner=one.owner,
                expires=one.expires.isoformat(),
                applies=one.applies(today),
                kept_back=sum(count.count for count in mine),
                last=max((count.last for count in mine), default=None),
            )


def _is_whole(heard: DetectionView | None) -> bool:
    """Whether the detector named all rules that it did not load; it names the first ones only."""
    return heard is not None and heard.rules_not_loaded_count <= len(heard.rules_not_loaded)


def _reason(header: Header, heard: DetectionView | None) -> str | None:
    """Why the detector did not load it; None when it did, as far as it told."""
    for path, title, reason in heard.rules_not_loaded if heard else ():
        if path == header.path and title in ("", header.title):
            return reason
    return None


def _count(data: bytes) -> int:
    try:
        told = read_yaml(data).value
    except Flaw:
        return 0
    many = [told.get(key) for key in ("must_match", "must_not_match")] if isinstance(told, dict) else []
    return sum(len(one) for one in many if isinstance(one, list))


def _view(rows: Iterable[RowMapping]) -> FiredView:
    signals = events = false = judged = 0
    last = ""
    for row in rows:
        signals += row["signals"]
        events += int(row["events"])
        last = max(last, row["last_at"])
        if row["outcome"]:
            judged += row["signals"]
            false += row["signals"] if row["outcome"] == Outcome.FALSE_ALARM.value else 0
    return FiredView(
        signals=signals, events=events, last_at=last or None, false_alarms=false, judged=judged,
        undecided=signals - judged,
    )  # fmt: skip


def _firing(row: RowMapping, *, is_own: bool) -> Firing:
    return Firing(
        rule=row["rule_key"],
        is_own=is_own,
        signals=row["signals"],
        events=int(row["events"]),
        last_at=row["last_at"],
        techniques=tuple(row["techniques"].split()),
        tactics=tuple(row["tactics"].split()),
    )


def _covered(one: Covered) -> CoveredView:
    own, drilled = (
        SeenView(
            signals=seen.signals, events=seen.events, rules=len(seen.rules), last_at=seen.last_at or None
        )
        for seen in (one.own, one.drills)
    )
    return CoveredView(tactic=one.tactic, technique=one.technique, loaded=one.loaded, own=own, drills=drilled)
