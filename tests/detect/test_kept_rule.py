"""A rule that was translated before: the same rule, also where filters and correlations look at it."""

import yaml

from muster.detect import ruleset
from muster.detect.condition_json import Reader
from muster.detect.kept_rule import kept_of
from muster.detect.pieces import Pieces, pieces_bytes, pieces_of
from muster.detect.pipeline_choice import DEFAULT, NONE
from tests.detect.yard import on, rows

NAME = "7b0d2a1e-5f0c-4a57-9a35-3a7c2f3f8a11"
FILES = {
    "two.yml": on(
        {"a": "x"}, id=NAME, name="first", level="high", author=["Ann", "Bo"], tags=["attack.t1059"]
    )
    + b"\n---\n"
    + on({"a|cased": "X"}, source={"product": "zeek"}),
    "other.yml": on({"a": "y"}),
    "filter.yml": yaml.safe_dump(
        {
            "title": "F",
            "logsource": {"category": "test"},
            "filter": {"rules": ["first"], "sel": {"b": "no"}, "condition": "sel"},
        }
    ).encode(),
    "correlation.yml": yaml.safe_dump(
        {
            "title": "C",
            "correlation": {
                "type": "event_count",
                "rules": ["first"],
                "group-by": ["b"],
                "timespan": "5m",
                "condition": {"gte": 2},
                "generate": True,
            },
        }
    ).encode(),
}
EVENTS = [{"a": "x", "b": "yes"}, {"a": "x", "b": "no"}, {"a": "X"}, {"a": "y"}]


def _again(files: dict[str, bytes]) -> tuple[ruleset.Ruleset, Pieces]:
    pieces = Pieces()
    ruleset.compile({path: data for path, data in files.items() if path != "other.yml"}, DEFAULT, pieces)
    known = pieces_of(pieces_bytes(pieces))
    return ruleset.compile(files, DEFAULT, known), known


def test_with_filters_and_correlations_it_is_the_same_rule() -> None:
    fresh, (kept, pieces) = ruleset.compile(FILES, DEFAULT), _again(FILES)
    assert pieces.made == 1  # of the rule that is new
    assert (kept.loaded, kept.unloaded, kept.correlations) == (
        fresh.loaded,
        fresh.unloaded,
        fresh.correlations,
    )
    assert fresh.correlations
    assert rows(kept, EVENTS) == rows(fresh, EVENTS)


def test_under_another_pipeline_nothing_is_taken_over() -> None:
    pieces = Pieces()
    ruleset.compile(FILES, DEFAULT, pieces)
    known = pieces_of(pieces_bytes(pieces))
    assert ruleset.compile(FILES, NONE, known).loaded
    assert known.made == 2  # each file of rules alone


def test_a_piece_that_is_none_is_read_anew() -> None:
    for data in (b"", b"{}", b"[[1]]", b'[["a", "b", "no-such-reason", "c"]]'):
        assert kept_of("r.yml", data, Reader()) in (None, [])
