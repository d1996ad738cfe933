"""Rule files: what is read, what is listed, and that names are shown harmlessly."""

import pytest

from muster.detect.rule import Level, LogSource, Reason, Unloaded
from muster.detect.sigma_document import CorrelationDocument, Document, FilterDocument, read
from tests.detect.yard import on


def test_what_is_known_of_a_rule() -> None:
    text = on(
        {"F": "a"},
        title="Bad",
        level="high",
        author="Ann",
        tags=["attack.t1059"],
        source={"product": "Windows"},
    )
    (one,) = read("x.yml", text)
    assert isinstance(one, Document)
    assert (one.rule.key, one.rule.title, one.rule.level, one.rule.author) == (
        "x.yml",
        "Bad",
        Level.HIGH,
        "Ann",
    )
    assert one.rule.source == LogSource(product="windows")
    assert one.rule.tags == ("attack.t1059",)


def test_no_author_is_lost() -> None:
    (one,) = read("x.yml", on({"F": "a"}, author=["Ann", "Ben"]))
    assert isinstance(one, Document)
    assert one.rule.author == "Ann, Ben"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Reason.NOT_A_RULE),
        (b"--- \n---\n", Reason.NOT_A_RULE),
        (b"- a\n", Reason.NOT_A_RULE),
        (b"title: T\n", Reason.NOT_A_RULE),
        (b"a: [", Reason.NOT_YAML),
        (b"\xff\xfe", Reason.NOT_YAML),
        (b"a: 1\na: 2\n", Reason.NOT_YAML),
        (b"a: !!python/object:os.system x\n", Reason.NOT_YAML),
        (b"title: T\ndetection: {s: {a: b}, condition: s}\n", Reason.INVALID),
        (b"title: T\nlogsource: {product: x}\ndetection: 7\n", Reason.INVALID),
        (b"title: T\nlogsource: {product: x}\ndetection: {s: {a: b}}\n", Reason.INVALID),
        (b"title: T\nlogsource: {product: x}\nid: 7\ndetection: {s: {7: b}, condition: s}\n", Reason.INVALID),
        (b"title: T\ncorrelation: {type: event_count}\n", Reason.INVALID),
        (b"title: T\nfilter: {rules: any}\n", Reason.INVALID),
        (b"action: global\ntitle: T\n", Reason.ACTION),
    ],
)
def test_what_is_listed(text: bytes, reason: Reason) -> None:
    (one,) = read("x.yml", text)
    assert isinstance(one, Unloaded)
    assert one.reason is reason
    assert one.detail


def test_documents_before_a_broken_one_are_kept() -> None:
    found = list(read("x.yml", on({"F": "a"}) + b"---\na: [\n"))
    assert [type(one) for one in found] == [Document, Unloaded]


def test_kinds_of_documents() -> None:
    rest = (
        b"---\ntitle: C\nid: 5F1ABF38-9ad0-4ac1-8c5d-1f5c0a0a4f11\nname: c\n"
        b"correlation: {type: event_count, rules: [r], timespan: 5m, condition: {gte: 2}}\n"
        b"---\ntitle: F\nlogsource: {product: x}\nfilter: {rules: any, s: {a: b}, condition: not s}\n"
    )
    rule, correlation, narrowing = read("x.yml", on({"F": "a"}, name="r") + rest)
    assert isinstance(rule, Document)
    assert rule.references == ("r",)
    assert isinstance(correlation, CorrelationDocument)
    assert correlation.references == ("5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11", "c")
    assert isinstance(narrowing, FilterDocument)
    assert narrowing.detection == {"s": {"a": "b"}, "condition": "not s"}
    assert [one.rule.key for one in (rule, correlation, narrowing)] == ["x.yml", "x.yml#2", "x.yml#3"]
