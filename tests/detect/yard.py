"""What the tests of detection share: rules written short, events as dicts, and the rows that match."""

import json
from collections.abc import Mapping, Sequence

import yaml

from muster.detect import events, matching, ruleset
from muster.detect.pipeline_choice import DEFAULT, PipelineChoice
from muster.detect.ruleset import Ruleset


def rule(
    detection: Mapping[str, object],
    *,
    title: str = "T",
    source: Mapping[str, str] | None = None,
    **more: object,
) -> bytes:
    document = {
        "title": title,
        "logsource": dict(source or {"category": "test"}),
        "detection": dict(detection),
        **more,
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()


def on(selection: object, **more: object) -> bytes:
    """A rule of one selection."""
    return rule({"sel": selection, "condition": "sel"}, **more)


def compiled(*texts: bytes, pipeline: PipelineChoice = DEFAULT) -> Ruleset:
    return ruleset.compile({f"r{number}.yml": text for number, text in enumerate(texts)}, pipeline)


def lines(items: Sequence[Mapping[str, object]]) -> list[bytes]:
    return [json.dumps(item, ensure_ascii=False).encode() for item in items]


def rows(
    rules: Ruleset, items: Sequence[Mapping[str, object]], size: int | None = None
) -> dict[str, list[int]]:
    """Key of each rule that hit -> rows, matched in batches of `size`."""
    found: dict[str, list[int]] = {}
    texts = lines(items)
    step = size or max(1, len(texts))
    for start in range(0, len(texts), step):
        reading = events.read_lines(texts[start : start + step], rules.needs, start)
        assert not reading.unreadable
        for hit in matching.match(rules, reading.batch):
            found.setdefault(hit.rule, []).extend(reading.positions[row] for row in hit.rows)
    return found


def hits(text: bytes, items: Sequence[Mapping[str, object]]) -> list[int]:
    """The rows that one rule matches; it must be loaded."""
    rules = compiled(text)
    assert not rules.unloaded, rules.unloaded
    return rows(rules, items).get("r0.yml", [])
