"""Encoded values: the very bytes, whatever letters and escapes they hold."""

from base64 import b64encode

import pytest

from muster.detect.rule import Reason
from tests.detect.yard import compiled, hits, on

TEXTS = ["a*b", "çé", "\u03c3", "plain"]


@pytest.mark.parametrize(
    ("mods", "encoding"),
    [
        ("utf16le", "utf-16-le"),
        ("wide", "utf-16-le"),
        ("utf16be", "utf-16-be"),
        ("utf16", "utf-16"),
        ("", "utf-8"),
    ],
)
def test_base64_has_the_bytes_that_an_attacker_would_encode(mods: str, encoding: str) -> None:
    for text in TEXTS:
        value = text.replace("*", "\\*")
        key = "|".join(part for part in ("F", mods, "base64") if part)
        whole = b64encode(text.encode(encoding)).decode()
        assert hits(on({key: value}), [{"F": whole}, {"F": whole + "x"}]) == [0]
        inside = [
            {"F": b64encode(pad + text.encode(encoding) + b"...").decode()} for pad in (b"", b"x", b"xy")
        ]
        assert hits(on({key + "offset|contains": value}), [*inside, {"F": "nothing"}]) == [0, 1, 2]


def test_without_base64_a_byte_is_a_character() -> None:
    assert hits(on({"F|utf16le|contains": "ab"}), [{"F": "xa\0b\0"}, {"F": "ab"}]) == [0]
    assert hits(on({"F|utf16be|contains": "ab"}), [{"F": "x\0a\0b"}]) == [0]
    assert hits(on({"F|utf16": "ab"}), [{"F": "\xff\xfea\0b\0"}]) == [0]
    assert hits(on({"F|wide": "a*b"}), [{"F": "a\0..b\0"}, {"F": "a\0b\0"}]) == [0, 1]


@pytest.mark.parametrize("key", ["F|base64", "F|base64offset", "F|expand|base64"])
def test_wildcards_and_placeholders_have_no_bytes(key: str) -> None:
    (one,) = compiled(on({key: "a*%x%"})).unloaded
    assert one.reason is Reason.INVALID
