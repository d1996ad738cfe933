"""Around every request: names of this server, forged requests, headers, errors as answers, and a light start."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.core.errors import Unavailable
from muster.web.app import error_answer
from muster.web.safety import HEADERS
from tests.app.stage import FORM, Stage, peopled

HEAVY = ("pyarrow", "duckdb", "hyperscan", "sigma")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("app"))
    yield made
    made.close()


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nothing", "/api/v1/me", "/api/v1/openapi.json", "/report"]
)
def test_every_answer_has_the_headers(stage: Stage, path: str) -> None:
    answer = stage.http.get(path)
    for name, value in HEADERS.items():
        assert name in answer.headers
        if name not in ("Content-Security-Policy", "Cache-Control"):
            assert answer.headers[name] == value


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8420", "169.254.169.254", ""])
@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/static/style.css"])
def test_a_name_that_was_rebound_is_not_ours(stage: Stage, host: str, path: str) -> None:
    answer = stage.http.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8420", "127.0.0.1", "[::1]:8420", "LOCALHOST"])
def test_our_names_are(stage: Stage, host: str) -> None:
    assert stage.http.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/report", "/api/v1/report", "/nothing"])
def test_no_other_site_posts_here(stage: Stage, path: str, headers: dict[str, str]) -> None:
    answer = stage.http.post(path, data={"what": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_such_requests_are_on_the_record_once_a_minute_with_their_count(stage: Stage) -> None:
    browser = stage.browser("203.0.113.7")
    for _ in range(5):
        browser.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    stage.clock.turn(minutes=1)
    stage.muster.journal.flush(stage.clock())
    found = [
        entry.body.count  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess] - denials have one
        for entry in stage.entries("access.denied")
        if entry.body and entry.body.tree()["source"] == "203.0.113.7"
    ]
    assert found == [1, 4]


def test_a_page_for_people_and_a_document_for_programs(stage: Stage) -> None:
    assert stage.http.get("/nothing").headers["content-type"].startswith("text/html")
    assert stage.http.get("/api/nothing").headers["content-type"] == "application/problem+json"
    refused = stage.http.put("/sign-in", headers=FORM)
    assert refused.status_code == 405
    assert "POST" in refused.headers["allow"] or "GET" in refused.headers["allow"]


def test_a_fault_of_ours_is_told_plainly_and_holds_nothing_of_the_input(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("inner workings")

    monkeypatch.setattr(type(stage.muster.reading), "signals", broken)
    with caplog.at_level(logging.ERROR, "muster.web"):
        for path in ("/api/v1/signals", "/signals"):
            answer = stage.http.get(f"{path}?state=hunter2", headers=stage.people["ana"].bearer)
            assert answer.status_code == 500
            assert "inner workings" not in answer.text
            assert "Traceback" not in answer.text
            for name in HEADERS:
                assert name in answer.headers
    assert "hunter2" not in "".join(record.getMessage() for record in caplog.records)


def test_an_error_is_a_document_or_a_page_by_its_path(stage: Stage) -> None:
    class Asked:
        method = "GET"

        def __init__(self, path: str) -> None:
            self.app = stage.app
            self.url = type("Url", (), {"path": path, "query": ""})()

    error = Unavailable("Nothing can be written.", "", "Wait.")
    document = error_answer(Asked("/api/v1/x"), error)  # pyright: ignore[reportArgumentType] - as a request looks
    page = error_answer(Asked("/x"), error)  # pyright: ignore[reportArgumentType] - as a request looks
    assert (document.media_type, page.media_type) == ("application/problem+json", "text/html")
    assert document.status_code == page.status_code == 503


def test_the_web_process_starts_without_the_engines_of_detection(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from muster.app.settings import Settings
from muster.web.app import create
from muster.wiring import build
muster = build(Settings(data=Path({str(tmp_path / "data")!r}), detector=False), state_root=Path({str(tmp_path)!r}))
create(muster).openapi()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
