"""Access log lines: the request is taken apart, and the line says that it is a web server's."""

from datetime import UTC, datetime

from muster.rehearse.shop.cast import PORTALS
from muster.rehearse.shop.weblog import Answer, Visitor, line

AT = datetime(2026, 11, 24, 2, 10, 3, tzinfo=UTC)


def test_a_line() -> None:
    event = line(
        AT, PORTALS[0], Visitor("198.51.100.9", "agent"), "GET /a/b.action?q=1?2", Answer(200, 17, 3)
    )
    assert event["logsource.category"] == "webserver"
    assert (event["cs-method"], event["cs-uri-stem"], event["cs-uri-query"]) == (
        "GET",
        "/a/b.action",
        "q=1?2",
    )
    assert (event["date"], event["time"], event["sc-status"]) == ("2026-11-24", "02:10:03", 200)


def test_no_query_is_a_dash() -> None:
    event = line(AT, PORTALS[0], Visitor("198.51.100.9", "agent"), "GET /", Answer(200, 17, 3))
    assert event["cs-uri-query"] == "-"
