"""What is reported of hits, and how much of the events is kept."""

import pyarrow as pa

from muster.core.labels import Severity
from muster.detect import events
from muster.detect.grouping import MAX_EVIDENCE_BYTES, MAX_EVIDENCE_EVENTS, evidence, group
from muster.detect.matching import match
from muster.detect.rule import Level
from tests.detect.yard import compiled, lines, on


def test_a_group_names_the_rule_and_keeps_the_first_events() -> None:
    rules = compiled(
        on({"F": "a"}, title="Bad", level="critical", author="Ann", tags=["attack.t1059"], id="5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11")
    )  # fmt: skip
    texts = lines([{"F": "b"}, *({"F": "a", "n": n} for n in range(20))])
    batch = events.read_lines(texts, rules.needs).batch
    (one,) = group(rules, match(rules, batch), batch)
    assert (one.title, one.level, one.severity, one.author) == ("Bad", Level.CRITICAL, Severity.SEV1, "Ann")
    assert one.tags == ("attack.t1059",)
    assert one.rule_id == "5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11"
    assert one.rows == tuple(range(1, 21))
    assert [kept.data for kept in one.evidence] == texts[1 : MAX_EVIDENCE_EVENTS + 1]
    assert all(kept.whole for kept in one.evidence)


def test_evidence_is_bounded_in_bytes() -> None:
    big = b"x" * (MAX_EVIDENCE_BYTES - 10)
    batch = pa.RecordBatch.from_pydict(
        {"muster.raw": [big, b"123456789", b"12", b"x" * (2 * MAX_EVIDENCE_BYTES)]}
    )
    assert [kept.row for kept in evidence((0, 1, 2), batch)] == [0, 1]
    (cut,) = evidence((3, 1), batch)
    assert (len(cut.data), cut.whole) == (MAX_EVIDENCE_BYTES, False)


def test_without_raw_bytes_there_is_no_evidence() -> None:
    assert evidence((0,), pa.RecordBatch.from_pydict({"F": ["a"]})) == ()
