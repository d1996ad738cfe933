"""Rules that raise while they match: each is set aside for the batch and named, and the others go on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from muster.detect.program import Node, Passed
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Loaded

Ask = Callable[[Mapping[str, int]], None]
"""Asks tests. Field -> the rows on which it is asked."""


@dataclass(slots=True)
class Faults:
    """by_rule: why each rule was set aside. by_field: fields whose tests raised; all rules that name one are set aside."""

    by_rule: dict[RuleKey, str] = field(default_factory=dict[RuleKey, str])
    by_field: dict[str, str] = field(default_factory=dict[str, str])

    def rows(self, keys: Iterable[RuleKey], program: Node, tables: tuple[Passed, Passed], within: int) -> int:
        """The rows of the program of these rules; none when it raises."""
        try:
            return program.rows(*tables, within)
        except Exception as fault:  # noqa: BLE001 - what a rule raises is not known beforehand; it is named
            self.by_rule.update(dict.fromkeys(keys, _words(fault)))
            return 0

    def ask(self, ask: Ask, wanted: Mapping[str, int]) -> None:
        """Asks the tests of all fields at once; when that raises one field after the other, to know which it is."""
        try:
            ask(wanted)
        except Exception:  # noqa: BLE001 - what a test raises is not known beforehand; asking again shows where it comes from
            for name, within in wanted.items():
                self._ask_one(ask, name, within)

    def close(self, loaded: Iterable[Loaded]) -> None:
        """Names every rule that asks tests of a field that raised."""
        if not self.by_field:
            return
        for one in loaded:
            for name in one.fields:
                if name in self.by_field:
                    self.by_rule.setdefault(one.rule.key, f"{name}: {self.by_field[name]}")

    def _ask_one(self, ask: Ask, name: str, within: int) -> None:
        try:
            ask({name: within})
        except Exception as fault:  # noqa: BLE001 - what a test raises is not known beforehand; it is named
            self.by_field[name] = _words(fault)


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]
