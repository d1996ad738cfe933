"""Rules over stored events give the hits that they give over the same events as they came, keywords too."""

import gzip
import io
import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect import ruleset
from muster.detect.columns import Events
from muster.detect.events import read_lines
from muster.detect.matching import match
from muster.detect.packing import Arrived, pack
from muster.detect.pipeline_choice import NONE
from muster.detect.ruleset import EVERYTHING, Ruleset
from muster.detect.segment import Segment

RULE = """
title: {name}
logsource: {{category: any}}
detection:
    keywords:
        {kind}: {values}
    condition: {condition}
"""
KEYWORDS = {
    "plain": ("", ["mimi", "KATZ"], "keywords"),
    "all": ("'|all'", ["mimi", "katz"], "keywords"),
    "none": ("", ["katz"], "not keywords"),
    "letters": ("", ["straße", "Kelvin"], "keywords"),
    "wild": ("", ["mimi*katz"], "keywords"),
    "expression": ("'|re'", ["mimi.{0,3}katz"], "keywords"),
    "over-values": ("", ["i\x1fk"], "keywords"),
    "short": ("'|re'", ["^a"], "keywords"),
}


def rules() -> Ruleset:
    files: dict[str, bytes] = {}
    for name, (kind, values, condition) in KEYWORDS.items():
        listed = json.dumps(values)
        text = RULE.format(name=name, kind=kind or "''", values=listed, condition=condition)
        files[f"{name}.yml"] = (text if kind else text.replace("\n        '': ", " ")).encode()
    made = ruleset.compile(files, NONE)
    assert not made.unloaded
    return made


RULES = rules()
WORDS = st.sampled_from(
    [
        "mimi",
        "MimiKatz",
        "katz",
        "mim",
        "ikatz",
        "a",
        "",
        "STRASSE",
        "STRAẞE",
        "straße",
        "\u212aelvin",
        "kelvin",
        "é",
        "\n",
        "mimi\nkatz",
    ]
)


def of_lines(made: Ruleset, lines: list[bytes]) -> dict[str, set[int]]:
    reading = read_lines(lines, made.needs)
    return {hit.rule: {reading.positions[row] for row in hit.rows} for hit in match(made, reading.batch)}


def of_stored(made: Ruleset, lines: list[bytes]) -> dict[str, set[int]]:
    reading = read_lines(lines, EVERYTHING)
    assert isinstance(reading.batch, Events)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for one in pack(
        reading.batch, reading.positions, Arrived("real", "20261124T021000.000000Z", "ab" * 32, 0)
    ):
        for group in Segment(io.BytesIO(one.data)).each():
            for hit in match(made, group):
                found[hit.rule] |= {int(group.positions[row]) for row in hit.rows}
    return dict(found)


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.lists(WORDS, max_size=3).map("".join), min_size=1),
        max_size=8,
    )
)
def test_stored_events_give_the_same_hits(objects: list[dict[str, str]]) -> None:
    lines = [json.dumps(one).encode() for one in objects]
    assert of_stored(RULES, lines) == of_lines(RULES, lines)


def test_a_keyword_does_not_reach_from_one_value_into_another() -> None:
    lines = [b'{"a":"mimi","b":"katz"}', b'{"a":"mi"}', b'{"a":"mika"}', b'{"a":"tz"}']
    found = of_stored(RULES, lines)
    assert found["plain.yml"] == {0}
    assert found["wild.yml"] == {0}
    assert found["over-values.yml"] == {0}
    assert "expression.yml" in found
    assert found == of_lines(RULES, lines)


@pytest.mark.corpora
def test_public_rules_hit_stored_events_as_the_reference_says(corpora: Path) -> None:
    from bench.bench_detect import rule_files
    from muster.detect.pipeline_choice import DEFAULT

    with gzip.open(corpora / "events" / "adversarial-20k.jsonl.gz") as stream:
        lines = stream.read().splitlines()[:4_000]
    some = {path: text for at, (path, text) in enumerate(rule_files(corpora).items()) if not at % 8}
    made = ruleset.compile(some, DEFAULT)
    found = of_stored(made, lines)
    assert len(found) > 10
    assert found == of_lines(made, lines)
