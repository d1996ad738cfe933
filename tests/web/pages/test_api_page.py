"""The page of the API names every verb with its fields, from the registry alone."""

from muster.access.verbs import COMMAND_LINE_VERBS
from muster.web.pages.api_page import kind, verbs
from tests.web.pages.conftest import House


def test_every_verb_is_there(house: House) -> None:
    browser = house.browser()
    browser.get("/api")
    assert browser.status == 200
    for verb in COMMAND_LINE_VERBS:
        assert f"POST /api/v1/{verb} " in browser.text
    assert sorted(line.verb for line in verbs()) == sorted(COMMAND_LINE_VERBS)


def test_fields_are_told_in_words() -> None:
    lines = {line.verb: {field.name: field for field in line.fields} for line in verbs()}
    assert lines["log"]["text"].required
    assert lines["log"]["text"].kind == "text, at most 4000 characters"
    assert lines["log"]["incident"].kind.startswith("code of an incident")
    assert not lines["log"]["corrects"].required
    assert lines["settle"]["ending"].kind == "one of: confirmed, refuted, answered, withdrawn"
    assert lines["declare"]["people"].kind == "list of id of an account or token"
    assert "functional (one of: none" in lines["severity"]["ratings"].kind
    assert lines["hits"]["batch"].kind == "SHA-256, hex"
    assert all(field.kind for fields in lines.values() for field in fields.values())


def test_kinds_of_all_sorts() -> None:
    assert kind({"type": "boolean"}, {}) == "true or false"
    assert kind({}, {}) == "text"
    assert kind({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {}) == "whole number"
