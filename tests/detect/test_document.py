"""Documents of many events: arrays, wrapped lists, objects over several lines, and where they break off."""

import pytest

from muster.detect.document import is_document, split, split_document


@pytest.mark.parametrize(
    ("data", "elements"),
    [
        (b' [{"a": 1}, {"b": [2]}] ', [b'{"a": 1}', b'{"b": [2]}']),
        (b"[]", []),
        (b'\xef\xbb\xbf[{"a":1,"a":2}\n]', [b'{"a":1,"a":2}']),
        (b'[{"a":1},{"b"', [b'{"a":1}', b'{"b"']),
        (b'[{"a":1}', [b'{"a":1}', b"["]),
        (b'[{"a":1},', [b'{"a":1}', b"["]),
        (b'[{"a":1}] more', [b'{"a":1}', b"more"]),
        (b"[", [b"["]),
        (b'{"a": 1}', None),
        (b"[\xff", None),
    ],
)
def test_a_document_is_split_into_its_elements(data: bytes, elements: list[bytes] | None) -> None:
    assert split_document(data) == elements


def test_a_deep_document_ends_the_elements() -> None:
    assert split_document(b"[1," + b"[" * 100_000) == [b"1", b"[" * 100_000]


def test_lines_are_split() -> None:
    assert split(b"a\n\nb\r\n") == [b"a", b"b"]


@pytest.mark.parametrize(
    ("data", "elements"),
    [
        (b'{"Records": [{"a":1}, {"b":[]}]}', [b'{"a":1}', b'{"b":[]}']),
        (b'{"value":[{"a":1}],"next":{"x":[1]}}\n', [b'{"a":1}']),
        (b'{"Records":[{"a":1},{"b"', [b'{"a":1}', b'{"b"']),
        (b'{\n  "a": 1\n}\n{\n  "b": 2\n}\n', [b'{\n  "a": 1\n}', b'{\n  "b": 2\n}']),
        (b'{\n  "a": 1\n}\n{"b": \n{"c": 3}\n', [b'{\n  "a": 1\n}', b'{"b":', b'{"c": 3}']),
        (b'{"Records":[],"x":', [b',"x":']),
        (b"[1]\n[2]", [b"1", b"2"]),
    ],
)
def test_wrapped_and_following_objects_are_split(data: bytes, elements: list[bytes]) -> None:
    assert is_document(data)
    assert split_document(data) == elements


@pytest.mark.parametrize(
    "data", [b'{"a":1}\n{"a":2}', b"GET /", b'{"Records":7}', b'{"Recording":[1]}', b"", b'{ "a":1}\n']
)
def test_lines_are_no_document(data: bytes) -> None:
    assert not is_document(data)
    assert split_document(data) is None


XML = b'<?xml version="1.0"?>\n<Events>\n<Event xmlns="x">\n<System/></Event><Event><EventData/></Event>\n</Events>'


def test_an_export_of_xml_events_is_split() -> None:
    assert is_document(XML)
    assert split_document(XML) == [b'<Event xmlns="x">\n<System/></Event>', b"<Event><EventData/></Event>"]
    assert split_document(b"<Events><Event>a</Event> b <Event>c") == [b"<Event>a</Event>", b"b", b"<Event>c"]
