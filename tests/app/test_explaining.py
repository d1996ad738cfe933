"""Explanations for reports: of the rules in use, read when they first hit, within the bounds of an entry."""

import pytest
import yaml

from muster.app import explaining
from muster.app.explaining import MOST_BYTES, MOST_REASONS, Explaining
from muster.detect.grouping import Evidence
from muster.detect.rule import RuleKey
from tests.detect.yard import on

KEY = RuleKey("r.yml")
EVIDENCE = [Evidence(0, b'{"F":"ab"}\n'), Evidence(1, b'{"F":"xa"}\n'), Evidence(2, b'{"F":"a', whole=False)]


def ready(files: dict[str, bytes], *keys: RuleKey) -> Explaining:
    made = Explaining()
    made.use(files)
    made.prepare(keys)
    return made


def test_each_whole_event_is_explained_by_its_place_in_the_batch() -> None:
    made = ready({"r.yml": on({"F|contains": "a"})}, KEY)
    told = made.why(KEY, EVIDENCE, (3, 8, 9))
    assert [(one["event"], one["start"], one["end"]) for one in told] == [(3, 0, 1), (8, 1, 2)]
    assert {one["words"] for one in told} == {"contains “a”"}


def test_the_second_document_of_a_file_is_its_own_rule() -> None:
    both = b"---\n".join([on({"F|contains": "q"}), on({"F|contains": "b"})])
    second = RuleKey("r.yml#2")
    told = ready({"r.yml": both}, second).why(second, EVIDENCE[:1], (0,))
    assert [one["words"] for one in told] == ["contains “b”"]


def test_new_rules_are_read_anew_and_unknown_ones_are_not_explained() -> None:
    made = ready({"r.yml": on({"F|contains": "a"})}, KEY)
    made.use({"r.yml": on({"F|startswith": "a"})})
    assert made.why(KEY, EVIDENCE, (0, 1, 2)) == []
    made.prepare([KEY, RuleKey("gone.yml")])
    assert [one["words"] for one in made.why(KEY, EVIDENCE[:1], (0,))] == ["starts with “a”"]
    assert made.why(RuleKey("gone.yml"), EVIDENCE, (0, 1, 2)) == []


def test_reasons_stay_within_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ready({"r.yml": on({"F|contains": ["a" * n for n in range(1, 60)]})}, KEY)
    data = b'{"F":"' + b"a" * 80 + b'"}\n'
    told = made.why(KEY, [Evidence(row, data) for row in range(10)], range(10))
    assert len(told) <= MOST_REASONS
    assert sum(len(one["words"]) + len(one["field"]) for one in told) <= MOST_BYTES
    monkeypatch.setattr(explaining, "MOST_TESTS", 5)
    assert ready({"r.yml": made.files["r.yml"]}, KEY).why(KEY, EVIDENCE[:1], (0,)) == []


def test_filters_count() -> None:
    rule = on({"F|contains": "a"}, name="one", id="5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11")
    kept_out = yaml.safe_dump(
        {
            "title": "not those",
            "logsource": {"category": "test"},
            "filter": {"rules": ["5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11"], "sel": {"U": "ann"}, "condition": "not sel"},
        },
        sort_keys=False,
    ).encode()  # fmt: skip
    told = ready({"r.yml": rule, "f.yml": kept_out}, KEY).why(KEY, EVIDENCE[:1], (0,))
    assert [(one["field"], one["held"]) for one in told] == [("F", True), ("U", False)]
