"""Patterns of STIX 2.1 (section 9) that are one comparison; every other one is told by why it is none."""

import re
from dataclasses import dataclass

from muster.detect.indicators.indicator import Kind, Why

MAX_PATTERN = 16_384
MAX_VALUES = 1_000
_STRING = r"'(?:[^'\\]|\\.)*'"
_COMPARISON = re.compile(
    r"\s*([a-z0-9-]{1,64}):((?:[A-Za-z0-9_.-]|\[[^\]']*\]|'[^']*'|\"[^\"]*\")+)\s*(NOT\s+)?"
    r"(==|=|!=|<>|<=|>=|<|>|ISSUBSET\b|ISSUPERSET\b|LIKE\b|MATCHES\b|IN\b)\s*(.*)",
    re.DOTALL,
)
_STRINGS = re.compile(_STRING, re.DOTALL)
_ONE = re.compile(rf"\s*({_STRING})\s*", re.DOTALL)
_SET = re.compile(rf"\s*\(\s*{_STRING}(?:\s*,\s*{_STRING})*\s*\)\s*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUALIFIERS = re.compile(r"\b(?:WITHIN|REPEATS|START|STOP)\b")
_JOINED = re.compile(r"\b(?:AND|OR|FOLLOWEDBY)\b")
_PATHS: dict[tuple[str, str], Kind] = {
    ("ipv4-addr", "value"): Kind.IP,
    ("ipv6-addr", "value"): Kind.IP,
    ("network-traffic", "dst_ref.value"): Kind.IP,
    ("network-traffic", "src_ref.value"): Kind.IP,
    ("domain-name", "value"): Kind.DOMAIN,
    ("url", "value"): Kind.URL,
    ("email-addr", "value"): Kind.MAIL,
    ("email-message", "from_ref.value"): Kind.MAIL,
    ("email-message", "sender_ref.value"): Kind.MAIL,
}
_HASHES = {"md5": Kind.MD5, "sha1": Kind.SHA1, "sha256": Kind.SHA256, "sha512": Kind.SHA512}
_HASHED = re.compile(r"hashes\.[\"']?([A-Za-z0-9-]+)[\"']?")


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pattern looks for: one of these values."""

    kind: Kind
    values: tuple[str, ...]


def read(pattern: str) -> Compared | Why:
    """What a pattern compares, or why it is not matched here."""
    if len(pattern) > MAX_PATTERN:
        return Why.TOO_LONG
    bare = _STRINGS.sub("''", pattern).strip()  # words inside of strings are no words of the language
    if (shape := _shape(bare)) is not None:
        return shape
    text = pattern.strip()[1:-1]
    found = _COMPARISON.fullmatch(text)
    if found is None:
        return Why.BROKEN
    if found[3]:
        return Why.NEGATED
    kind = _kind(found[1], found[2])
    if kind is None:
        return Why.PATH
    return _compared(kind, found[4], found[5])


def _shape(bare: str) -> Why | None:
    """Why it is no single observation of one comparison; None when it may be one."""
    outside = re.sub(r"\[[^\]]*\]", "", re.sub(r"\[\d+\]|\[\*\]", "", bare))
    if _QUALIFIERS.search(outside):
        return Why.QUALIFIED
    if _JOINED.search(bare):
        return Why.SEVERAL
    if not (bare.startswith("[") and bare.endswith("]")):
        return Why.BROKEN
    return None


def _kind(kind: str, path: str) -> Kind | None:
    if kind == "file" and (found := _HASHED.fullmatch(path)) is not None:
        return _HASHES.get(found[1].lower().replace("-", ""))
    return _PATHS.get((kind, path))


def _compared(kind: Kind, operator: str, operand: str) -> Compared | Why:
    if operator == "IN":
        if _SET.fullmatch(operand) is None:
            return Why.BROKEN
        values = tuple(_text(one) for one in _STRINGS.findall(operand))
        return Compared(kind, values) if len(values) <= MAX_VALUES else Why.TOO_MANY
    if operator in ("!=", "<>"):
        return Why.NEGATED
    single = _ONE.fullmatch(operand)
    if single is None:
        return Why.BROKEN
    if operator in ("=", "==") or (operator == "ISSUBSET" and kind is Kind.IP):
        return Compared(kind, (_text(single[1]),))
    return Why.OPERATOR


def _text(quoted: str) -> str:
    return _ESCAPED.sub(lambda found: found[1], quoted[1:-1])
