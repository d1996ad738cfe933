"""What `muster detect` gives account of besides hits: events by shape, unreadable ones, files passed over, blind rules."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.detect.events import Reading
    from muster.detect.rule import RuleKey
    from muster.detect.ruleset import Ruleset
    from muster.detect.seen import Seen


@dataclass(slots=True)
class Account:
    """The counts of one run. watch: also what kinds of events came, which only `--stats` asks for."""

    watch: bool = False
    events: int = 0
    unreadable: int = 0
    first_unreadable: str = ""
    shapes: Counter[str] = field(default_factory=Counter[str])
    passed_over: Counter[str] = field(default_factory=Counter[str])
    _flaws: Counter[str] = field(default_factory=Counter[str])
    _firsts: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    _seen: "Seen | None" = None
    raised: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])

    def take(self, reading: "Reading", name: str, member: str | None) -> None:
        """Adds what a batch of a source held."""
        self.events += len(reading.positions)
        self.shapes.update(reading.shapes)
        self.unreadable += len(reading.unreadable)
        for bad in reading.unreadable:
            self._flaws[bad.flaw] += 1
            if bad.flaw not in self._firsts:
                self._firsts[bad.flaw] = {"source": name, "member": member, "event": bad.position}
            if not self.first_unreadable:
                inside = "" if member is None else f": {member}"
                self.first_unreadable = f"{name}{inside}, event {bad.position}: {bad.flaw}"
        if reading.seen is not None:
            from muster.detect.seen import Seen
            from muster.detect.shapes.registry import SHAPES

            self._seen = self._seen or Seen()
            self._seen.add(reading.seen, SHAPES)

    def set_aside(self, by_rule: "Mapping[RuleKey, str]") -> None:
        """Counts the rules that raised in a batch; what is kept of each is its last reason."""
        for rule, what in by_rule.items():
            before = self.raised.get(rule, (0, ""))[0]
            self.raised[rule] = (before + 1, what)

    def stats(self, ruleset: "Ruleset") -> dict[str, object]:
        """The parts of `--stats` that are about what was read."""
        return {
            "events": self.events,
            "shapes": {str(shape): count for shape, count in self.shapes.items()},
            "unreadable": self.unreadable,
            "unreadable_reasons": {str(flaw): count for flaw, count in self._flaws.items()},
            "unreadable_first": {str(flaw): place for flaw, place in self._firsts.items()},
            "files_passed_over": dict(self.passed_over),
            "rules_raised": {
                rule: {"batches": batches, "what": what} for rule, (batches, what) in self.raised.items()
            },
            "blind": self._blind(ruleset),
        }

    def _blind(self, ruleset: "Ruleset") -> dict[str, object]:
        if self._seen is None:
            return {}
        from muster.detect.blind import blind

        found = blind(ruleset, self._seen)
        without: dict[tuple[str | None, ...], list[str]] = {}
        for rule in found.without_source:
            source = rule.source
            without.setdefault((source.product, source.category, source.service), []).append(rule.name)
        return {
            "rules_without_source": [
                {"product": product, "category": category, "service": service, "rules": names}
                for (product, category, service), names in without.items()
            ],
            "rules_without_fields": [
                {"rule": one.rule.name, "title": one.rule.title, "fields": one.fields, "all": one.is_all}
                for one in found.undelivered
            ],
            "events_without_rule": [
                {
                    "shape": kind.shape,
                    "channel": kind.channel or None,
                    "event_id": kind.number or None,
                    "product": kind.product or None,
                    "category": kind.category or None,
                    "service": kind.service or None,
                    "events": count,
                }
                for kind, count in found.unread
            ],
        }
