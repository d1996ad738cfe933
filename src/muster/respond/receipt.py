"""Receipts: who reports without an account gets a code to ask with later; of it only a hash is kept."""

import hashlib

from muster.core.errors import BadInput
from muster.core.ids import ALPHABET

_PREFIX = "RCP"
_LENGTH = 16
_READ_AS = str.maketrans("ILO", "110", "- ")


def receipt_code(secret: bytes) -> str:
    """The receipt of 32 secret bytes: 80 bits in groups, `RCP-7Q4K-M2ZZ-01AB-CDEF`."""
    number = int.from_bytes(secret, "big")
    letters = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(_LENGTH))
    return "-".join((_PREFIX, *(letters[start : start + 4] for start in range(0, _LENGTH, 4))))


def receipt_hash(receipt: str) -> str:
    """SHA-256 of a receipt as hex, however it was typed. Raises BadInput when it is none."""
    typed = receipt.strip().upper()
    letters = typed.removeprefix(_PREFIX).translate(_READ_AS)
    if (
        not typed.startswith(_PREFIX)
        or len(letters) != _LENGTH
        or any(one not in ALPHABET for one in letters)
    ):
        raise BadInput("This is no receipt.", "receipt", "A receipt looks like RCP-7Q4K-M2ZZ-01AB-CDEF.")
    return hashlib.sha256(f"muster/receipt/1 {letters}".encode()).hexdigest()
