"""The engine against the slow evaluator on rules drawn from the whole of Sigma: equal rows for every rule."""

import pytest
import yaml

from muster.detect import ruleset
from muster.detect.pipeline_choice import NONE, PipelineChoice
from tests.detect.oracle import rule_holds
from tests.detect.synthesis import PLACEHOLDERS, Chance
from tests.detect.yard import rows, rule

VARS = PipelineChoice(NONE.name, more=(yaml.safe_dump({"vars": dict(PLACEHOLDERS)}).encode(),))


def compared(seed: int, count: int, each: int) -> tuple[int, int, int]:
    """How many pairs of rule and event were compared, how many of them matched, how many rules are listed."""
    chance = Chance(seed)
    drawn = [chance.rule() for _ in range(count)]
    events = [event for one in drawn for event in chance.events(one, each)]
    files = {f"r{at}.yml": rule(one.detection) for at, one in enumerate(drawn)}
    made = ruleset.compile(files, VARS)
    loaded = {one.path for one in made.rules}
    assert loaded | {one.path for one in made.unloaded} == set(files)
    found = rows(made, events, 97)
    matched = 0
    for at, one in enumerate(drawn):
        path = f"r{at}.yml"
        if path in loaded:
            wanted = [
                row for row, event in enumerate(events) if rule_holds(one.detection, event, PLACEHOLDERS)
            ]
            assert found.get(path, []) == wanted, (
                seed,
                one.detection,
                differing(found.get(path, []), wanted, events),
            )
            matched += len(wanted)
    return len(loaded) * len(events), matched, len(made.unloaded)


def differing(found: list[int], wanted: list[int], events: list[dict[str, str]]) -> list[dict[str, str]]:
    return [events[row] for row in sorted(set(found) ^ set(wanted))][:3]


@pytest.mark.parametrize("seed", range(3))
def test_rules_of_every_form(seed: int) -> None:
    pairs, matched, listed = compared(seed, 25, 5)
    assert matched > pairs / 20
    assert listed <= 3


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_million_pairs() -> None:
    pairs, seed = 0, 1_000
    while pairs < 1_000_000:
        pairs += compared(seed, 50, 8)[0]
        seed += 1
