"""When an event happened, as it says itself."""

from muster.detect.event_time import time_of
from muster.detect.normalising import happened


def test_the_first_of_the_usual_fields_counts() -> None:
    assert time_of([("ts", "1"), ("UtcTime", "2"), ("UtcTimeCreated", "3")]) == "3"
    assert time_of([("@timestamp", ""), ("time", "4")]) == "4"
    assert time_of([("a", "1")]) is None


def test_each_shape_has_its_time() -> None:
    assert happened(b'{"Event":{"System":{"TimeCreated":{"#attributes":{"SystemTime":"t1"}}}}}') == "t1"
    assert happened(b"type=CWD msg=audit(1.5:2): cwd=x") == "1.5"
    assert happened(b"nonsense") is None
