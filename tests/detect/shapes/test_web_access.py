"""Web access logs: the common and combined format, W3C columns, nginx's JSON."""

import json

import pytest

from muster.detect import events, matching
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.web_access import of_columns, read
from tests.detect.shapes.field import fields
from tests.detect.yard import compiled, on

COMBINED = '192.0.2.1 - ann [24/Nov/2026:02:10:00 +0000] "GET /a.php?x=\\x22 HTTP/1.1" 200 17 "http://e/" "Agent \\"q\\""'


def test_the_combined_format() -> None:
    assert fields(COMBINED, ShapeName.WEB_ACCESS) == {
        "c-ip": "192.0.2.1", "cs-username": "ann", "time": "24/Nov/2026:02:10:00 +0000", "cs-method": "GET",
        "c-uri": '/a.php?x="', "cs-uri": '/a.php?x="', "cs-uri-stem": "/a.php", "cs-uri-query": '/a.php?x="',
        "cs-version": "HTTP/1.1", "sc-status": "200", "sc-bytes": "17", "cs-referer": "http://e/",
        "cs-user-agent": 'Agent "q"', "c-useragent": 'Agent "q"',
    }  # fmt: skip


def test_the_common_format_with_and_without_a_host() -> None:
    found = fields(
        'example.org 192.0.2.1 - - [24/Nov/2026:02:10:00 +0000] "\\x16\\x03" 400 -', ShapeName.WEB_ACCESS
    )
    assert (found["cs-host"], found["c-ip"], found["sc-status"], found["c-uri"]) == (
        "example.org",
        "192.0.2.1",
        "400",
        "\x16\x03",
    )
    assert not {"cs-method", "sc-bytes", "cs-username"} & set(found)


def test_columns_of_iis() -> None:
    names = ["date", "time", "cs-method", "cs-uri-stem", "cs-uri-query", "cs(User-Agent)", "sc-status"]
    found = dict(of_columns(names, ["d", "t", "GET", "/a", "b=c", "Moz+1", "200"]))
    assert found == {
        "date": "d", "time": "t", "cs-method": "GET", "cs-uri-stem": "/a", "cs-uri-query": "b=c", "sc-status": "200",
        "cs-user-agent": "Moz 1", "c-useragent": "Moz 1", "c-uri": "/a?b=c", "cs-uri": "/a?b=c",
    }  # fmt: skip


def test_json_of_both_kinds() -> None:
    nginx = {
        "remote_addr": "192.0.2.1",
        "request": "POST /x?y HTTP/2.0",
        "status": 403,
        "http_user_agent": "u",
    }
    found = fields(json.dumps(nginx), ShapeName.WEB_ACCESS)
    wanted = {
        "c-ip": "192.0.2.1", "cs-method": "POST", "cs-uri-stem": "/x", "sc-status": "403", "cs-user-agent": "u",
    }  # fmt: skip
    assert wanted.items() <= found.items()
    w3c = fields(b'{"cs-method":"GET","cs-uri-stem":"/a","cs-uri-query":"q"}', ShapeName.WEB_ACCESS)
    assert w3c["c-uri"] == "/a?q"


def test_a_path_is_found_where_public_rules_look_for_it() -> None:
    rule = on(
        {"cs-uri-query|endswith": "/mgmt/tm/util/bash", "cs-method": "POST"}, source={"category": "webserver"}
    )
    windows = on({"keywords": ["bash"]}, source={"product": "windows"})
    line = b'192.0.2.1 - - [t] "POST /mgmt/tm/util/bash HTTP/1.1" 200 1'
    assert rows_of(rule, line) == {"r0.yml": [0]}
    assert rows_of(windows, line) == {}


def rows_of(rule: bytes, line: bytes) -> dict[str, list[int]]:

    rules = compiled(rule)
    reading = events.read_lines([line], rules.needs)
    return {hit.rule: list(hit.rows) for hit in matching.match(rules, reading.batch)}


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "line", ["a " * 200_000, 'a a a [t] "' + "\\" * 400_000, 'a a a [t] "' + '\\"' * 200_000, "[" * 400_000]
)
def test_hostile_lines_take_time_in_proportion(line: str) -> None:
    assert read(line) is None
