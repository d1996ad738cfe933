"""What comes in: refused in one clear answer that repeats nothing of it, done once under one key, shown as text."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app.registry import RULES
from tests.app.stage import FORM, Person, Stage, peopled
from tests.web.edge import COMMANDS, fields

SECRET = "hunter2-correct-horse"
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&\n\x1b[31mred\x1b[0m\u202egpj.exe\u2028{{7*7}}"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("input"))
    yield made
    made.close()


@pytest.fixture
def ana(stage: Stage) -> Person:
    return stage.people["ana"]


def problem(answer: Any, status: int = 400) -> dict[str, Any]:
    """The problem document of a refusal, whole and without a word of Python."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert {"type", "title", "status", "detail", "next_step"} <= set(found)
    assert found["detail"]
    assert found["next_step"]
    assert found["status"] == status
    assert "Traceback" not in answer.text
    assert "pydantic" not in answer.text
    assert SECRET not in answer.text
    return found


BODIES = {
    "not JSON": f'{{"what": {SECRET}',
    "a fraction": f'{{"what": "{SECRET}", "x": 1.5}}',
    "an exponent": f'{{"what": "{SECRET}", "x": 1e3}}',
    "no number": f'{{"what": "{SECRET}", "x": NaN}}',
    "infinity": f'{{"what": "{SECRET}", "x": -Infinity}}',
    "a key twice": f'{{"what": "{SECRET}", "what": "{SECRET}"}}',
    "NUL": f'{{"what": "{SECRET}\\u0000"}}',
    "half a pair": f'{{"what": "{SECRET}\\ud800"}}',
    "a huge integer": f'{{"what": "{SECRET}", "x": 9007199254740993}}',
    "a longer one": f'{{"what": "{SECRET}", "x": {"9" * 5000}}}',
    "too deep": f'{{"what": "{SECRET}", "x": {"[" * 40}{"]" * 40}}}',
    "much too deep": "[" * 100_000,
    "a list": f'["{SECRET}"]',
    "a string": f'"{SECRET}"',
    "null": "null",
    "an unknown field": f'{{"what": "x", "{SECRET} {SECRET}": 1}}',
    "a wrong type": f'{{"what": ["{SECRET}"]}}',
    "too long": json.dumps({"what": SECRET * 400}),
    "empty text": '{"what": "  "}',
    "a missing field": "{}",
    "no choice": f'{{"what": "x", "secrecy": "{SECRET}"}}',
    "a mark": f'\ufeff{{"what": "{SECRET}"}}',
    "a form": f"what={SECRET}",
    "two values": '{"what": "x"} {"what": "y"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_one_clear_answer_that_repeats_nothing(stage: Stage, ana: Person, body: str, media: str) -> None:
    before = stage.feed
    headers = ana.bearer | {"Content-Type": media}
    problem(stage.http.post("/api/v1/declare", content=body.encode("utf-8"), headers=headers))
    assert stage.feed == before


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"what": "\xc3\x28"}', b"\x1f\x8b\x08", b"\x00"])
def test_what_is_not_utf_8(stage: Stage, ana: Person, body: bytes) -> None:
    problem(stage.http.post("/api/v1/declare", content=body, headers=ana.bearer))


def test_an_unknown_field_is_named_with_those_that_are_known(stage: Stage, ana: Person) -> None:
    found = problem(stage.post("declare", {"what": "x", "titel": "y"}, ana))
    assert found["where"] == "titel"
    assert "what, signal, secrecy" in found["next_step"]


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_refuses_unknown_fields_and_who_acts(stage: Stage, ana: Person, verb: Verb) -> None:
    for name in ("actor", "role", "lane_", "recorded_at", "who"):
        if name not in RULES[verb].command.model_fields:
            answer = stage.post(
                verb, fields(verb, incident="INC-000000", signal="SIG-000000") | {name: SECRET}, ana
            )
            problem(answer)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(10**9)}, 400),
        ({"Content-Length": "9" * 5000}, 400),
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": "x"}, 400),
        ({"Transfer-Encoding": "chunked"}, 400),
        ({"Host": "evil.example"}, 400),
        ({"Host": ""}, 400),
    ],
)
def test_what_is_too_long_or_not_for_us(
    stage: Stage, ana: Person, headers: dict[str, str], status: int
) -> None:
    answer = stage.http.post("/api/v1/declare", content=b"{}", headers=ana.bearer | headers)
    problem(answer, status)


@pytest.mark.parametrize(
    "path", ["signals?limit=x", "incidents/INC-000000?before=0", "tokens?of=everybody's"]
)
def test_a_wrong_question_is_refused_in_the_same_form(stage: Stage, ana: Person, path: str) -> None:
    problem(stage.get(path, ana))


@pytest.mark.parametrize("path", ["signals?state=%00", "incidents?after=%00_%00"])
def test_nul_in_a_question_is_refused(stage: Stage, ana: Person, path: str) -> None:
    problem(stage.get(path, ana))


@pytest.mark.parametrize(
    "path",
    ["signals?state=%ff", "incidents?after=x", "signals?limit=-5", "signals?limit=99999999999999999999"],
)
def test_a_senseless_question_has_an_empty_or_a_bounded_answer(stage: Stage, ana: Person, path: str) -> None:
    assert stage.get(path, ana).status_code == 200


@pytest.mark.parametrize(
    "path", ["signals/%00", "incidents/..%2f..%2fetc", "signals/" + "A" * 5000, "incidents/é"]
)
def test_a_code_that_is_none_is_not_found(stage: Stage, ana: Person, path: str) -> None:
    problem(stage.get(path, ana), 404)


def test_a_path_or_method_that_is_not_there(stage: Stage, ana: Person) -> None:
    problem(stage.get("nothing", ana), 404)
    answer = stage.http.delete("/api/v1/declare", headers=ana.bearer)
    problem(answer, 405)
    assert answer.headers["allow"] == "POST"


# --- once under one key ---------------------------------------------------------------------------------


def keyed(stage: Stage, who: Person, verb: str, sent: dict[str, Any], key: str) -> Any:
    return stage.post(verb, sent, who, **{"Idempotency-Key": key})


def test_the_same_request_again_gets_the_first_answer(stage: Stage, ana: Person) -> None:
    first = keyed(stage, ana, "declare", {"what": "Slow"}, "key-number-1")
    before = stage.feed
    again = keyed(stage, ana, "declare", {"what": "Slow", "people": []}, "key-number-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert stage.feed == before


def test_another_request_under_the_key_is_refused(stage: Stage, ana: Person) -> None:
    keyed(stage, ana, "declare", {"what": "One"}, "key-number-2")
    for verb, sent in (("declare", {"what": "Two"}), ("signal", {"title": "One"})):
        found = problem(keyed(stage, ana, verb, sent, "key-number-2"), 409)
        assert found["where"] == "Idempotency-Key"


def test_a_key_is_one_s_own(stage: Stage, ana: Person) -> None:
    first = keyed(stage, ana, "declare", {"what": "Mine"}, "key-number-3").json()
    other = keyed(stage, stage.people["ben"], "declare", {"what": "Mine"}, "key-number-3").json()
    assert first["incident"] != other["incident"]


def test_a_refused_request_may_be_sent_again_under_its_key(stage: Stage, ana: Person) -> None:
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    sent = {"incident": incident, "to": "active", "expected": 9}
    problem(keyed(stage, ana, "state", sent, "key-number-4"), 409)
    assert keyed(stage, ana, "state", sent | {"expected": 1}, "key-number-4").status_code == 200


def test_a_secret_is_shown_once_and_never_again(stage: Stage) -> None:
    browser = stage.signed_in("ada")
    for verb, sent, name in (
        ("token", {"name": "laptop"}, "secret"),
        ("invite", {"name": "Dora", "sign_in": "dora"}, "link"),
        ("reset-link", {"account": stage.people["caro"].account}, "link"),
    ):
        headers = FORM | {"Idempotency-Key": f"key-of-{verb}-1"}
        first = browser.post(f"/api/v1/{verb}", json=sent, headers=headers)
        again = browser.post(f"/api/v1/{verb}", json=sent, headers=headers)
        assert first.status_code == again.status_code == 200, first.text
        assert name in first.json()
        assert again.json() == {key: value for key, value in first.json().items() if key != name}


@pytest.mark.parametrize("key", ["short", "x" * 129, "with\ttab-", "ümlaut-key", ""])
def test_a_key_has_a_form(stage: Stage, ana: Person, key: str) -> None:
    answer = stage.http.post(
        "/api/v1/declare",
        json={"what": "x"},
        headers=[*ana.bearer.items(), ("Idempotency-Key", key.encode())],
    )
    problem(answer)


def test_many_at_once_under_one_key_are_one(stage: Stage, ana: Person) -> None:
    before = len(stage.entries("incident.declared"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: keyed(stage, ana, "declare", {"what": "Once"}, "key-at-once-1"), range(16))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(stage.entries("incident.declared")) == before + 1


# --- somebody else was first ----------------------------------------------------------------------------


def test_a_replaced_text_is_shown_beside_one_s_own(stage: Stage, ana: Person) -> None:
    ben = stage.people["ben"]
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    sent = {"incident": incident, "text": "Ana's words", "expected": 0}
    assert stage.post("summary", sent, ana).status_code == 200
    found = problem(stage.post("summary", sent | {"text": "Ben's words"}, ben), 409)
    assert (found["theirs"], found["yours"], found["version"]) == ("Ana's words", "Ben's words", 1)
    assert found["type"] == "urn:muster:problem:replaced-meanwhile"


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        (Verb.SEVERITY, {"expected": 7}),
        (Verb.STATE, {"expected": 7}),
        (Verb.RESTRICT, {"expected": 7}),
        (Verb.SUMMARY, {"expected": 7}),
    ],
)
def test_every_verb_that_replaces_names_the_version(
    stage: Stage, ana: Person, verb: Verb, more: dict[str, int]
) -> None:
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    found = problem(stage.post(verb, fields(verb, incident=incident, **more), ana), 409)
    assert {"theirs", "yours", "version"} <= set(found)


def test_a_hidden_text_is_not_shown_beside_one_s_own(stage: Stage, ana: Person) -> None:
    incident = stage.do(Verb.DECLARE, ana, what="x")["incident"]
    stage.do(Verb.SUMMARY, ana, incident=incident, text=SECRET, expected=0)
    seq = stage.entries(stream=incident)[-1].header.seq
    stage.do(Verb.REDACT, ana, stream=incident, seq=seq, reason="a password")
    sent = {"incident": incident, "text": "Ben's words", "expected": 0}
    found = problem(stage.post("summary", sent, stage.people["ben"]), 409)
    assert (found["theirs"], found["version"]) == ("", 1)


# --- hostile text ---------------------------------------------------------------------------------------


def test_hostile_words_are_text_on_every_page(stage: Stage, ana: Person) -> None:
    browser = stage.signed_in("ana")
    incident = stage.do(Verb.DECLARE, ana, what=HOSTILE)["incident"]
    signal = stage.do(Verb.SIGNAL, ana, title=HOSTILE[:190], text=HOSTILE)["signal"]
    stage.do(Verb.OFFER, ana, incident=incident, role="scribe", to=ana.account)
    for verb in (Verb.LOG, Verb.FACT, Verb.ASSUME, Verb.QUESTION, Verb.SUMMARY):
        sent = fields(verb, incident=incident) | {"text": HOSTILE}
        sent |= {"source": HOSTILE[:190]} if verb is Verb.FACT else {}
        assert stage.post(verb, sent, ana).status_code == 200
    ada = stage.people["ada"]
    stage.do(Verb.INVITE, ada, name=HOSTILE[:190], sign_in="eve")
    stage.do(Verb.TOKEN, ana, name=HOSTILE[:190])
    admin = stage.signed_in("ada")
    for path in ("/", "/signals", "/incidents", f"/signals/{signal}", f"/incidents/{incident}", "/accounts",
                 f"/api/v1/incidents/{incident}/report"):  # fmt: skip
        text = (admin if path == "/accounts" else browser).get(path).text
        assert "&lt;script&gt;" in text or "&lt;img" in text or path == "/", path
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert not re.search("[\x1b\u202e\u2028]", text), path
        assert "49}}" not in text


def test_hostile_words_are_json_text_in_the_api(stage: Stage, ana: Person) -> None:
    incident = stage.do(Verb.DECLARE, ana, what=HOSTILE)["incident"]
    answer = stage.get(f"incidents/{incident}", ana)
    assert answer.json()["what"] == HOSTILE
    assert answer.headers["content-type"] == "application/json"
    assert "\x1b" not in answer.text.replace("\\u001b", "")


def test_hostile_words_never_reach_a_refusal(stage: Stage, ana: Person) -> None:
    for verb in COMMANDS:
        for name in RULES[verb].command.model_fields:
            sent = fields(verb, incident="INC-000000", signal="SIG-000000") | {name: HOSTILE * 100}
            answer = stage.post(verb, sent, ana)
            assert answer.status_code in (400, 403, 404), (verb, name)
            assert "<script" not in answer.text
            assert not re.search("[\x1b\u202e\u2028]", answer.text)
    page = stage.signed_in("ana").get("/incidents/%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page.text


def test_the_log_as_csv_has_no_formulas(stage: Stage, ana: Person) -> None:
    incident = stage.do(Verb.DECLARE, ana, what="=1+1")["incident"]
    for text in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", HOSTILE):
        stage.post("log", {"incident": incident, "text": text}, ana)
    answer = stage.get(f"incidents/{incident}/log.csv", ana)
    if answer.status_code == 404:
        pytest.skip("there is no CSV")
    assert not re.search(r'(?:^|,)"?\s*[=+@]', answer.text, re.MULTILINE)
    assert not re.search("[\x1b\u202e\u2028]", answer.text)
