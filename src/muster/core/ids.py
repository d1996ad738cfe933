"""Ids: opaque ones for headers, short codes with a check character for people.

A code is drawn at random, never counted: a gap must not betray that a secret incident exists
(design, "Names for people"). The alphabet is Crockford's base 32 (no I, L, O, U); the check character
is a weighted sum modulo 31, a prime, over the first 31 letters, so that any one wrong character and
any two swapped neighbours are found.
"""

from enum import StrEnum

from muster.core.errors import BadInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DRAWN = ALPHABET[:31]
_LENGTH = 5
_READ_AS = str.maketrans("ILO", "110")


class StreamType(StrEnum):
    """What a stream is about; its value is the prefix of the stream's code."""

    INCIDENT = "INC"
    SIGNAL = "SIG"
    ACCOUNTS = "ACC"
    ACCESS = "ACS"
    LOG = "LOG"
    DRILL = "DRL"
    PLAN = "PLN"


# One stream each, in every log: who the accounts are, the log's own life (restore, key rotation), and the plan.
ACCOUNTS_STREAM = "ACC-ACCOUNTS"
LOG_STREAM = "LOG-LOG"
PLAN_STREAM = "PLN-PLAN"
_FIXED = {ACCOUNTS_STREAM: StreamType.ACCOUNTS, LOG_STREAM: StreamType.LOG, PLAN_STREAM: StreamType.PLAN}


def _check(body: str) -> str:
    total = sum(_DRAWN.index(character) * (place + 2) for place, character in enumerate(body))
    return _DRAWN[total % 31]


def code(kind: StreamType, drawn: str) -> str:
    """The code of a new stream, e.g. `INC-7Q4KM2`, from an opaque id (32 hex digits).

    Access streams are many and nobody reads their code aloud: theirs is longer.
    """
    number = int(drawn, 16)
    length = 11 if kind is StreamType.ACCESS else _LENGTH
    letters: list[str] = []
    for _ in range(length):
        number, rest = divmod(number, 31)
        letters.append(_DRAWN[rest])
    body = "".join(letters)
    return f"{kind}-{body}{_check(body)}"


def parse_code(text: str, kind: StreamType | None = None) -> str:
    """The code as it is stored, from what a person typed (`inc-7q4km2`, letter O for zero).

    Raises BadInput when it is no code, its check character is wrong, or it is of another type.
    """
    typed = text.strip().upper()
    if typed in _FIXED and kind in (None, _FIXED[typed]):
        return typed
    prefix, _, rest = typed.partition("-")
    rest = rest.translate(_READ_AS)
    known = prefix in {member.value for member in StreamType}
    if not known or not 4 <= len(rest) <= 12 or any(character not in _DRAWN for character in rest):
        raise BadInput("This is no code.", "code", "A code looks like INC-7Q4KM2.")
    if _check(rest[:-1]) != rest[-1]:
        raise BadInput("The code has a typing error.", "code", "Its last character does not fit the others.")
    if kind is not None and prefix != kind:
        raise BadInput("The code is of another type.", "code", f"Expected one that begins with {kind}-.")
    return f"{prefix}-{rest}"


def stream_type(stream: str) -> StreamType:
    """The type of a stream, read from its code."""
    return StreamType(stream.partition("-")[0])
