"""A rule that raises while it matches is set aside and named; the others hit as before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from muster.detect.events import read_lines
from muster.detect.faults import Faults
from muster.detect.matching import match
from muster.detect.ruleset import Ruleset
from tests.detect.yard import compiled, lines, on

EVENTS = [{"user": "root", "n": "1", "EventID": "4"}, {"user": "eve", "n": "2", "EventID": "5"}]


@dataclass(frozen=True)
class Broken:
    """A program that raises."""

    def rows(self, may: Mapping[int, int], must: Mapping[int, int], within: int) -> int:
        raise ZeroDivisionError("by nothing")


def found(rules: Ruleset, faults: Faults | None) -> list[str]:
    return [hit.rule for hit in match(rules, read_lines(lines(EVENTS), rules.needs).batch, faults)]


def broken(rules: Ruleset, place: int) -> Ruleset:
    loaded = list(rules.loaded)
    loaded[place] = replace(loaded[place], program=Broken(), required=frozenset[int]())  # pyright: ignore[reportArgumentType] - it answers as a node does
    return replace(rules, loaded=tuple(loaded))


def test_a_program_that_raises_stops_no_other_rule() -> None:
    rules = compiled(on({"user": "root"}), on({"n": "1"}), on({"user|re": "e.e"}))
    for place in range(3):
        faults = Faults()
        keys = [one.rule.key for one in rules.loaded]
        assert found(broken(rules, place), faults) == keys[:place] + keys[place + 1 :]
        assert faults.by_rule == {keys[place]: "ZeroDivisionError: by nothing"}
    with pytest.raises(ZeroDivisionError):
        found(broken(rules, 0), None)


def test_a_gate_that_raises_sets_its_rules_aside() -> None:
    rules = compiled(on({"EventID": "4", "user": "root"}), on({"n": "1"}))
    gates = tuple(
        replace(one, program=Broken()) if 0 in one.rules else one  # pyright: ignore[reportArgumentType] - it answers as a node does
        for one in rules.gates
    )
    faults = Faults()
    assert found(replace(rules, gates=gates), faults) == ["r1.yml"]
    assert list(faults.by_rule) == ["r0.yml"]


@pytest.mark.parametrize("step", ["ask_early", "ask_late"])
def test_tests_of_a_field_that_raise_set_those_rules_aside_that_name_it(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from muster.detect.table import Table

    rules = compiled(on({"user|re": "r.*t"}), on({"n|re": "[1]"}), on({"n|re": "[12]", "user": "eve"}))
    asked = getattr(Table, step)

    def ask(table: Table, wanted: Mapping[str, int]) -> None:
        if "user" in wanted:
            raise RecursionError("too deep")
        asked(table, wanted)

    monkeypatch.setattr(Table, step, ask)
    faults = Faults()
    hits = found(rules, faults)
    assert "r1.yml" in hits
    assert "r0.yml" not in hits
    assert faults.by_rule["r0.yml"] == "user: RecursionError: too deep"


def test_without_a_fault_nothing_is_named() -> None:
    rules = compiled(on({"user": "root"}))
    faults = Faults()
    assert found(rules, faults) == found(rules, None) == ["r0.yml"]
    assert faults == Faults()
