"""An indicator as it is read from a list, and what of a list is left out, with its reason."""

from dataclasses import dataclass
from enum import StrEnum

from muster.core.labels import Tlp

LABEL = 200
"""Characters kept of what a list says about an indicator."""
VALUE = 2_048
"""Characters of the longest value; longer ones are left out."""


class Kind(StrEnum):
    """What an indicator is. A name stands for all names below it; HASHED is the MD5 of a value of any kind."""

    IP = "ip"
    NETWORK = "network"
    DOMAIN = "domain"
    URL = "url"
    MAIL = "mail"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"
    HASHED = "hashed"


KINDS: tuple[Kind, ...] = tuple(Kind)
FILE_HASHES = {32: Kind.MD5, 40: Kind.SHA1, 64: Kind.SHA256, 128: Kind.SHA512}
"""Kinds of file hashes by their number of hex digits."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A value in its normal form (`normal_form`), and what its list says of it.

    confidence: 0 to 100, None where nothing is said. valid_from, valid_until: seconds since 1970, 0 for not said;
    valid until is the first second at which it no longer holds. label: what the list calls it.
    """

    kind: Kind
    value: str
    confidence: int | None = None
    tlp: Tlp | None = None
    valid_from: int = 0
    valid_until: int = 0
    revoked: bool = False
    label: str = ""


class Why(StrEnum):
    """Why something of a list is left out."""

    BROKEN = "broken"
    EMPTY = "no value"
    NO_KIND = "kind not known"
    NOT_OF_KIND = "no value of its kind"
    FORMULA = "a formula"
    TOO_LONG = "too long"
    TOO_WIDE = "too wide"
    TIME = "time not readable"
    NOT_FOR_DETECTION = "not for detection"
    OTHER_OBJECT = "no indicator"
    LANGUAGE = "pattern in another language"
    SEVERAL = "pattern of several comparisons"
    QUALIFIED = "pattern with a qualifier"
    NEGATED = "pattern with NOT"
    OPERATOR = "operator not matched"
    PATH = "object or property not matched"
    TWICE = "a name twice"
    NOT_THERE = "file not in the feed"
    TOO_MANY = "beyond the bound"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left out of a list: where it stands (`line 7`, an object's id), why, and the start of what it says."""

    where: str
    why: Why
    text: str = ""


Entry = Indicator | Left
