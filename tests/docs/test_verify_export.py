"""The script in docs that checks an export without Muster says what Muster says."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import note
from muster.record.canonical import canonical, parse_canonical
from muster.record.export import BodyState, build, check, pack, unpack
from muster.record.hashing import blob_hash
from muster.record.note import SigningKey
from tests.record.sample import KEY, NEW_KEY, STRANGE_KEY, small_log
from tests.record.test_canonical import VALUES

SCRIPT = Path(__file__).resolve().parent.parent.parent / "docs" / "verify_export.py"
PAGE = SCRIPT.with_name("export-format.md")


def loaded() -> Any:
    spec = importlib.util.spec_from_file_location("verify_export", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = loaded()
LOG = small_log()
BLOBS = {blob_hash(b"one"): b"one"}
TREE = build(
    [LOG.export("INC-A", s1=BodyState.WITHHELD, s3=BodyState.ERASED), LOG.export("INC-B")],
    LOG.seal(KEY, NEW_KEY),
    KEY,
    BLOBS,
)
ZIP = pack(TREE)
PRINT = note.fingerprint(KEY.verifier())


def run(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(ZIP)
    return path


def test_it_uses_nothing_of_muster_and_only_the_standard_library():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_without_a_key_the_verdict_says_not_pinned(export: Path):
    code, out, err = run(str(export))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "stream INC-A: 6 entries, its last one is number 8 of the log; body withheld: 1; body erased: 3",
        "stream INC-B: 2 entries, its last one is number 6 of the log",
        f"1 blobs; log {KEY.name} with 9 entries",
        f"CONSISTENT WITH ITSELF, NOT PINNED: signed by {PRINT}",
        "Compare this fingerprint with one that came to you another way.",
    ]


@pytest.mark.parametrize("key", [PRINT, PRINT.replace(" ", "").upper(), KEY.verifier().text() + "\n"])
def test_with_the_key_it_is_verified(export: Path, key: str):
    code, out, _ = run(str(export), key)
    assert code == 0
    assert out.splitlines()[-1] == f"VERIFIED: signed by the expected key {PRINT}"


def test_with_another_key_it_is_not(export: Path):
    code, out, _ = run(str(export), STRANGE_KEY.verifier().text())
    assert code == 1
    assert out == f"DOES NOT VERIFY: key: it is signed by another key: {PRINT}\n"


def test_a_changed_entry_is_named(export: Path):
    tree = TREE | {"streams/INC-A.jsonl": TREE["streams/INC-A.jsonl"].replace(b"entry 3", b"entry 4")}
    export.write_bytes(pack(tree))
    assert run(str(export)) == (1, "DOES NOT VERIFY: INC-A seq 2: the body was changed\n", "")


def test_wrong_use_says_how(tmp_path: Path):
    assert run()[0] == 2
    assert run("a", "b", "c") == (2, "", "use: python3 verify_export.py EXPORT.zip [KEY-OR-FINGERPRINT]\n")
    code, out, err = run(str(tmp_path / "none.zip"))
    assert (code, out) == (2, "")
    assert err.startswith("cannot read ")
    assert err.count("\n") == 1


def test_every_changed_lost_or_added_byte_of_the_file_is_found():
    for place in range(len(ZIP)):
        changed = bytearray(ZIP)
        changed[place] ^= (1, 0x20, 0xFF)[place % 3]
        shorter = ZIP[:place] if place % 2 else ZIP[:place] + ZIP[place + 1 :]
        for data in (bytes(changed), shorter):
            with pytest.raises(script.BadExport):
                script.check(data)
    for data in (ZIP + b"\0", b"\0" + ZIP, b"", ZIP * 2):
        with pytest.raises(script.BadExport):
            script.check(data)


def agrees(tree: dict[str, bytes]) -> bool:
    """Whether script and Muster say the same of this tree; the verdict is given back."""
    ours = check(tree).ok
    try:
        script.check(pack(tree))
        theirs = True
    except (script.BadExport, AttributeError, LookupError, TypeError, ValueError):
        theirs = False
    assert ours is theirs
    return ours


@given(st.data())
def test_script_and_muster_agree_on_changed_files(data: st.DataObject):
    path = data.draw(st.sampled_from(sorted(TREE)))
    content = TREE[path]
    place = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 3))
    changed = content[:place] + data.draw(st.binary(max_size=3)) + content[place + length :]
    assert agrees(TREE | {path: changed}) is (changed == content)


def test_script_and_muster_agree_on_what_somebody_signed_anew():
    manifest = parse_canonical(note.parse(TREE["manifest"]).text[:-1].encode())
    stream = manifest["streams"][0]
    others = [
        manifest | {"size": 8},
        manifest | {"blobs": []},
        manifest | {"streams": None},
        manifest | {"streams": [stream | {"withheld": [1, 3], "erased": []}, manifest["streams"][1]]},
        manifest | {"streams": [stream | {"count": 5}, manifest["streams"][1]]},
        manifest | {"streams": [stream | {"count": 7}, manifest["streams"][1]]},
        manifest | {"streams": [stream | {"head": "0" * 64}, manifest["streams"][1]]},
        manifest | {"streams": [1]},
        manifest | {"more": 1},
        [],
    ]
    verdicts = [
        agrees(TREE | {"manifest": note.sign(canonical(other).decode() + "\n", KEY)}) for other in others
    ]
    assert verdicts == [other is others[3] for other in others]
    assert not agrees(TREE | {"manifest": note.sign(note.parse(TREE["manifest"]).text, KEY, NEW_KEY)})
    assert not agrees(TREE | {"more": b""})
    for path in TREE:
        assert not agrees({other: data for other, data in TREE.items() if other != path})


def test_a_manifest_of_another_shape_is_no_crash(export: Path):
    text = note.parse(TREE["manifest"]).text
    broken = canonical(parse_canonical(text[:-1].encode()) | {"streams": [1]}).decode() + "\n"
    export.write_bytes(pack(TREE | {"manifest": note.sign(broken, KEY)}))
    assert run(str(export)) == (1, "DOES NOT VERIFY: manifest: it does not describe its streams\n", "")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 63), st.integers(1, 255))
def test_its_signatures_are_those_of_the_library(seed: bytes, text: bytes, place: int, change: int):
    key = SigningKey("a", seed)
    signature = bytearray(key.sign(text))
    assert script.signature_fits(key.verifier().public, bytes(signature), text)
    assert not script.signature_fits(key.verifier().public, bytes(signature), text + b"\0")
    signature[place] ^= change
    assert not script.signature_fits(key.verifier().public, bytes(signature), text)
    assert not script.signature_fits(key.verifier().public, bytes(signature[:63]), text)


def test_the_same_signature_in_other_bytes_is_refused():
    key = SigningKey("a", bytes(32))
    signature = key.sign(b"text")
    raised = int.from_bytes(signature[32:], "little") + script.ORDER
    other = signature[:32] + raised.to_bytes(32, "little")
    assert not script.signature_fits(key.verifier().public, other, b"text")
    assert not key.verifier().verifies(other, b"text")
    assert not script.signature_fits(b"\xff" * 32, signature, b"text")


@given(VALUES)
def test_its_canonical_json_is_that_of_muster(value: Any):
    assert script.canonical_json(canonical(value), "here") == value


def refusal(read: Callable[[bytes], Any], data: bytes) -> str:
    """Why these bytes are refused; empty when they are read."""
    try:
        read(data)
    except (BadInput, script.BadExport) as refused:
        return str(refused)
    return ""


@given(st.text('[]{}",:\\u0 1.-e', max_size=12).map(str.encode))
def test_it_takes_no_json_that_muster_refuses(data: bytes):
    if not refusal(lambda given: script.canonical_json(given, "here"), data):
        why = refusal(parse_canonical, data)
        assert not why or "NUL" in why or "2^53-1" in why


def test_the_page_names_every_file_and_field():
    page = PAGE.read_text(encoding="utf-8")
    fields = ["origin", "size", "root", "streams", "blobs", "id", "count", "head", "withheld", "erased"]
    for word in ["key", "checkpoint", "manifest", "header", "body", "salt", *fields]:
        assert f"`{word}`" in page
    for path in ("proofs/STREAM.tlog-proof", "streams/STREAM.jsonl", "blobs/SHA256", "verify_export.py"):
        assert path in page
    assert unpack(ZIP) == TREE
