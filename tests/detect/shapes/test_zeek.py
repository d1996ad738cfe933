"""Zeek: JSON of Zeek and of collectors, columns, the log as service, and the categories it serves."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from muster.detect.normalising import normalised
from muster.detect.shapes.shape import ShapeName
from muster.detect.shapes.zeek import of_columns
from tests.detect.shapes.field import fields


def test_a_collector_says_the_log() -> None:
    line = b'{"@stream":"conn","ts":1588205199.5,"uid":"C","id_orig_h":"10.0.1.6","id_resp_p":53,"tunnel_parents":["x"]}'
    assert fields(line, ShapeName.ZEEK) == {
        "@stream": "conn", "ts": "1588205199.5", "uid": "C", "id.orig_h": "10.0.1.6", "id.resp_p": "53",
        "tunnel_parents": "x", "src_ip": "10.0.1.6", "dst_port": "53", "logsource.product": "zeek",
        "logsource.service": "conn", "logsource.category": "firewall",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event", "service", "category"),
    [
        ({"ts": 1, "uid": "C", "id": {"orig_h": "10.0.0.1"}, "qtype_name": "A", "query": "x"}, "dns", "dns"),
        ({"_path": "http", "ts": 1, "uri": "/a", "host": "h", "user_agent": "u"}, "http", "proxy"),
        ({"ts": 1, "uid": "C", "id.orig_h": "10.0.0.1", "endpoint": "svcctl"}, "dce_rpc", "none"),
        ({"ts": 1, "uid": "C", "id.orig_h": "10.0.0.1"}, None, "none"),
    ],
)
def test_the_log_is_told_by_name_or_by_a_field(event: object, service: str | None, category: str) -> None:
    found = fields(json.dumps(event), ShapeName.ZEEK)
    assert (found.get("logsource.service"), found["logsource.category"]) == (service, category)
    if service == "http":
        assert (found["c-uri"], found["c-useragent"], found["cs-host"]) == ("http://h/a", "u", "h")
    if service == "dns":
        assert (found["record_type"], found["id.orig_h"]) == ("A", "10.0.0.1")


def test_columns() -> None:
    found = dict(of_columns(["ts", "uid", "service", "x"], ["1.5", "C", "-", "(empty)"], "weird"))
    assert found == {
        "ts": "1.5", "uid": "C", "logsource.product": "zeek", "logsource.service": "weird", "logsource.category": "none",
    }  # fmt: skip


def test_the_published_ones(corpora: Path) -> None:
    told: Counter[str] = Counter()
    with gzip.open(corpora / "events" / "zeek-apt29.jsonl.gz") as lines:
        for line in lines:
            found = normalised(line.strip())
            assert found is not None
            assert found[0] is ShapeName.ZEEK
            told[dict(found[1])["logsource.service"]] += 1
    assert (told.total(), told["conn"], told["dns"], told["loaded_scripts"]) == (7_804, 1_785, 303, 2_880)
