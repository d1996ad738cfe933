"""Every public rule is loaded or listed, and the rows of each Windows rule equal the reference; hostile rules."""

import gzip
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

from muster.detect import events, matching, ruleset
from muster.detect.pipeline_choice import DEFAULT, NONE
from muster.detect.rule import Reason, Rule
from muster.detect.ruleset import Ruleset
from tests.detect.yard import compiled, hits, on, rows, rule

MAIN = ("rules/", "rules-emerging-threats/", "rules-threat-hunting/")


@dataclass(frozen=True)
class Public:
    """The public rules, compiled once for all tests of this module."""

    folder: Path
    files: Mapping[str, bytes]
    rules: Ruleset
    cpu: float

    def windows(self) -> dict[str, Rule]:
        return {
            one.key: one
            for one in self.rules.rules
            if one.source.product == "windows" and one.path.startswith(MAIN)
        }


@pytest.fixture(scope="session")
def public(corpora: Path) -> Public:
    with tarfile.open(corpora / "sigma" / "rules.tar.gz") as packed:
        members = [member for member in packed if member.isfile() and member.name.endswith(".yml")]
        files = {member.name: content.read() for member in members if (content := packed.extractfile(member))}
    started = process_time()
    rules = ruleset.compile(files, DEFAULT)
    return Public(corpora, files, rules, process_time() - started)


@pytest.mark.corpora
def test_every_public_rule_is_loaded_or_listed(public: Public) -> None:
    loaded = {one.path for one in public.rules.rules}
    listed = {one.path for one in public.rules.unloaded}
    assert len(public.files) == 3_780
    assert loaded | listed == set(public.files)
    assert not loaded & listed
    assert public.rules.reasons() == {Reason.PLACEHOLDER: 25}
    assert all(one.detail and one.title and one.rule_id for one in public.rules.unloaded)
    assert len(public.windows()) >= 0.95 * 2_858


@pytest.mark.corpora
def test_the_public_rules_load_in_time(public: Public) -> None:
    assert public.cpu < 45


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("events_file", "hits_file"),
    [
        ("windows-20k.jsonl.gz", "reference-hits-20k.jsonl.gz"),
        ("adversarial-20k.jsonl.gz", "reference-hits-adversarial-20k.jsonl.gz"),
    ],
)
def test_rows_equal_the_reference(public: Public, events_file: str, hits_file: str) -> None:
    with gzip.open(public.folder / "sigma" / hits_file) as stream:
        reference = {entry["rule"]: entry["rows"] for entry in map(json.loads, stream)}
    with gzip.open(public.folder / "events" / events_file) as stream:
        lines = events.split(stream.read())
    assert len(lines) == 20_000
    found: dict[str, list[int]] = {}
    for start in range(0, len(lines), 5_000):
        reading = events.read_lines(lines[start : start + 5_000], public.rules.needs, start)
        assert not reading.unreadable
        for hit in matching.match(public.rules, reading.batch):
            found.setdefault(hit.rule, []).extend(reading.positions[row] for row in hit.rows)
    windows = public.windows()
    differing = {
        one.title: (found.get(key, []), reference.get(one.rule_id, []))
        for key, one in windows.items()
        if found.get(key, []) != reference.get(one.rule_id, [])
    }
    assert differing == {}
    assert set(reference) <= {one.rule_id for one in windows.values()}
    assert {key for key in found if key not in windows} == set()


@pytest.mark.corpora
def test_batches_of_any_size_give_the_same_hits(public: Public) -> None:
    with gzip.open(public.folder / "events" / "adversarial-20k.jsonl.gz") as stream:
        lines = events.split(stream.read())[:1_400]
    answers: list[dict[str, list[int]]] = []
    for size in (1_400, 1_000, 7):
        found: dict[str, list[int]] = {}
        for start in range(0, len(lines), size):
            reading = events.read_lines(lines[start : start + size], public.rules.needs, start)
            for hit in matching.match(public.rules, reading.batch):
                found.setdefault(hit.rule, []).extend(reading.positions[row] for row in hit.rows)
        answers.append(found)
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) > 50


@pytest.mark.corpora
def test_an_access_log_meets_the_rules_for_web_servers_only(public: Public) -> None:
    web = {
        "cs-method": "GET",
        "cs-uri-stem": "/",
        "cs-uri-query": "q=${jndi:ldap://10.0.0.1/a}",
        "sc-status": 200,
    }
    traversal = {**web, "cs-uri-query": "file=../../../../etc/passwd"}
    sources = {one.key: one.source for one in public.rules.rules}
    found = rows(public.rules, [web, traversal, {**web, "cs-uri-query": "q=shoes"}])
    assert {sources[key].category for key in found} <= {"webserver", "proxy"}
    assert {row for matched in found.values() for row in matched} == {0, 1}


def listed(text: bytes) -> tuple[Reason, str]:
    rules = compiled(text)
    assert not rules.loaded
    (one,) = rules.unloaded
    assert "\n" not in one.detail
    return one.reason, one.detail


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ({"F|re": "(?=a)b"}, Reason.REGEX),
        ({"F|re": r"(a)\1"}, Reason.REGEX),
        ({"F|re": "(?>a)b"}, Reason.REGEX),
        ({"F|re": "(.{0,1000}a){50}"}, Reason.REGEX),
        ({"F|re": "[[:alpha:]]"}, Reason.REGEX),
        ({"F|re": "a{99999999999}"}, Reason.INVALID),
        ({"F|re": "a{4000000000}"}, Reason.REGEX),
        ({"F|re": ".{1000}x.{1000}"}, Reason.REGEX),
        ({"F|re": "(("}, Reason.INVALID),
        ({"F|expand": "%users%"}, Reason.PLACEHOLDER),
        ({"F|re|expand": "%users%"}, Reason.PLACEHOLDER),
        ({"F|cased|fieldref": "G"}, Reason.MODIFIER),
        ({"F|nonsense": 3}, Reason.MODIFIER),
        ({"F|cidr": "300.0.0.0/8"}, Reason.INVALID),
        ({"F|contains": "x" * 5_000}, Reason.TOO_LARGE),
        ({"F": "a" + "?" * 5_000 + "b"}, Reason.TOO_LARGE),
        ({"F|contains": [f"value {n}" for n in range(20_001)]}, Reason.TOO_LARGE),
        ({"F|contains|windash": " -a" * 12}, Reason.TOO_LARGE),
        ({"muster.text": "a"}, Reason.INVALID),
    ],
)
def test_what_cannot_be_compiled_is_listed(selection: object, reason: Reason) -> None:
    got, detail = listed(on(selection))
    assert got is reason, detail
    assert detail


def test_one_bad_expression_does_not_take_others_with_it() -> None:
    texts = [on({"F|re": f"good{n}"}) for n in range(9)]
    rules = compiled(*texts[:5], on({"F|re": "(?!x)bad"}), on({"F|re": r"(q)\1"}), *texts[5:])
    assert [one.path for one in rules.unloaded] == ["r5.yml", "r6.yml"]
    assert rows(rules, [{"F": "good8"}, {"F": "bad"}]) == {"r10.yml": [0]}


@pytest.mark.thorough
def test_fifty_thousand_whole_values_are_one_table() -> None:
    text = on({"F": [f"value {n}" for n in range(50_000)]})
    started = process_time()
    assert hits(text, [{"F": "VALUE 49999"}, {"F": "value 50000"}]) == [0]
    assert process_time() - started < 10


def test_rules_may_share_an_id_and_a_file() -> None:
    same = "5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11"
    rules = compiled(on({"F": "a"}, id=same) + b"---\n" + on({"F": "b"}, id=same), on({"F": "a"}, id=same))
    assert [one.key for one in rules.rules] == ["r0.yml", "r0.yml#2", "r1.yml"]
    assert rows(rules, [{"F": "a"}, {"F": "b"}]) == {"r0.yml": [0], "r0.yml#2": [1], "r1.yml": [0]}


def test_a_windows_rule_wants_its_channel_and_event_id() -> None:
    text = on({"Image|endswith": "\\a.exe"}, source={"product": "windows", "category": "process_creation"})
    event = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Image": "C:\\a.exe"}
    assert rows(compiled(text), [event, {**event, "EventID": 3}, {"Image": "C:\\a.exe"}]) == {"r0.yml": [0]}
    assert rows(compiled(text, pipeline=NONE), [{"Image": "C:\\a.exe"}]) == {"r0.yml": [0]}


def test_needs_name_what_the_rules_read() -> None:
    rules = compiled(on({"F|fieldref": "G"}))
    assert {"F", "G"} <= rules.needs.fields
    assert not rules.needs.text
    assert compiled(on(["word"])).needs.text


def test_remarks_do_not_keep_a_rule_from_loading() -> None:
    rules = compiled(on({"F|re": r"\bword\b"}, date="soon", level="dreadful"))
    (one,) = rules.rules
    assert one.level is None
    assert len(one.remarks) == 3


def test_reasons_are_counted() -> None:
    rules = compiled(on({"F|hours": 1}), rule({"condition": "x"}), b"", on({"F|hours": 2}))
    assert rules.reasons() == {Reason.MODIFIER: 2, Reason.INVALID: 1, Reason.NOT_A_RULE: 1}
