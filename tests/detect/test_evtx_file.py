"""EVTX: whole chunks, cut ones, damaged ones, and those of others when they are there."""

import io
import json
import random
import tarfile
from pathlib import Path

import pytest
import yaml

from muster.detect import events, evtx_file, matching, ruleset
from muster.detect.evtx_file import CHUNK_SIZE, HEAD_SIZE
from muster.detect.flaw import Flaw
from muster.detect.normalising import normalised
from muster.detect.pipeline_choice import DEFAULT
from tests.detect import evtx_yard

MADE = evtx_yard.chunk(
    [evtx_yard.event(number, "Security", Image="C:\\a.exe", **{"New Value": "ü"}) for number in range(1, 9)]
)


def test_a_chunk_gives_its_events_as_json() -> None:
    found = evtx_file.events(MADE)
    assert len(found) == 8
    first = found[0]
    assert isinstance(first, bytes)
    assert json.loads(first)["Event"]["EventData"] == {"Image": "C:\\a.exe", "New Value": "ü"}
    fields = dict((normalised(first) or ("", []))[1])
    assert fields == {
        "Provider_Name": "Made", "EventID": "1", "Channel": "Security", "Computer": "PC", "NewValue": "ü",
        "UtcTimeCreated": "2026-11-24T02:10:00Z", "Image": "C:\\a.exe",
    }  # fmt: skip


@pytest.mark.parametrize("size", [40, 600, 2_000, 4_000])
def test_of_half_a_chunk_what_is_missing_is_counted(size: int) -> None:
    found = evtx_file.events(MADE[:size])
    assert len(found) == 8
    assert found[-1] is Flaw.CHUNK
    whole = [one for one in found if isinstance(one, bytes)]
    assert whole == evtx_file.events(MADE)[: len(whole)]


def test_chunks_without_events() -> None:
    assert evtx_file.events(bytes(CHUNK_SIZE)) == []
    assert evtx_file.events(b"\0" * 10) == []
    assert evtx_file.events(b"x" * CHUNK_SIZE) == [Flaw.CHUNK]
    assert evtx_file.events(b"ElfChnk\0") == [Flaw.CHUNK]


def test_a_damaged_record_is_named_where_it_stood() -> None:
    broken = bytearray(MADE)
    at = broken.index(b"**\0\0", 700)
    broken[at + 24 : at + 60] = b"\xff" * 36
    found = evtx_file.events(bytes(broken))
    assert len(found) == 8
    assert [place for place, one in enumerate(found) if isinstance(one, Flaw)] != []


def test_what_is_told_to_be_evtx() -> None:
    assert evtx_file.is_evtx(evtx_yard.file(MADE)[:8])
    assert not evtx_file.is_evtx(b'{"a":1}')


def _damaged(data: bytes, dice: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(dice.choice((1, 4, 40, 400))):
        broken[dice.randrange(len(broken))] = dice.randrange(256)
    return bytes(broken[: dice.choice((CHUNK_SIZE, CHUNK_SIZE, dice.randrange(CHUNK_SIZE)))])


def test_any_damage_gives_events_or_flaws() -> None:
    dice = random.Random(7)
    for _ in range(60):
        assert len(evtx_file.events(_damaged(MADE, dice))) <= 2 * evtx_file.MAX_RECORDS


def test_the_sample_files_are_read_whole(corpora: Path) -> None:
    count = files = 0
    with tarfile.open(corpora / "events" / "evtx-samples.tar.gz") as packed:
        for entry in packed:
            content = packed.extractfile(entry) if entry.name.endswith(".evtx") else None
            if content is None:
                continue
            data = io.BytesIO(content.read())
            assert evtx_file.is_evtx(data.read(HEAD_SIZE))
            files += 1
            while chunk := data.read(CHUNK_SIZE):
                found = evtx_file.events(chunk)
                assert not [one for one in found if isinstance(one, Flaw)]
                count += len(found)
    assert (files, count) == (60, 1_853)


def _regression_cases(folder: Path) -> dict[str, bytes]:
    """Rule id -> the EVTX file in which it must hit."""
    told: dict[str, str] = {}
    files: dict[str, bytes] = {}
    with tarfile.open(folder / "regression.tar.gz") as packed:
        for entry in packed:
            content = packed.extractfile(entry) if entry.name.endswith((".evtx", "info.yml")) else None
            if content is None:
                continue
            data = content.read()
            if entry.name.endswith(".evtx"):
                files[entry.name] = data
            else:
                info = yaml.safe_load(data)
                told[info["rule_metadata"][0]["id"]] = info["regression_tests_info"][0]["path"]
    return {rule: files[path] for rule, path in told.items()}


def _rules(folder: Path, wanted: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(folder / "rules.tar.gz") as packed:
        for entry in packed:
            content = packed.extractfile(entry) if entry.name.endswith(".yml") else None
            if content is not None:
                data = content.read()
                for line in data.split(b"\n")[:8]:
                    if line.startswith(b"id:") and line[3:].decode().strip() in wanted:
                        found[entry.name] = data
    return found


def test_the_shared_regression_cases_all_hit(corpora: Path) -> None:
    cases = _regression_cases(corpora / "sigma")
    rules = ruleset.compile(_rules(corpora / "sigma", set(cases)), DEFAULT)
    assert (len(cases), len(rules.loaded)) == (96, 96)
    missed: list[str] = []
    for rule, data in cases.items():
        lines = [
            one
            for at in range(HEAD_SIZE, len(data), CHUNK_SIZE)
            for one in evtx_file.events(data[at : at + CHUNK_SIZE])
        ]
        reading = events.read_lines(lines, rules.needs)
        assert not reading.unreadable
        by_key = {one.key: one.rule_id for one in rules.rules}
        hit = {by_key[found.rule] for found in matching.match(rules, reading.batch)}
        if rule not in hit:
            missed.append(rule)
    assert missed == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize("table", [128, 168, 380, 384, 508])
def test_a_ring_in_the_tables_of_a_chunk_is_not_followed(table: int) -> None:
    """The library follows these offsets for ever; damage of one byte is enough."""
    broken = bytearray(MADE)
    broken[table : table + 4] = (40).to_bytes(4, "little")
    assert evtx_file.events(bytes(broken)) == evtx_file.events(MADE)
