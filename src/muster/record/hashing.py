"""The hashes of the record: of a body with its salt, of an entry as a leaf, and of two nodes of the Merkle tree.

All are SHA-256. The prefixes keep a body, a leaf and an inner node from ever being taken for one another.
"""

import hashlib
import re

from muster.core.errors import BadInput

HASH_BYTES = 32
SALT_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

_BODY_PREFIX = b"muster/body/1\0"
_LEAF_PREFIX = b"\x00"
_NODE_PREFIX = b"\x01"
_HEX = re.compile(r"[0-9a-f]{64}")


def body_hash(salt: bytes, body: bytes) -> bytes:
    """SHA-256("muster/body/1" NUL, salt, body), 32 bytes.

    salt: 32 random bytes, so that a short body cannot be guessed from its hash once it is withheld or erased.
    Raises BadInput when the salt has another length.
    """
    if len(salt) != SALT_BYTES:
        raise BadInput(f"A salt has {len(salt)} bytes.", "salt", f"It must have {SALT_BYTES}.")
    return hashlib.sha256(_BODY_PREFIX + salt + body).digest()


def leaf_hash(header: bytes) -> bytes:
    """The hash of an entry: SHA-256(0x00, canonical header), 32 bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(_LEAF_PREFIX + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01, left, right), 32 bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(_NODE_PREFIX + left + right).digest()


def blob_hash(blob: bytes) -> str:
    """The name of a blob: its plain SHA-256 in hex, as `sha256sum` prints it."""
    return hashlib.sha256(blob).hexdigest()


def to_hex(digest: bytes) -> str:
    """64 lower-case hex digits of a 32-byte hash."""
    return digest.hex()


def is_hex(value: object) -> bool:
    """Whether this is a hash as headers hold it: 64 lower-case hex digits."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def from_hex(text: str) -> bytes:
    """The 32 bytes of a hash in hex. Raises BadInput unless it is 64 lower-case hex digits."""
    if not is_hex(text):
        raise BadInput("This is no hash.", "hash", "A hash is 64 lower-case hex digits.")
    return bytes.fromhex(text)
