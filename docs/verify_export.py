"""Check an export of Muster without Muster: `python3 verify_export.py EXPORT.zip [KEY-OR-FINGERPRINT]`.

This script shares no line with Muster and needs only Python 3.9 or newer, so it can be read, kept beside the export,
and run where Muster never was. docs/export-format.md describes what it reads. Exit: 0 verified, 1 not, 2 wrong use.
"""  # noqa: INP001 - a script that stands alone, no part of a package

import base64
import hashlib
import json
import re
import struct
import sys
import zlib
from pathlib import Path

# --- Ed25519 (RFC 8032, section 5.1): only verification, which handles nothing secret, so it need not be quick ---

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def point_of(data):
    """The point of its 32 bytes, as extended coordinates; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def add(left, right):
    """The sum of two points."""
    a = (left[1] - left[0]) * (right[1] - right[0]) % PRIME
    b = (left[1] + left[0]) * (right[1] + right[0]) % PRIME
    c = 2 * left[3] * right[3] * CURVE % PRIME
    d = 2 * left[2] * right[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, point):
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


BASE = point_of((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))


def signature_fits(public, signature, text):
    """Whether this is the signature of this key (32 bytes) over these bytes."""
    if len(signature) != 64:
        return False
    key, first, second = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or first is None or second >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = times(second, BASE), add(first, times(challenge, key))
    return all((left[axis] * right[2] - right[axis] * left[2]) % PRIME == 0 for axis in (0, 1))


# --- the parts of the format ---


class BadExport(Exception):
    """Something is wrong with the export; the words say what and where."""


def need(fits, where, what):
    """Go on only if this is so."""
    if not fits:
        raise BadExport(where + ": " + what)


def sha256(data):
    return hashlib.sha256(data).digest()


def unbase64(text, where):
    """The bytes of base64 in its one form (RFC 4648, section 4)."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = None
    need(data is not None and base64.b64encode(data).decode() == text, where, "this is no base64")
    return data


def canonical_json(data, where):
    """The value of canonical JSON (RFC 8785) without fractions."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = json.dumps(by_utf16(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        value = again = None
    need(again == data, where, "this is no canonical JSON")
    return value


def by_utf16(value):
    """The value with the keys of its objects in the order of RFC 8785, section 3.2.3."""
    if isinstance(value, dict):
        return {key: by_utf16(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(value, list):
        return [by_utf16(item) for item in value]
    if isinstance(value, float):
        raise TypeError("a fraction")
    return value


def files_of(data):
    """The files of the archive, which must be packed exactly as the format says: nothing between, before or behind."""
    tree, places, offset = {}, [], 0
    while data[offset : offset + 4] == b"PK\x03\x04":
        need(offset + 30 <= len(data), "archive", "it ends too early")
        crc, size, _, length = struct.unpack_from("<3IH", data, offset + 14)
        name = data[offset + 30 : offset + 30 + length]
        content = data[offset + 30 + length : offset + 30 + length + size]
        path = name.decode("ascii", "replace")
        need(
            re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", path, re.ASCII) is not None,
            "archive",
            "a path leads elsewhere",
        )
        need(
            path not in tree and len(content) == size and zlib.crc32(content) == crc,
            path,
            "damaged in the archive",
        )
        tree[path] = content
        places.append((name, crc, size, offset))
        offset += 30 + length + size
    need(tree, "archive", "this is no export")
    need(list(tree) == sorted(tree), "archive", "the files are not in order")
    plain = b"\x00\x00\x00\x00\x00\x00\x21\x00"  # no flags, stored, midnight, 1 January 1980
    directory = b""
    for name, crc, size, start in places:
        facts = plain + struct.pack("<3I2H", crc, size, size, len(name), 0)
        need(data[start : start + 30] == b"PK\x03\x04\x14\x00" + facts, "archive", "a header was changed")
        directory += (
            b"PK\x01\x02\x14\x03\x14\x00"
            + facts
            + struct.pack("<3H2I", 0, 0, 0, 0o100644 << 16, start)
            + name
        )
    end = struct.pack("<4H2IH", 0, 0, len(tree), len(tree), len(directory), offset, 0)
    need(data[offset:] == directory + b"PK\x05\x06" + end, "archive", "something was added or changed in it")
    return tree


def key_of(line, where):
    """Name, id and public key of a verifier key."""
    found = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", line)
    need(found is not None, where, "this is no verifier key")
    typed = unbase64(found[3], where)
    key_id = sha256(found[1].encode() + b"\n" + typed)[:4]
    need(typed[:1] == b"\x01" and key_id.hex() == found[2], where, "the key does not fit its id")
    return found[1], key_id, typed[1:]


def text_of(note, key, where):
    """The text of a signed note, once this key's signature on it is checked; and how many signatures it has."""
    name, key_id, public = key
    try:
        whole = note.decode("utf-8")
    except ValueError:
        whole = ""
    text, gap, below = whole.rpartition("\n\n")
    text += "\n"
    need(gap and below.endswith("\n"), where, "this is no signed note")
    need(re.search(r"[\x00-\x09\x0b-\x1f]", text) is None, where, "control characters")
    lines, ours = below[:-1].split("\n"), 0
    for line in lines:
        parts = re.fullmatch("\u2014 ([^ +]+) ([^ ]+)", line)
        need(parts is not None, where, "a line is no signature")
        value = unbase64(parts[2], where)
        if (parts[1], value[:4]) == (name, key_id):
            ours += 1
            need(
                signature_fits(public, value[4:], text.encode()), where, "the signature does not fit the text"
            )
    need(ours == 1, where, "the key has not signed it, or not once")
    return text, len(lines)


def root_from(leaf, index, size, hashes, where):
    """The root to which an inclusion proof leads (RFC 9162, section 2.1.3.2)."""
    need(0 <= index < size, where, "the index lies outside of the log")
    place, last, found = index, size - 1, leaf
    for sibling in hashes:
        need(len(sibling) == 32 and last > 0, where, "the proof is too long, or no hash")
        if place % 2 or place == last:
            found = sha256(b"\x01" + sibling + found)
            while place and place % 2 == 0:
                place, last = place // 2, last // 2
        else:
            found = sha256(b"\x01" + found + sibling)
        place, last = place // 2, last // 2
    need(last == 0, where, "the proof is too short")
    return found


# --- the check ---


def check(data):
    """Check an export; returns lines for people. Raises BadExport at the first thing that is wrong."""
    tree = files_of(data)
    for path in ("key", "checkpoint", "manifest"):
        need(path in tree, path, "the file is missing")
    key = key_of(tree["key"].decode("utf-8", "replace"), "key")
    lines = text_of(tree["checkpoint"], key, "checkpoint")[0].split("\n")
    need(len(lines) == 4 and lines[0] == key[0], "checkpoint", "it is not of this log")
    need(re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) is not None, "checkpoint", "the size is no number")
    origin, size, root = lines[0], int(lines[1]), unbase64(lines[2], "checkpoint")
    manifest, signatures = text_of(tree["manifest"], key, "manifest")
    need(signatures == 1 and manifest.count("\n") == 1, "manifest", "it is not one line with one signature")
    manifest = canonical_json(manifest[:-1].encode(), "manifest")
    need(isinstance(manifest, dict), "manifest", "it is no object")
    need(set(manifest) == {"blobs", "origin", "root", "size", "streams"}, "manifest", "it has other fields")
    state = (manifest["origin"], manifest["size"], manifest["root"])
    need(
        state == (origin, size, root.hex()),
        "manifest",
        "it is of another state of the log than the checkpoint",
    )
    expected, said = {"key", "checkpoint", "manifest"}, []
    for stream in manifest["streams"]:
        name = stream["id"]
        for path in ("streams/" + name + ".jsonl", "proofs/" + name + ".tlog-proof"):
            need(path in tree, name, "the file " + path + " is missing")
            expected.add(path)
        head = check_stream(stream, tree["streams/" + name + ".jsonl"])
        index = check_proof(
            name, head, size, root, tree["proofs/" + name + ".tlog-proof"], tree["checkpoint"]
        )
        left_out = ((stream["withheld"], "withheld"), (stream["erased"], "erased"))
        said.append(
            "stream {}: {} entries, its last one is number {} of the log{}".format(
                name,
                stream["count"],
                index,
                "".join(
                    "; body {}: {}".format(why, ", ".join(map(str, seqs))) for seqs, why in left_out if seqs
                ),
            )
        )
    for name in manifest["blobs"]:
        path = "blobs/" + name
        need(path in tree, path, "the file is missing")
        need(sha256(tree[path]).hex() == name, path, "the blob is not what its name says")
        expected.add(path)
    more = sorted(set(tree) - expected)
    need(not more, more[0] if more else "", "the file is not named in the manifest")
    said.append("{} blobs; log {} with {} entries".format(len(manifest["blobs"]), origin, size))
    return sha256(tree["key"]).hex(), said


def check_stream(stream, data):
    """The hash of a stream's last entry, once every entry of it is checked."""
    name, count = stream["id"], stream["count"]
    *lines, rest = data.split(b"\n")
    left_out = set(stream["withheld"]) | set(stream["erased"])
    named, hashes = [], []
    for seq, line in enumerate(lines[:count]):
        where = name + " seq " + str(seq)
        entry = canonical_json(line, where)
        need(isinstance(entry, dict) and set(entry) == {"body", "header", "salt"}, where, "this is no entry")
        need(isinstance(entry["header"], str), where, "this is no entry")
        header = canonical_json(entry["header"].encode(), where)
        need(isinstance(header, dict), where, "the header is no object")
        need(
            (header.get("stream"), header.get("seq")) == (name, seq),
            where,
            "the header belongs to another place",
        )
        body, salt = entry["body"], entry["salt"]
        if seq in left_out:
            need(body is None and salt is None, where, "the manifest says that this body is left out")
        else:
            need(isinstance(body, str) and isinstance(salt, str), where, "the body is missing")
            salt = unbase64(salt, where)
            digest = sha256(b"muster/body/1\x00" + salt + body.encode()).hex()
            need(len(salt) == 32 and digest == header.get("body_hash"), where, "the body was changed")
        named.append(header.get("prev"))
        hashes.append(sha256(b"\x00" + entry["header"].encode()).hex())
    vouched = named[1:] + ([stream["head"]] if len(lines) >= count else [])
    changed = [seq for seq, expected in enumerate(vouched) if hashes[seq] != expected]
    if (
        changed
    ):  # an entry that was changed may name a wrong one before it: accuse the last of several in a row
        seq = changed[0]
        while seq + 1 in changed:
            seq += 1
        raise BadExport(f"{name} seq {seq}: the entry was changed: what comes after it names another hash")
    need(len(lines) >= count, name + " seq " + str(len(lines)), "the stream ends too early")
    need(len(lines) == count and not rest, name + " seq " + str(count), "the stream goes on too long")
    need(named[0] is None, name + " seq 0", "the first entry names one before it")
    return hashes[-1]


def check_proof(name, head, size, root, data, checkpoint):
    """The place of a stream's head in the log, once the proof of it is checked."""
    above, _, below = data.partition(b"\n\n")
    need(below == checkpoint, name, "the proof is of another checkpoint")
    lines = above.decode("ascii", "replace").split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 1, name, "this is no proof")
    index = re.fullmatch("index (0|[1-9][0-9]{0,15})", lines[1])
    need(index is not None, name, "the proof has no index")
    hashes = [unbase64(line, name) for line in lines[2:]]
    found = root_from(bytes.fromhex(head), int(index[1]), size, hashes, name)
    need(found == root, name, "the proof does not lead to the checkpoint")
    return int(index[1])


def main(arguments):
    """Print one verdict; returns the exit code."""
    if len(arguments) not in (1, 2):
        say("use: python3 verify_export.py EXPORT.zip [KEY-OR-FINGERPRINT]", sys.stderr)
        return 2
    try:
        data = Path(arguments[0]).read_bytes()
    except OSError as error:
        say(f"cannot read {arguments[0]}: {error.strerror}", sys.stderr)
        return 2
    pinned = None
    if len(arguments) == 2:
        pinned = "".join(arguments[1].split()).lower()
        if re.fullmatch("[0-9a-f]{64}", pinned) is None:
            pinned = sha256(arguments[1].strip().encode()).hex()
    try:
        fingerprint, said = check(data)
        need(pinned in (None, fingerprint), "key", "it is signed by another key: " + grouped(fingerprint))
    except BadExport as bad:
        say(f"DOES NOT VERIFY: {bad}")
        return 1
    except (AttributeError, LookupError, TypeError, ValueError):  # a manifest of another shape, though signed
        say("DOES NOT VERIFY: manifest: it does not describe its streams")
        return 1
    say("\n".join(said))
    if pinned is None:
        say(f"CONSISTENT WITH ITSELF, NOT PINNED: signed by {grouped(fingerprint)}")
        say("Compare this fingerprint with one that came to you another way.")
    else:
        say(f"VERIFIED: signed by the expected key {grouped(fingerprint)}")
    return 0


def say(line, stream=None):
    """Write a line; nothing in an export can move the cursor or change colours."""
    shown = "".join(character if character.isprintable() or character == "\n" else "?" for character in line)
    (stream or sys.stdout).write(shown + "\n")


def grouped(digits):
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
