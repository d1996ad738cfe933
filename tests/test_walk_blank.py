"""A new team's first evening: its own people, a real mail server, from `muster init --blank` to a closed incident.

Only what a user has is used: the command line and the pages. The clock is turned, so that nobody waits a minute.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from muster.serving import first_link
from tests.app.stage import Stage, opened
from tests.channels.peers import MailServer, mail_server
from tests.cli_client import reach
from tests.store.test_plan_repository import git
from tests.test_cli import run
from tests.web.pages.conftest import Browser

ANSWERS = """
company: Fjord Books
domains: [fjord.test]
people:
  - {name: Zoë Lund, title: Engineer, phone: "+47 555 0101", mail: zoe@fjord.test}
  - {name: Bo Dahl, phone: "+47 555 0102", mail: bo@fjord.test}
  - {name: Ida Berg, title: Founder, phone: "+47 555 0103", mail: ida@fjord.test}
services:
  - {name: Web shop, owner: Bo Dahl, needs: [Database]}
  - {name: Database, owner: Zoë Lund}
call: https://meet.fjord.test/incident
second: Signal group "paper"
"""
PASSWORD = "four plain words here"
Capture = pytest.CaptureFixture[str]


@dataclass
class Evening:
    """The team's server, mail server and command line."""

    stage: Stage
    mail: MailServer
    place: Path
    capture: Capture
    monkeypatch: pytest.MonkeyPatch
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def browser(self) -> Browser:
        return Browser(TestClient(self.stage.app, base_url="http://localhost:8420"))

    def says(self, who: str, *arguments: str) -> dict[str, Any]:
        """A command that is done: its answer."""
        self.monkeypatch.setenv("MUSTER_TOKEN", self.tokens[who])
        code, out, err = run(self.capture, *arguments, "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        self.stage.muster.door.look()
        return found

    def refused(self, who: str, *arguments: str) -> str:
        """A command that is refused: its one line."""
        self.monkeypatch.setenv("MUSTER_TOKEN", self.tokens.get(who, ""))
        code, out, err = run(self.capture, *arguments)
        assert (code, out) != (0, "")
        return err

    def minute(self) -> None:
        self.stage.clock.turn(minutes=1)
        while self.stage.muster.door.look():
            pass

    @property
    def mails(self) -> list[tuple[str, str]]:
        """To whom, and the subject, of every mail that arrived."""
        read = [message_from_bytes(one, policy=default) for one in self.mail.mails]
        return [(str(one["To"]), str(one["Subject"])) for one in read]


@pytest.fixture
def evening(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evening]:
    place = tmp_path / "plan"
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    code, out, _ = run(capsys, "init", str(place), "--blank", "--from", str(tmp_path / "answers.yaml"))
    assert code == 0
    assert "muster serve --plan" in out
    code, out, _ = run(capsys, "check", str(place))
    assert code == 1
    assert "It can be approved with its holes" in out
    calling, contacts = place / "calling.yaml", place / "contacts.yaml"
    calling.write_text(calling.read_text().replace("_minutes: 20", "_minutes: 1"))
    insurer = re.sub(
        r"mail, address: claims@[\w.-]+", "mail, address: claims@insurer.test", contacts.read_text()
    )
    contacts.write_text(insurer)
    git(place, "commit", "-q", "-a", "-m", "Call sooner, and the real insurer")
    with ExitStack() as closing:
        mail = closing.enter_context(mail_server())
        told = {"host": "127.0.0.1", "port": mail.port, "tls": "none", "sender": "muster@fjord.test"}
        stage = opened(tmp_path / "server", plan=place, mail=told)
        closing.callback(stage.close)
        stage.clock.now = datetime.now(UTC)
        reach(stage, monkeypatch)
        yield Evening(stage, mail, place, capsys, monkeypatch)


def the_team_has_accounts(evening: Evening) -> dict[str, Browser]:
    """By pages: the first link, everybody tied to their person of the plan, a token each, the plan approved."""
    assert "MUSTER_TOKEN" in evening.refused("nobody", "list", "incidents")
    zoe = evening.browser()
    link = f"/link/{first_link(evening.stage.muster)}"
    zoe.get(link)
    zoe.send(link, name="Zoë Lund", sign_in="zoe", password=PASSWORD, password_again=PASSWORD)
    assert "No plan is approved, so nobody would be called." in zoe.text
    page = zoe.get("/plan")
    found = re.search(r"/plan/versions/[0-9a-f]{40}", page)
    assert found
    version = found[0]
    zoe.get(version)
    assert "14 holes" in zoe.text
    zoe.send(version)
    assert "An administrator ties it on the page Accounts" in zoe.text
    zoe.get("/accounts")
    assert "no call reaches this account" in zoe.text
    zoe.send("/accounts/tie", person="zoe-lund")
    assert "in the plan Zoë Lund" in zoe.text
    found_browsers = {"zoe": zoe}
    for name, sign_in, person in (("Bo Dahl", "bo", "bo-dahl"), ("Ida Berg", "ida", "ida-berg")):
        zoe.get("/accounts")
        zoe.send("/accounts/invite", name=name, sign_in=sign_in, person=person, duties=["responder"])
        found = re.search(r"http://localhost:8420(/link/\w+)", zoe.page)
        assert found
        one = found_browsers[sign_in] = evening.browser()
        one.get(found[1])
        one.send(found[1], password=PASSWORD, password_again=PASSWORD)
        if any(form[0] == "/sign-in" for form in one.forms()):
            one.send("/sign-in", sign_in=sign_in, password=PASSWORD)
    zoe.get(version)
    zoe.send(version)
    assert "In force: the plan of Fjord Books" in zoe.text
    assert "Nothing waits for anybody." in zoe.get("/")
    for sign_in, one in found_browsers.items():
        one.get("/accounts")
        one.send("/accounts/token", name="laptop")
        secret = re.search(r"mst_[0-9a-f]+", one.page)
        assert secret
        assert "MUSTER_TOKEN" in one.text
        evening.tokens[sign_in] = secret[0]
    return found_browsers


def test_from_nothing_to_a_closed_incident(evening: Evening) -> None:
    browsers = the_team_has_accounts(evening)
    assert "on the page Accounts" in evening.refused("zoe", "tie", "ida")
    evening.says("zoe", "send-test", "bo-dahl")
    assert evening.mails == [("bo@fjord.test", "Muster: a test message")]

    # A grave signal calls who is on duty; unanswered, the next one; who takes it ends the calling.
    title = "Ransom note on the shop"
    signal = evening.says("ida", "signal", title, "--severity", "SEV1", "--key", "m1")["signal"]
    evening.minute()
    words = f"{signal}: a grave signal waits"
    assert evening.mails[1:] == [("zoe@fjord.test", words), ("bo@fjord.test", words)]
    assert "after 1 minute." in message_from_bytes(evening.mail.mails[2], policy=default).get_content()
    page = browsers["bo"]
    page.get(f"/signals/{signal}")
    page.send(f"/signals/{signal}/acknowledge")
    evening.minute()
    evening.minute()
    assert len(evening.mails) == 3

    # Declared from the command line: whom the plan names is called, and answers by taking command.
    on = str(evening.says("bo", "declare", title, "--signal", signal)["incident"])
    assert evening.mails[3:] == [("zoe@fjord.test", f"{on}: an incident was declared")]
    assert "Somebody is being called" in page.get(f"/incidents/{on}")
    evening.says("zoe", "offer", on, "commander", "zoe")
    offered = evening.says("zoe", "offer", on, "scribe", "ida")
    assert evening.mails[4:] == [("ida@fjord.test", f"{on}: a role is offered and waits to be taken")]
    evening.says("ida", "accept", on, "scribe", "--expected", str(offered["version"]))
    evening.minute()
    assert len(evening.mails) == 5, "everybody has answered"

    # The work, by sign-in names.
    grave = ("--functional", "high", "--activity", "effect", "--critical", "yes", "--safety", "no")
    clear = ("--information", "none", "--recoverability", "regular")
    assert evening.says("zoe", "severity", on, "--expected", "1", *grave, *clear)["severity"] == "SEV1"
    assert "ransomware-or-data-theft" in evening.refused("zoe", "run", on, "ransom")
    ran = evening.says("zoe", "run", on, "ransomware-or-data-theft")["run"]
    evening.says("ida", "take-step", on, str(ran), "save-the-copies")
    evening.says("ida", "finish-step", on, str(ran), "save-the-copies", "--text", "Unplugged")
    task = evening.says(
        "zoe", "task", on, "Photograph the note", "ida", "--minutes", "30", "--hands-on", "yes"
    )
    evening.says("ida", "take", on, str(task["task"]), "--expected", str(task["version"]))
    evening.says("zoe", "state", on, "active", "--expected", "1")

    # Words to somebody outside: from a fact, approved by a second person, sent to the contact's own mail.
    since = "03:10 UTC on 25 November 2026"
    fact = evening.says("zoe", "fact", on, f"The shop has not worked since {since}", "Ida saw it")["seq"]
    sentence = {"text": f"We had an incident: the shop has not worked since {since}.", "facts": [fact]}
    to = ("--audience", "internal", "--subject", "The shop", "--recipients", "insurer", "--channel", "mail")
    drafted = evening.says("zoe", "draft-statement", on, "--sentences", json.dumps(sentence), *to)
    assert drafted["findings"] == []
    named = (on, str(drafted["statement"]), str(drafted["sha256"]))
    assert "Ask somebody else" in evening.refused("zoe", "approve-statement", *named)
    evening.says("bo", "approve-statement", *named)
    evening.says("zoe", "send-statement", *named)
    assert evening.mails[5:] == [("claims@insurer.test", "The shop")]
    evening.says("zoe", "settle", on, str(fact), "withdrawn", "It was 03:20", "--expected", "1")
    assert "It was sent; think of a correction." in browsers["zoe"].get(f"/incidents/{on}/disclosure")

    closed_after_its_review(evening, on, browsers["zoe"])


def closed_after_its_review(evening: Evening, on: str, zoe: Browser) -> None:
    """Each refusal says what is missing, until nothing is."""
    missing = evening.refused("zoe", "state", on, "review", "--expected", "2")
    assert "Missing: a summary; an answer to personal-data." in missing
    evening.says("zoe", "summary", on, "The shop stood still; no data left.", "--expected", "0")
    evening.says("ida", "answer-fact", on, "personal-data", "no", "--source", "Its logs", "--expected", "0")
    evening.says("zoe", "state", on, "review", "--expected", "2")
    learned = ("It is over", "--how-learned", "staff", "--expected", "3")
    refused = evening.refused("zoe", "close", on, *learned)
    assert "review" in refused
    assert "a review that was held" in zoe.get(f"/incidents/{on}/learning")
    evening.says("zoe", "hold-review", on, "--people", "me", "--people", "bo")
    evening.says("zoe", "no-causes", on, "It was a prank")
    evening.says("zoe", "no-lesson", on, "Nothing to change")
    assert "closed" in evening.says("zoe", "close", on, *learned)["state"]
    assert "This incident is closed." in zoe.get(f"/incidents/{on}")


def test_with_a_dead_mail_server_the_room_says_so_and_the_work_goes_on(evening: Evening) -> None:
    browsers = the_team_has_accounts(evening)
    evening.mail.answers["GREETING"] = "421 not now"
    on = str(evening.says("bo", "declare", "The shop is gone")["incident"])
    page = browsers["bo"].get(f"/incidents/{on}")
    assert "notification by mail did not get through yet" in page
    assert "1 attempt, next try" in browsers["bo"].text
    evening.says("zoe", "offer", on, "commander", "zoe")
    evening.says("zoe", "log", on, "We talk on the phone")
    del evening.mail.answers["GREETING"]
    evening.minute()
    assert "did not get through" not in browsers["bo"].get(f"/incidents/{on}")
    assert evening.mails == [("zoe@fjord.test", f"{on}: an incident was declared")]
