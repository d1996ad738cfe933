"""The lists in force as people see them: counts, what was left out, how often each fired, and where one value stands."""

from pathlib import Path

from tests.app.stage import peopled
from tests.app.test_rulebook import hits

FEED = (
    "value,confidence,valid_until,label\nevil.example.com,80,,loader\nold.example.net,80,2001-01-01,\n=x,,,\n"
)


def test_lists_say_what_they_hold_and_how_often_they_fired(tmp_path: Path) -> None:
    stage = peopled(tmp_path, detector=True)
    ana = stage.people["ana"]
    empty = stage.get("indicators", ana).json()
    assert (empty["lists"], empty["total"], empty["looked_up"]) == ([], 0, None)
    folder = stage.muster.settings.data / "rules" / "indicators"
    folder.mkdir(parents=True)
    (folder / "feed.csv").write_text(FEED)
    (folder / "torn.json").write_text("{")
    for number, key in enumerate(("indicator:domain:evil.example.com", "plan/rules/a.yml")):
        stage.muster.evidence.report_hits(hits(number, key), ana.caller, None)

    book = stage.get("indicators", ana).json()
    feed, torn = book["lists"]
    assert (feed["format"], feed["kinds"], feed["signals"]) == ("csv", {"domain": 2}, 1)
    assert (feed["left_out"], torn["format"]) == ({"a formula": 1}, "not readable")
    assert [(one["where"], one["reason"]) for one in book["named"]] == [
        ("line 4", "a formula"),
        ("file", "broken"),
    ]
    (fired,) = book["fired"]
    assert (fired["key"], fired["signals"], fired["events"]) == ("indicator:domain:evil.example.com", 1, 2)

    (found,) = stage.get("indicators?value=www.evil[.]example.com", ana).json()["looked_up"]["found"]
    assert (found["value"], found["life"], found["score"]) == ("evil.example.com", "active", 80)
    (found,) = stage.get("indicators?value=old.example.net", ana).json()["looked_up"]["found"]
    assert (found["life"], found["valid_until"]) == ("expired", "2001-01-01T00:00:00+00:00")
    assert stage.get("indicators?value=other.example.net", ana).json()["looked_up"]["found"] == []
    assert stage.get("indicators?value=nothing", ana).json()["looked_up"]["understood"] == ""
    assert stage.get("indicators").status_code == 401
    stage.close()
