"""EVTX files made by the tests: real chunks and records, written from the description of the format."""

import struct
import zlib
from collections.abc import Mapping, Sequence

HEAD, CHUNK = 4_096, 65_536


def _name(text: str, at: int) -> bytes:
    """A name inline: its offset in the chunk, then the string itself."""
    hashed = 0
    for character in text:
        hashed = (hashed * 65_599 + ord(character)) & 0xFFFFFFFF
    inline = struct.pack("<IHH", 0, hashed & 0xFFFF, len(text)) + text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<I", at + 4) + inline


def _text(text: str) -> bytes:
    return struct.pack("<BBH", 5, 1, len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def _element(name: str, at: int, attributes: Mapping[str, str], *content: object) -> bytes:
    """An element; content: text, or (name, attributes, *content) of a child."""
    begun = bytes([0x41 if attributes else 0x01]) + struct.pack("<I", 0)
    data = begun + _name(name, at + len(begun))
    if attributes:
        inner = b""
        place = at + len(data) + 4
        for number, (key, value) in enumerate(attributes.items(), 1):
            more = 0x46 if number < len(attributes) else 0x06
            inner += bytes([more]) + _name(key, place + len(inner) + 1) + _text(value)
        data += struct.pack("<I", len(inner)) + inner
    data += b"\x02"
    for part in content:
        data += _text(part) if isinstance(part, str) else _element(part[0], at + len(data), *part[1:])
    return data + b"\x04"


def event(event_id: int, channel: str, **fields: str) -> tuple[object, ...]:
    system = (
        "System", {}, ("Provider", {"Name": "Made"}), ("EventID", {}, str(event_id)), ("Channel", {}, channel),
        ("TimeCreated", {"SystemTime": "2026-11-24T02:10:00Z"}), ("Computer", {}, "PC"),
    )  # fmt: skip
    data = [("Data", {"Name": name}, value) for name, value in fields.items()]
    return ("Event", {}, system, ("EventData", {}, *data))


def chunk(events: Sequence[tuple[object, ...]], first: int = 1) -> bytes:
    records = b""
    last = 512
    for number, one in enumerate(events, first):
        last = 512 + len(records)
        body = b"\x0f\x01\x01\x00" + _element(one[0], last + 24 + 4, *one[1:]) + b"\0"
        size = 24 + len(body) + 4
        records += struct.pack("<IIQQ", 0x2A2A, size, number, 133_000_000_000_000_000) + body
        records += struct.pack("<I", size)
    end = first + len(events) - 1
    head = struct.pack("<8sQQQQIII", b"ElfChnk\0", first, end, first, end, 128, last, 512 + len(records))
    head += struct.pack("<I", zlib.crc32(records)) + bytes(64)
    strings = bytes(384)
    head += struct.pack("<II", 1, zlib.crc32(head + strings))
    return (head + strings + records).ljust(CHUNK, b"\0")


def file(*chunks: bytes) -> bytes:
    begun = struct.pack(
        "<8sQQQIHHHH", b"ElfFile\0", 0, len(chunks) - 1, 1, 128, 1, 3, HEAD, len(chunks)
    ).ljust(120, b"\0")
    return (begun + struct.pack("<II", 0, zlib.crc32(begun))).ljust(HEAD, b"\0") + b"".join(chunks)
