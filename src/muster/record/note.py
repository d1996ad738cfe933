"""Signed notes: text with Ed25519 signatures below it, as transparency logs and their witnesses write them.

Written from C2SP signed-note (c2sp.org/signed-note, v1.0.0): the text ends in a newline; an empty line; signature
lines of em dash, space, key name, space, base64 of a 4-byte key id and the signature. Signatures of unknown keys are
ignored; one of a known key that does not verify spoils the note. Stricter than the specification in one thing: a
known key signs once. Verifier keys are written `name+id+key` as golang.org/x/mod/sumdb/note writes them.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from muster.core.errors import BadInput

MAX_BYTES = 1 << 20
MAX_SIGNATURES = 100
KEY_BYTES = 32
SIGNATURE_BYTES = 64

_ED25519 = b"\x01"
_ID_BYTES = 4
_DASH = "\u2014 "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_KEY_TEXT = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: what others need to check a note. public: 32 bytes (RFC 8032)."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise BadInput("A public key has 32 bytes.", "key", "Use the verifier key as the log prints it.")

    @property
    def id(self) -> bytes:
        """The 4-byte key id: SHA-256(name, newline, 0x01, public key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def text(self) -> str:
        """The key as one line, without a newline: name, id in hex, base64 of 0x01 and the public key."""
        return f"{self.name}+{self.id.hex()}+{encode(_ED25519 + self.public)}"

    @staticmethod
    def parse(text: str) -> "VerifierKey":
        """The key of its line (white space around it is no part of it). Raises BadInput when it is none."""
        problem = BadInput("This is no verifier key.", "key", "It looks like name+0123abcd+base64.")
        found = _KEY_TEXT.fullmatch(text.strip())
        if found is None:
            raise problem
        name, key_id, key = found[1], found[2], decode(found[3], "key")
        if key[:1] != _ED25519:
            raise BadInput("The verifier key is not of Ed25519.", "key", "Muster's logs sign with Ed25519.")
        parsed = VerifierKey(name, key[1:])
        if parsed.id.hex() != key_id:
            raise BadInput("The id in the verifier key does not fit it.", "key", "Copy the whole line again.")
        return parsed

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether this is the key's signature (64 bytes) over these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret key with its name. seed: 32 random bytes, drawn by whoever keeps the key; never shown."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != KEY_BYTES:
            raise BadInput("The seed of a signing key has 32 bytes.", "seed", "Draw 32 random bytes.")

    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The signature over these bytes, 64 bytes."""
        return self._private().sign(text)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. key_id: 4 bytes; value: the rest, 64 bytes when of Ed25519."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{_DASH}{self.name} {encode(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read; nothing in it is trusted before `verify`."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is stored and sent."""
        return (self.text + "\n" + "".join(signature.line() for signature in self.signatures)).encode()


def sign(text: str, *keys: SigningKey) -> bytes:
    """The note of this text, signed by each key in order (two of them while a key is rotated).

    Raises BadInput when the text does not end in a newline or holds control characters, or without keys.
    """
    if not keys:
        raise BadInput("A note needs a signature.", "note", "Give a signing key.")
    _check_text(text)
    signed = text.encode()
    lines = (Signature(key.name, key.verifier().id, key.sign(signed)) for key in keys)
    return Note(text, tuple(lines)).to_bytes()


def parse(data: bytes, *, most: int = MAX_BYTES) -> Note:
    """The parts of a note. most: bytes allowed. Raises BadInput when it has not exactly the form of one."""
    if len(data) > most:
        raise BadInput(f"The note is larger than {most} bytes.", "note", "This is no note of a log.")
    problem = BadInput(
        "This is no signed note.", "note", "A text, an empty line, then lines with signatures."
    )
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise problem from None
    text, gap, below = whole.rpartition("\n\n")
    text += "\n"
    if not gap or not below.endswith("\n"):
        raise problem
    _check_text(text)
    lines = below.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadInput(f"The note has more than {MAX_SIGNATURES} signatures.", "note", "Take some away.")
    return Note(text, tuple(_signature(line) for line in lines))


def verify(data: bytes, keys: Sequence[VerifierKey], *, most: int = MAX_BYTES) -> tuple[VerifierKey, ...]:
    """Those of the given keys that signed the note, in the order of its lines; at least one.

    Raises BadInput when the form is wrong, when no given key signed, when a signature of a given key does not
    verify, or when a given key signed twice. Signatures of other keys are ignored.
    """
    note = parse(data, most=most)
    known = {(key.name, key.id): key for key in keys}
    signed = note.text.encode()
    found: list[VerifierKey] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if key in found:
            raise BadInput(
                "One key signed the note twice.", "note", "Muster signs once: the note was changed."
            )
        if not key.verifies(signature.value, signed):
            raise BadInput(
                "A signature does not fit the text.", "note", "The text or the signature was changed."
            )
        found.append(key)
    if not found:
        raise BadInput("None of the known keys signed this.", "note", "Check it with the key of this log.")
    return tuple(found)


def fingerprint(key: VerifierKey) -> str:
    """What people compare: SHA-256 of the key's line, 64 hex digits in 16 groups.

    It covers the name as well, so it stands for one log. `sha256sum key` of an export prints the same digits.
    """
    return grouped(hashlib.sha256(key.text().encode()).hexdigest())


def grouped(digits: str) -> str:
    """Digits in groups of four, as people read them aloud."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def encode(data: bytes) -> str:
    """Base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def decode(text: str, where: str) -> bytes:
    """The bytes of base64 in its only form. Raises BadInput for any other text, also for stray last bits."""
    problem = BadInput("This is no base64.", where, "Only RFC 4648, section 4, with its padding, is read.")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise problem from None
    if encode(data) != text:
        raise problem
    return data


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() for character in name) or _CONTROL.search(name):
        raise BadInput("This is no name of a key.", "key", "It has no spaces and no plus sign.")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadInput(
            "This text cannot be signed.", "note", "It ends in a newline, without control characters."
        )


def _signature(line: str) -> Signature:
    name, space, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadInput("This is no line of a signature.", "note", "It is an em dash, a name and base64.")
    _check_name(name)
    data = decode(value, "note")
    if len(data) <= _ID_BYTES:
        raise BadInput("A signature is too short.", "note", "It is a key id of 4 bytes and the signature.")
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:])
