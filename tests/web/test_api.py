"""The API is the registry: one route, one verb of the command line, one entry of OpenAPI for each command."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import muster.web
from muster.access.verbs import COMMAND_LINE_VERBS, VERBS, Use, Verb
from muster.app.registry import RULES
from muster.cli_verbs import verb_command
from tests.app.stage import FORM, Stage, peopled, routes
from tests.web.edge import COMMANDS, fields


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("api"))
    yield made
    made.close()


def named(stage: Stage) -> list[tuple[str, str, str]]:
    """Method, path and verb of every route of the API; an empty verb where none is named."""
    return [
        (method, path, (getattr(route, "openapi_extra", None) or {}).get("x-muster-verb", ""))
        for path, route in routes(stage.app)
        if path.startswith("/api/v1/") and not path.endswith("openapi.json")
        for method in sorted(set(route.methods) - {"HEAD"})
    ]


def test_every_route_names_a_verb(stage: Stage) -> None:
    for method, path, verb in named(stage):
        assert verb in {known.value for known in Verb}, f"{method} {path}"
        assert (VERBS[Verb(verb)].use is Use.COMMAND) == (method == "POST") or verb in (
            "report", "post-events", "read-rules",
        ), f"{method} {path}"  # fmt: skip


def test_every_command_has_one_route_one_line_and_one_entry(stage: Stage) -> None:
    posts = Counter(verb for method, _, verb in named(stage) if method == "POST")
    paths = stage.app.openapi()["paths"]
    for verb in COMMANDS:
        assert posts[verb.value] == 1
        assert paths[f"/api/v1/{verb.value}"]["post"]["x-muster-verb"] == verb.value
        assert verb_command(verb.value).name == verb.value
    assert set(COMMAND_LINE_VERBS) == {verb.value for verb in COMMANDS}


def test_every_verb_with_a_rule_is_known_and_every_command_has_a_rule() -> None:
    for verb, rule in RULES.items():
        assert rule.verb is verb
        assert verb in VERBS
        assert VERBS[verb].use is not Use.READING
    assert set(COMMANDS) <= set(RULES)
    permissions = {Verb.LOWER_SEVERITY, Verb.PROGRAM_TOKEN}
    assert {verb for verb, facts in VERBS.items() if facts.use is Use.INSIDE} - permissions <= set(RULES)
    assert set(VERBS) == set(Verb)


# Everything that web asks the parts of Muster to do. What changes the record goes through `doing.do` (by itself or
# for hits with their evidence), or is one of the few acts that are no verbs: signing in and out, batches of events.
ASKED = {
    "doing.do", "evidence.report_hits", "events.accept", "health.detector_says",
    "sign_in.with_password", "sign_in.open_session", "sign_in.out", "sign_in.end_session", "sign_in.use_link", "journal.denied",
    "sign_in.by_session", "sign_in.by_token", "sign_in.link", "health.status", "reports.take", "rules.version",
    "rules.read", "exporting.export", "whole.gather",
}  # fmt: skip
READS = {"reading"}  # it changes nothing, save what the journal notes of secret things
PARTS = {
    "doing", "evidence", "events", "health", "sign_in", "journal", "reports", "rules", "exporting", "whole",
    "record", "sealer", "reading",
}  # fmt: skip


def test_pages_and_routes_change_things_through_verbs_only() -> None:
    asked: set[str] = set()
    for file in sorted(Path(muster.web.__file__).parent.rglob("*.py")):
        text = file.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                part, what, before = node.value.attr, node.attr, ast.unparse(node.value.value)
                if part in PARTS and re.search(r"muster(_of\(request\))?$", before):
                    asked.add(f"{part}.{what}")
        assert "store" not in set(re.findall(r"from muster\.(\w+)", text)), file.name
    unknown = {one for one in asked if one not in ASKED and one.partition(".")[0] not in READS}
    assert not unknown, f"say in this list why it may: {unknown}"
    assert "doing.do" in asked


def test_only_report_asks_for_no_account(stage: Stage) -> None:
    for method, path, verb in named(stage):
        filled = re.sub(r"\{[a-z0-9]+\}", "INC-000000", path)
        more = {"Muster-Batch": "b"} if path.endswith("/events") else {}
        sent = fields(Verb(verb), incident="INC-000000", signal="SIG-000000") if verb in COMMANDS else {}
        answer = stage.http.request(method, filled, json=sent, headers=more)
        assert (answer.status_code == 401) == (verb != "report"), f"{method} {path}: {answer.status_code}"


def test_no_route_changes_anything_for_a_get(stage: Stage) -> None:
    browser, before = stage.signed_in("ada"), 0
    incident = stage.do(Verb.DECLARE, stage.people["ana"], what="Slow")["incident"]
    signal = stage.do(Verb.SIGNAL, stage.people["ana"], title="Full")["signal"]
    browser.get("/api/v1/signals/SIG-000000")  # the access of this day has begun
    before = stage.feed
    for path, route in routes(stage.app):
        if "GET" not in (route.methods or ()) or path.endswith("/export"):
            continue
        filled = path.replace("{code}", signal if "signals" in path else incident)
        filled = re.sub(r"\{(?!code)[a-z0-9_]+(:[a-z]+)?\}", "1", filled)
        answer = browser.get(filled)
        assert answer.status_code < 500, path
        if answer.status_code in (403, 404):
            before = stage.feed  # a denial may be noted
        assert stage.feed == before, path


def test_an_export_and_a_report_come_with_a_clean_name(stage: Stage) -> None:
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="Slow")["incident"]
    for typed in (
        incident,
        incident.lower(),
        f" {incident}\r\n",
        f"{incident}\u2003",
        f"{incident}\r\nX-Evil: 1",
    ):
        for kind, end in (("export", "zip"), ("report", "html")):
            answer = stage.get(f"incidents/{quote(typed)}/{kind}", ana)
            assert "x-evil" not in answer.headers
            assert answer.status_code in (200, 400, 404), (typed, answer.status_code)
            if answer.status_code == 200:
                assert answer.headers["content-disposition"] == f'attachment; filename="{incident}.{end}"'
                assert "sandbox" in answer.headers["content-security-policy"] or end == "html"


def test_downloads_are_never_run_by_a_browser(stage: Stage) -> None:
    ana = stage.people["ana"]
    incident = stage.do(Verb.DECLARE, ana, what="<script>alert(1)</script>")["incident"]
    answer = stage.get(f"incidents/{incident}/export", ana)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["muster-not-sealed"]) == 0


def test_tokens_are_one_s_own_unless_an_administrator_asks_for_all(stage: Stage) -> None:
    ana, ada = stage.people["ana"], stage.people["ada"]
    assert {row["account"] for row in stage.get("tokens", ana).json()} == {ana.account}
    assert {row["account"] for row in stage.get("tokens?of=all", ana).json()} == {ana.account}
    assert len({row["account"] for row in stage.get("tokens?of=all", ada).json()}) > 1
    assert "mst_" not in stage.get("tokens?of=all", ada).text


def test_the_detector_says_how_it_is_and_nonsense_is_refused(stage: Stage) -> None:
    ana = stage.people["ana"]
    good = {"rules_loaded": 3, "rules_not_loaded": [["a.yml", "A", "why"]], "events_matched": 1}
    assert stage.post("detector", good, ana).json() == {"kept": "yes"}
    for bad in ({"rules_loaded": "many"}, {"rules_loaded": 1, "secret-x": 1}, {"rules_loaded": -1}, [], "x"):
        answer = stage.post("detector", bad, ana)
        assert answer.status_code == 400
        assert "secret-x" not in answer.text
    assert stage.get("status", ana).status_code == 200


def test_rules_are_sent_only_when_they_changed(stage: Stage) -> None:
    ana = stage.people["ana"]
    (stage.muster.settings.data / "rules" / "a.yml").write_text("title: A\n")
    first = stage.get("rules", ana).json()
    assert [Path(path).name for path in first["files"]] == ["a.yml"]
    assert stage.get(f"rules?known={first['version']}", ana).json() == {
        "version": first["version"],
        "files": None,
        "ignores": None,
        "indicators": None,
    }


def test_two_people_erase_and_a_commander_alone_lowers(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    incident = stage.do(Verb.DECLARE, ana, what="The password is hunter2")["incident"]
    assert (
        stage.post("redact", {"stream": incident, "seq": 0, "reason": "a password"}, ana).status_code == 200
    )
    for path in (f"incidents/{incident}", "incidents"):
        assert "hunter2" not in stage.get(path, ben).text
    own = stage.post("erase", {"stream": incident, "seq": 0}, ana)
    assert (own.status_code, "second person" in own.json()["next_step"]) == (409, True)
    assert stage.post("erase", {"stream": incident, "seq": 0}, ben).status_code == 200

    rated = {"incident": incident, "ratings": {"functional": "high"}, "expected": 1}
    assert stage.post("severity", rated, ben).status_code == 200
    stage.do(Verb.OFFER, ana, incident=incident, role="commander", to=ana.account)
    calm = {"functional": "none", "information": ["none"], "activity": "none", "safety": "no"}
    lower = {"incident": incident, "ratings": calm | {"recoverability": "regular"}, "expected": 2}
    refused = stage.post("severity", lower, ben)
    assert refused.status_code == 403
    assert "commander" in refused.text
    assert refused.json()["next_step"]
    allowed = stage.post("severity", lower, ana)
    assert allowed.status_code == 200, allowed.text
    assert allowed.json()["severity"] > "SEV1"


def test_a_form_of_another_site_writes_nothing(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    before = len(stage.entries("incident.declared"))
    for headers in (
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
        {"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8420"},
    ):  # fmt: skip
        for path, sent in (
            ("/api/v1/declare", {"json": {"what": "x"}}),
            ("/incidents", {"data": {"what": "x"}}),
        ):
            answer = browser.post(path, headers=headers, **sent)
            assert answer.status_code == 403, (headers, path)
    assert len(stage.entries("incident.declared")) == before
    assert browser.post("/api/v1/declare", json={"what": "x"}, headers=FORM).status_code == 200
