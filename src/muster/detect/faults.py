"""Rules that raise while they match: each is set aside for the batch and named, and the others go on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from muster.detect.program import Node, Passed
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Loaded

Answer = TypeVar("Answer")
Ask = Callable[[Mapping[str, int]], None]
"""Asks tests. Field -> the rows on which it is asked."""


@dataclass(slots=True)
class Faults:
    """by_rule: why each rule was set aside. by_field: fields whose tests raised; all rules that name one are set aside."""

    by_rule: dict[RuleKey, str] = field(default_factory=dict[RuleKey, str])
    by_field: dict[str, str] = field(default_factory=dict[str, str])

    def rows(self, keys: Iterable[RuleKey], program: Node, tables: tuple[Passed, Passed], within: int) -> int:
        """The rows of the program of these rules; none when it raises."""
        found, why = guarded(lambda: program.rows(*tables, within))
        if why:
            self.by_rule.update(dict.fromkeys(keys, why))
        return found or 0

    def ask(self, ask: Ask, wanted: Mapping[str, int]) -> None:
        """Asks the tests of all fields at once; when that raises one field after the other, to know which it is."""
        _, why = guarded(lambda: ask(wanted))
        if why:
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
        _, why = guarded(lambda: ask({name: within}))
        if why:
            self.by_field[name] = why


def guarded(work: Callable[[], Answer]) -> tuple[Answer | None, str]:
    """What the work answers, and no words; or nothing, and what it raised in words.

    All exceptions, on purpose: no fault of one rule, of a library below it or of ours may keep the other rules from
    being matched. None is swallowed: each becomes a hole with the rule's name on pages, in the API and in `--stats`.
    """
    try:
        return work(), ""
    except Exception as fault:  # noqa: BLE001 - see above: the wall between one rule's fault and all others
        return None, f"{type(fault).__name__}: {fault}"[:300]
