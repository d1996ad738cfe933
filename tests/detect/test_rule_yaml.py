"""YAML of rule files, and what would make a loader hang."""

from datetime import date
from time import process_time

import pytest
import yaml

from muster.detect.rule_yaml import documents

MERGES = "a: &a {k: 1}\n" + "".join(f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))  # fmt: skip


def test_documents_in_order_without_empty_ones() -> None:
    assert list(documents("---\n---\na: 1\n---\nb: [x, 0x10, 2026-01-01]\n")) == [
        {"a": 1},
        {"b": ["x", 16, date(2026, 1, 1)]},
    ]


@pytest.mark.parametrize(
    "text",
    [
        MERGES,
        "a: " + "1:" * 200_000 + "1",
        "a: 1\na: 2",
        "a: [",
        "a: !!python/name:os.system",
        "? [a]\n: b",
        "\x00",
    ],
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    started = process_time()
    with pytest.raises((yaml.YAMLError, ValueError, TypeError)):
        list(documents(text))
    assert process_time() - started < 3
