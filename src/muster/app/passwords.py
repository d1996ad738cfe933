"""Passwords: argon2id, at most two hashes at a time, so that guessing cannot take the machine down."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from muster.core.errors import BadInput

_AT_A_TIME = threading.BoundedSemaphore(2)
_HASHER = PasswordHasher()
SHORTEST = 12
LONGEST = 1024


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check(password: str) -> None:
    """Refuses a password that is too short or too long to be one. Raises BadInput; never repeats it."""
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        raise BadInput(
            f"A password has at least {SHORTEST} characters.",
            "password",
            "Four or five random words do well.",
        )


def hash_of(password: str) -> str:
    """The argon2id hash to keep (about 64 MB and a tenth of a second of work)."""
    check(password)
    with _AT_A_TIME:
        return _HASHER.hash(_normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. Without a hash it takes as long, and is False."""
    if len(password) > LONGEST:
        return False
    with _AT_A_TIME:
        try:
            if kept is None:
                _HASHER.hash(_normal(password))
                return False
            return _HASHER.verify(kept, _normal(password))
        except (Argon2Error, InvalidHashError):
            return False
