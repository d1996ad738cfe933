"""Access at the edge: what one may not see answers as what does not exist, everywhere and in every word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from muster.access.verbs import VERBS, Target, Verb
from muster.core.ids import StreamType, code
from muster.core.people import Scope
from tests.app.stage import FORM, Person, Stage, peopled, routes
from tests.web.edge import COMMANDS, SHA, fields

ON_STREAMS = tuple(
    verb
    for verb in COMMANDS
    if VERBS[verb].target in (Target.NEW_INCIDENT, Target.INCIDENT, Target.SIGNAL, Target.STREAM)
)
NO_INCIDENT = code(StreamType.INCIDENT, "77" * 16)
NO_SIGNAL = code(StreamType.SIGNAL, "77" * 16)
WORDS = "Zanzibar merger"


@dataclass(frozen=True)
class Scene:
    """Ana's secret incident with its signal, attached to it but open to the team; and what everybody sees."""

    stage: Stage
    secret: str
    signal: str
    attached: str
    seen: str
    seen_signal: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    stage = peopled(tmp_path_factory.mktemp("edge"))
    ana = stage.people["ana"]

    def signal(title: str) -> str:
        stage.clock.turn(seconds=1)
        return str(stage.do(Verb.SIGNAL, ana, title=title)["signal"])

    seen_signal, secret_signal, attached = signal("Disk full"), signal(WORDS), signal("Odd sign-ins")
    seen = stage.do(Verb.DECLARE, ana, what="The shop is slow", secrecy="open")["incident"]
    secret = stage.do(Verb.DECLARE, ana, what=WORDS, secrecy="named")["incident"]
    stage.do(Verb.SUMMARY, ana, incident=secret, text=WORDS, expected=0)
    stage.do(Verb.ATTACH, ana, signal=attached, incident=secret)
    stage.do(Verb.RESTRICT, ana, stream=secret_signal, secrecy="named", expected=1)
    yield Scene(stage, secret, secret_signal, attached, seen, seen_signal)
    stage.close()


def less(answer: Any, typed: str) -> tuple[int, str, dict[str, str]]:
    """An answer without the code that was typed, which it may repeat."""
    headers = {
        name: value.replace(typed, "CODE")
        for name, value in answer.headers.items()
        if name not in ("content-length", "date")
    }
    text = re.sub(r"[0-9a-f]{24}-", "KEY-", answer.text.replace(typed, "CODE"))
    return answer.status_code, text, headers


@pytest.mark.parametrize("name", ["ben", "ada", "caro"])
@pytest.mark.parametrize("verb", ON_STREAMS)
def test_every_verb_answers_for_the_hidden_as_for_the_missing(scene: Scene, verb: Verb, name: str) -> None:
    who = scene.stage.people[name]
    pairs = [
        (fields(verb, incident=scene.secret, signal=scene.seen_signal), scene.secret, NO_INCIDENT),
        (fields(verb, incident=scene.seen, signal=scene.signal), scene.signal, NO_SIGNAL),
        (fields(verb, signal=scene.signal), scene.signal, NO_SIGNAL),
    ]
    if verb is Verb.DISMISS:
        more = {"outcome": "duplicate", "duplicate_of": scene.signal}
        pairs.append((fields(verb, signal=scene.seen_signal, **more), scene.signal, NO_SIGNAL))
    asked = 0
    for sent, hidden, missing in pairs:
        if hidden not in sent.values() or "" in sent.values():
            continue
        asked += 1
        instead = {key: missing if value == hidden else value for key, value in sent.items()}
        one, other = scene.stage.post(verb, sent, who), scene.stage.post(verb, instead, who)
        assert less(one, hidden) == less(other, missing)
        assert one.status_code == 404
        assert WORDS not in one.text
    assert asked


READS = [
    "incidents/{i}", "incidents/{i}/export", "incidents/{i}/report", "signals/{s}", "signals/{s}/export",
    "signals/{s}/evidence/" + SHA, "incidents/{i}?before=2", "incidents/{i}/log.csv", "incidents/{s}", "signals/{i}", "incidents/{s}/export",
    "drills/{s}", "due/{s}", "due/{i}",
]  # fmt: skip


@pytest.mark.parametrize("name", ["ben", "ada", "caro"])
@pytest.mark.parametrize("path", READS)
def test_every_reading_route_does_too(scene: Scene, path: str, name: str) -> None:
    who = scene.stage.people[name]
    one = scene.stage.get(path.format(i=scene.secret, s=scene.signal), who)
    other = scene.stage.get(path.format(i=NO_INCIDENT, s=NO_SIGNAL), who)
    strip = lambda answer, *codes: less(answer, codes[0] if codes[0] in answer.text else codes[1])  # noqa: E731 - a name for one expression
    assert strip(one, scene.secret, scene.signal) == strip(other, NO_INCIDENT, NO_SIGNAL)
    assert one.status_code == 404


def test_the_table_of_reading_routes_is_whole(scene: Scene) -> None:
    listed = {path.partition("?")[0] for path in READS}
    named = {
        path.removeprefix("/api/v1/")
        for path, route in routes(scene.stage.app)
        if path.startswith("/api/v1/") and "GET" in (route.methods or ()) and "{code}" in path
    }
    pattern = {path.replace("{code}", "{i}" if path.startswith("inc") else "{s}") for path in named}
    assert {path.replace("{sha256}", SHA) for path in pattern} <= listed


def test_pages_do_too(scene: Scene) -> None:
    ben = scene.stage.signed_in("ben")
    pages = {
        path
        for path, route in routes(scene.stage.app)
        if not path.startswith("/api/") and "GET" in (route.methods or ()) and "{code}" in path
    }
    assert pages
    for path in sorted(pages):
        hidden, missing = (scene.signal, NO_SIGNAL) if "/signals" in path else (scene.secret, NO_INCIDENT)
        filled = re.sub(r"\{(?!code)[a-z0-9_]+(:[a-z]+)?\}", "1", path)
        one, other = ben.get(filled.replace("{code}", hidden)), ben.get(filled.replace("{code}", missing))
        assert less(one, hidden) == less(other, missing), path
        assert one.status_code in (404, 303), path
        assert WORDS not in one.text


def test_posting_to_pages_does_too(scene: Scene) -> None:
    ben = scene.stage.signed_in("ben")
    form = {"text": "x", "reason": "x", "seq": "0", "expected": "1", "to": "active", "role": "scribe"}
    for path, route in routes(scene.stage.app):
        if path.startswith("/api/") or "POST" not in (route.methods or ()) or "{code}" not in path:
            continue
        hidden, missing = (scene.signal, NO_SIGNAL) if "/signals" in path else (scene.secret, NO_INCIDENT)
        verbs = [*COMMANDS] if "{verb}" in path else ["-"]
        for verb in verbs:
            filled = re.sub(r"\{(?!code)[a-z0-9_]+(:[a-z]+)?\}", str(verb), path)
            one = ben.post(filled.replace("{code}", hidden), data=form, headers=FORM)
            other = ben.post(filled.replace("{code}", missing), data=form, headers=FORM)
            assert less(one, hidden) == less(other, missing), filled
            assert WORDS not in one.text


@pytest.mark.parametrize("name", ["ben", "ada", "caro"])
def test_lists_counts_and_cursors_know_nothing_of_it(scene: Scene, name: str) -> None:
    who, browser = scene.stage.people[name], scene.stage.signed_in(name)
    texts = [
        scene.stage.get(path, who).text for path in ("signals", "incidents", "signals?limit=1", "status")
    ]
    texts += [browser.get(path).text for path in ("/", "/signals", "/incidents", "/signals?state=attached")]
    for text in texts:
        assert WORDS not in text
        assert scene.secret not in text
        assert scene.signal not in text
    rows = scene.stage.get("incidents", who).json()["incidents"]
    assert [row["incident"] for row in rows] == [scene.seen]


def test_a_cursor_never_stands_on_a_hidden_row(scene: Scene) -> None:
    who, seen, after = scene.stage.people["ben"], list[str](), ""
    for _ in range(10):
        page = scene.stage.get(f"signals?limit=1{after}", who).json()
        seen += [row["signal"] for row in page["signals"]]
        if page["next"] is None:
            break
        assert scene.signal not in page["next"]
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted({scene.seen_signal, scene.attached})
    assert page["next"] is None


def test_a_signal_does_not_name_the_incident_that_one_may_not_see(scene: Scene) -> None:
    stage, ben, ana = scene.stage, scene.stage.people["ben"], scene.stage.people["ana"]
    assert stage.get(f"signals/{scene.attached}", ana).json()["signal"]["incident"] == scene.secret
    for answer in (stage.get(f"signals/{scene.attached}", ben), stage.get("signals", ben)):
        assert answer.status_code == 200
        assert scene.secret not in answer.text


@pytest.mark.parametrize("verb", [Verb.ACKNOWLEDGE, Verb.DISMISS, Verb.ATTACH, Verb.DECLARE])
def test_nor_does_the_refusal_of_a_rule(scene: Scene, verb: Verb) -> None:
    sent = fields(verb, signal=scene.attached, incident=scene.seen)
    answer = scene.stage.post(verb, sent, scene.stage.people["ben"])
    assert answer.status_code == 409
    assert scene.secret not in answer.text
    assert WORDS not in answer.text


def test_evidence_of_a_signal_does_not_tell_that_of_another(scene: Scene) -> None:
    missing = scene.stage.get(f"signals/{scene.seen_signal}/evidence/{SHA}", scene.stage.people["ben"])
    assert missing.status_code == 404


ALLOWED: dict[Scope, set[str]] = {
    Scope.POST_EVENTS: {"POST /api/v1/events"},
    Scope.REPORT_SIGNALS: {"POST /api/v1/signal"},
    Scope.REPORT_HITS: {
        "POST /api/v1/hits",
        "POST /api/v1/hunts",  # how far a hunt is
        "GET /api/v1/rules",
        "POST /api/v1/detector",
        "POST /api/v1/detector/lane",
    },
}
ANYBODY_S = "GET /api/v1/receipts/{receipt}"  # whoever has the receipt, with an account or without


@pytest.mark.parametrize("scope", ALLOWED)
def test_a_narrow_token_does_its_one_thing_only(scene: Scene, scope: Scope) -> None:
    stage = scene.stage
    bearer = stage.bearer(stage.people["ada"], scope)
    let_in: set[str] = set()
    for path, route in routes(stage.app):
        for method in sorted({"GET", "POST"} & set(route.methods or ())):
            if not path.startswith("/api/v1/") or path.endswith("openapi.json"):
                continue
            word = path.rpartition("/")[2]
            filled = path.replace("{code}", scene.seen_signal if "signals" in path else scene.seen)
            filled = filled.replace("{sha256}", SHA)
            sent = (
                fields(Verb(word), incident=scene.seen, signal=scene.seen_signal) if word in COMMANDS else {}
            )
            more = {"Muster-Batch": f"b-{scope}"} if word == "events" else {}
            if method == "GET":
                answer = stage.http.get(filled, headers=bearer)
            else:
                answer = stage.http.post(filled, json=sent, headers=bearer | more)
            if answer.status_code not in (401, 403, 404):
                let_in.add(f"{method} {path}")
    assert let_in - {ANYBODY_S} == ALLOWED[scope]


def test_a_narrow_token_sees_no_page(scene: Scene) -> None:
    bearer = scene.stage.bearer(scene.stage.people["ada"], Scope.POST_EVENTS)
    for path in ("/", "/signals", "/incidents", f"/incidents/{scene.seen}", "/accounts"):
        answer = scene.stage.http.get(path, headers=bearer)
        assert answer.status_code in (303, 403, 404), path
        assert "The shop is slow" not in answer.text


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.PERSON])
def test_a_program_s_token_is_an_administrator_s_to_make(scene: Scene, scope: Scope) -> None:
    browser = scene.stage.signed_in("ben")
    answer = browser.post("/api/v1/token", json={"name": "x", "scope": scope.value}, headers=FORM)
    assert answer.status_code == 403


def test_a_token_makes_no_token_and_no_account(scene: Scene) -> None:
    ada: Person = scene.stage.people["ada"]
    for verb in COMMANDS:
        if VERBS[verb].target is Target.ACCOUNTS:
            answer = scene.stage.post(verb, fields(verb, account=ada.account), ada)
            assert answer.status_code == 403, verb
            assert answer.json()["next_step"] or "signed-in person" in answer.text
