"""Hostile and broken input: every reader counts and names what it cannot read, and ends.

Each reader gets a seed of its own kind with random damage, for a moment in the ordinary run and for a minute in
`make soak`.
"""

import gzip
import io
import json
import random
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.cli_detect import detect
from muster.cli_detect_lines import batches
from muster.cli_detect_sources import DAMAGED, event_streams, zstd
from muster.core.errors import BadInput
from muster.detect import document, evtx_file
from muster.detect.events import read_lines
from muster.detect.flaw import MAX_FIELDS, Flaw
from muster.detect.normalising import happened
from muster.detect.ruleset import Needs
from muster.detect.shapes.heading import NONE
from tests.detect import evtx_yard
from tests.detect.yard import on

NEEDS = Needs(
    frozenset({"EventID", "Image", "CommandLine", "a", "eventName", "cs-method", "logsource.product"}),
    text=True,
)
XML = (
    b'<Event xmlns="x"><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID></System><EventData>'
    b'<Data Name="New Value">a &amp; b&#x41;</Data><Data>c</Data><!-- d --><![CDATA[e]]></EventData></Event>'
)
SEEDS = [
    b'{"Provider_Name":"P","EventID":1,"Image":"a\\u0022:","n":[1,{"b":1.5e300}],"m":123456789012345678901234567890}',
    b'{"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":{"#text":1}},"EventData":{"Data":["x",null,{"#text":["y"]}]}}}',
    b'{"winlog":{"event_id":1,"event_data":{"param1":"a"}},"event":{"code":"1"},"@timestamp":"t"}',
    b'{"event_id":1,"log_name":"c","event_data":{"a":"b"},"source_name":"P"}',
    b'{"EventID":1,"EventData":"<EventData><Data Name=\\"a\\">b</Data></EventData>"}',
    b'{"EventID":1,"EventData":"{\\"a\\":{\\"b\\":1}}"}',
    b'{"eventName":"x","eventSource":"y","awsRegion":"z","requestParameters":{"a":[{"b":1},{"b":2}]}}',
    b'{"@stream":"http","ts":1.5,"id_orig_h":"h","uri":"/","answers":["a"]}',
    b'{"class_uid":1007,"category_uid":1,"device":{"os":{"name":"Windows"}},"process":{"cmd_line":"x"}}',
    b'{"ecs":{"version":"8"},"event":{"category":["process"]},"host":{"os":{"type":"linux"}},"process":{"executable":"x"}}',
    b'{"SyslogMessage":"' + XML.replace(b'"', b'\\"') + b'","ProcessName":"sysmon"}',
    b'{"remote_addr":"192.0.2.1","request":"GET /a?b HTTP/1.1","status":200}',
    XML,
    b"<34>1 2026-11-24T02:10:00.003Z host app 7 ID47 [x@1 a=\"b]\\\"\"][y] type=CWD msg=audit(1.2:3): cwd=2F",
    b"Nov 24 02:10:00 host sudo[1]: ann : TTY=pts/0 ; USER=root ; COMMAND=/bin/ls " + XML,
    b'node=h type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=59 exe="/bin/a" msg=\'op=x acct="y" res=ok\' name=2F746D70',
    b'192.0.2.1 - ann [24/Nov/2026:02:10:00 +0000] "GET /a?x=\\x22 HTTP/1.1" 200 17 "-" "Agent \\"q\\""',
    b"#Fields: date cs-method cs(User-Agent)\n2026-11-24 GET Moz+1\n#path\tdns\n#fields\tts\tuid\n1.5\tC",
]  # fmt: skip
CHUNK = evtx_yard.chunk([evtx_yard.event(number, "Security", Image="a", New="ü") for number in range(20)])


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The data with bytes changed, pieces doubled, taken out or put elsewhere."""
    broken = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        at, end = sorted((dice.randrange(len(broken) + 1), dice.randrange(len(broken) + 1)))
        end = min(end, at + 200)
        piece = bytes(broken[at:end])
        act = dice.randrange(6)
        if act == 0:
            broken[at:end] = b""
        elif act == 1:
            broken[at:at] = piece * dice.choice((1, 2, 50))
        elif act == 2:
            broken[at : at + 1] = bytes([dice.randrange(256)])
        elif act == 3:
            broken[at:at] = dice.choice(
                (b"{", b"[", b'"', b"\\", b"<", b"&", b"\0", b"\xff", b"</", b"]]>", b"'", b"=", b"\n")
            )
        elif act == 4:
            broken[at:end] = piece[::-1]
        else:
            broken[at:at] = dice.choice(SEEDS)
        del broken[200_000:]
    return bytes(broken)


def lines(dice: random.Random) -> None:
    data = damaged(dice.choice(SEEDS), dice)
    given = document.split(data)
    reading = read_lines(given, NEEDS, heading=NONE, watch=True)
    assert reading.lines == len(given)
    assert reading.batch.num_rows == len(reading.positions) == sum(reading.shapes.values())
    for line in given:
        happened(line)


def documents(dice: random.Random) -> None:
    whole = dice.choice((b"[%s]", b'{"Records":[%s]}', b"{\n%s\n}", b"<Events>%s</Events>")) % b",".join(
        dice.choices(SEEDS, k=3)
    )
    data = damaged(whole, dice)
    read_lines([line for piece in batches(io.BytesIO(data)) for line in piece], NEEDS)


def chunks(dice: random.Random) -> None:
    data = bytearray(CHUNK[: dice.choice((65_536, 65_536, dice.randrange(65_536)))])
    for _ in range(dice.choice((1, 3, 20, 300))):
        if data:
            data[dice.randrange(min(len(data), dice.choice((600, 8_000, 65_536))))] = dice.randrange(256)
    found = evtx_file.events(bytes(data))
    assert len(found) <= 2 * evtx_file.MAX_RECORDS
    read_lines(found, NEEDS)


def files(dice: random.Random) -> None:
    inner = b"\n".join(SEEDS)
    kind = dice.choice(("gz", "zst", "tar.gz", "tar", "zip", "evtx"))
    packed = damaged(_packed(kind, inner), dice)
    path = FOLDER / f"x.{'jsonl.' if kind in ('gz', 'zst') else ''}{kind}"
    path.write_bytes(packed)
    errors: list[str] = []
    for _, _, stream in event_streams(path, errors):
        try:
            for piece in batches(stream):
                read_lines(piece, NEEDS)
        except (*DAMAGED, BadInput):
            continue


def _packed(kind: str, inner: bytes) -> bytes:
    out = io.BytesIO()
    if kind == "gz":
        return gzip.compress(inner)
    if kind == "zst":
        return bytes(zstd.compress(inner))
    if kind == "evtx":
        return evtx_yard.file(CHUNK)
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("a.jsonl", inner)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w:gz" if kind == "tar.gz" else "w") as tape:
        entry = tarfile.TarInfo("a.jsonl")
        entry.size = len(inner)
        tape.addfile(entry, io.BytesIO(inner))
    return out.getvalue()


FOLDER = Path()
READERS = (lines, documents, chunks, files)


def run(reader: Callable[[random.Random], None], seconds: float, folder: Path, seed: int) -> int:
    globals()["FOLDER"] = folder
    dice = random.Random(seed)
    count = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        reader(dice)
        count += 1
        assert time.monotonic() - started < 20, f"{reader.__name__}, seed {seed}, try {count} was slow"
    return count


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_damage_of_every_kind_is_survived(reader: Callable[[random.Random], None], tmp_path: Path) -> None:
    assert run(reader, 0.3, tmp_path, 7) > 3


@pytest.mark.soak
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_a_minute_of_damage_is_survived(reader: Callable[[random.Random], None], tmp_path: Path) -> None:
    assert run(reader, 60, tmp_path, time.time_ns()) > 100


def test_every_kind_of_bad_input_at_once(tmp_path: Path) -> None:
    """One run over all of it: every event is counted as one or named as none."""
    folder = tmp_path / "events"
    folder.mkdir()
    good = b'{"a":"x"}\n'
    broken = [
        b"{broken", b'{"a":1,"a":2}', b'{"a":"\0"}', b'{"a":"\xff"}', b'{"a":' * 2_000, b'{"a":' * 50 + b"1" + b"}" * 50,
        json.dumps({f"f{n}": n for n in range(10_000)}).encode(), b"[1", b"words",
    ]  # fmt: skip
    (folder / "a.jsonl").write_bytes(good + b"\n".join(broken) + b"\n" + good)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(good * 20_000, mtime=0)[:-30])
    (folder / "c.evtx").write_bytes(evtx_yard.file(CHUNK)[:-60_000])
    (folder / "d.jsonl").write_bytes(b"x" * (9 * 2**20) + b"\n" + good)
    with zipfile.ZipFile(folder / "e.zip", "w") as packed:
        packed.writestr("../../../etc/evil.json", good)
        packed.writestr("/abs.json", good)
        packed.writestr("inner.zip", b"not opened")
    with tarfile.open(folder / "f.tar", "w") as tape:
        for name, kind in (
            ("hard.json", tarfile.LNKTYPE),
            ("soft.json", tarfile.SYMTYPE),
            ("pipe.json", tarfile.FIFOTYPE),
        ):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, "/etc/passwd"
            tape.addfile(link)
    rule = tmp_path / "r.yml"
    rule.write_bytes(on({"a": "x"}))
    result = CliRunner().invoke(
        detect, ["--rules", str(rule), "--events", str(folder), "--stats", "--strict"]
    )
    assert result.exit_code == 3, result.exception
    stats = json.loads(result.stderr.splitlines()[-1])
    reasons = stats["unreadable_reasons"]
    assert (
        reasons[Flaw.DUPLICATE] == reasons[Flaw.NOT_UTF8] == reasons[Flaw.LONG] == reasons[Flaw.FIELDS] == 1
    )
    assert reasons[Flaw.DEEP] == 2
    assert reasons[Flaw.NOT_JSON] == 4
    assert (
        reasons.get(Flaw.CHUNK, 0) + reasons.get(Flaw.RECORD, 0) + stats["shapes"].get("evtx-json", 0) == 20
    )
    assert stats["unreadable_first"][Flaw.DUPLICATE] == {
        "source": str(folder / "a.jsonl"),
        "member": None,
        "event": 2,
    }
    assert [name for name in ("b.jsonl.gz",) if not any(name in error for error in stats["errors"])] == []
    assert stats["files_passed_over"] == {".zip": 1}
    found = [json.loads(line) for line in result.stdout.splitlines()]
    members = {place["member"] for place in found[0]["events"]}
    assert members == {None, "../../../etc/evil.json", "/abs.json"}
    assert MAX_FIELDS < 10_000
    assert not list(tmp_path.rglob("evil.json"))
