"""Tests written as Hyperscan expressions, so that they mean what they mean elsewhere in this package.

Three kinds, each for a database of its own (see `scanner`):

folded   on the folded value (see `folding`): texts and wildcards that ignore case. Bytes between two marks; `?` is
         spelled out as one UTF-8 character.
bytes    on the value as it is: cased texts and wildcards. Bytes between two marks, `?` as above.
regex    on the value as it is, in UTF-8 mode: like Python's `re.search` with the dot matching a newline. `\\w`,
         `\\d` and `\\s` know Unicode, except in an expression that also uses `\\b` or `\\B`, or repeats these classes
         more than 48 times: Hyperscan cannot hold that, and then all of that expression's classes are ASCII (the
         rule bears a remark). Hyperscan's tables are those of Unicode 6: scripts and letters that came later are no
         `\\w` and do not fold. U+001C to U+001F are no `\\s`. What Python and Hyperscan read differently is rewritten (`\\Z`, `{,n}`) or refused
         (`[[:alpha:]]`).

The marks are bytes that no UTF-8 text holds. With them "starts with" and "ends with" are plain literals, which
Hyperscan compiles some forty times faster than anchored ones.

Look-around, back-references, possessive and atomic groups are refused by Hyperscan; no backtracking engine stands
behind it, so no rule can hang a match. Compiling is bounded by `positions`: how large the automaton may grow.
"""

from dataclasses import dataclass
from enum import Enum, auto

from muster.detect.condition import Anchor, Gap, Regex, Text, Wildcard
from muster.detect.folding import fold
from muster.detect.rule import NotLoadable, Reason

MAX_POSITIONS = 3_000
"""Of one expression, repeats multiplied out. The largest of the public rules has a few hundred."""
MAX_TEXT = 4_096
"""Bytes of one text."""
SHORT_TEXT = MAX_TEXT // 4
"""Characters of a text that is not too long, whatever they are."""

MAX_WIDE = 48
"""Positions of Unicode classes in one expression."""
HEAD, TAIL = b"\xfe", b"\xff"

_ONE = rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
_ANY = b".*"
_HEAD, _TAIL = rb"\xfe", rb"\xff"
_WIDE = frozenset("wWdDsS")


class Alphabet(Enum):
    """Which database an expression belongs to."""

    FOLDED = auto()
    BYTES = auto()
    REGEX = auto()


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression in Hyperscan's syntax, and how it is to be read. positions: a bound of its size.

    gaps: whether it has wildcards. unicode: for the regex alphabet, whether its classes know more than ASCII.
    """

    pattern: bytes
    alphabet: Alphabet
    caseless: bool = False
    gaps: bool = False
    multiline: bool = False
    unicode: bool = True
    positions: int = 0


def of_text(test: Text) -> Expression:
    """Of a text that is not a whole value (those are looked up, not scanned). Raises `NotLoadable`."""
    body = (test.text if test.cased else fold(test.text)).encode()
    if len(body) > MAX_TEXT:
        raise NotLoadable(Reason.TOO_LARGE, f"a value of more than {MAX_TEXT} bytes")
    pattern = _literal(body)
    if test.anchor in (Anchor.START, Anchor.WHOLE):
        pattern = _HEAD + pattern
    if test.anchor in (Anchor.END, Anchor.WHOLE):
        pattern += _TAIL
    return Expression(pattern, Alphabet.BYTES if test.cased else Alphabet.FOLDED, positions=len(body))


def of_wildcard(test: Wildcard) -> Expression:
    """Of a pattern with wildcards. Raises `NotLoadable`."""
    pieces: list[bytes] = []
    positions = 0
    for part in test.parts:
        if isinstance(part, str):
            text = (part if test.cased else fold(part)).encode()
            pieces.append(_literal(text))
            positions += len(text)
        else:
            pieces.append(_ANY if part is Gap.MANY else _ONE)
            positions += 1 if part is Gap.MANY else 7
    if positions > MAX_POSITIONS:
        raise NotLoadable(Reason.TOO_LARGE, f"a pattern of more than {MAX_POSITIONS} positions")
    body = b"".join(pieces)
    if test.whole:
        head = b"" if test.parts[0] is Gap.MANY else _HEAD
        tail = b"" if test.parts[-1] is Gap.MANY else _TAIL
        body = head + body.removeprefix(b"" if head else _ANY)
        body = (body if tail else body.removesuffix(_ANY)) + tail
    return Expression(
        body or _ANY, Alphabet.BYTES if test.cased else Alphabet.FOLDED, gaps=True, positions=positions
    )


def of_regex(test: Regex) -> Expression:
    """Of a regular expression in Python's syntax, which pySigma has checked. Raises `NotLoadable`."""
    reader = _RegexReader(test.pattern)
    pattern = reader.rewritten()
    if reader.positions > MAX_POSITIONS:
        raise NotLoadable(Reason.REGEX, f"an expression of more than {MAX_POSITIONS} positions")
    return Expression(
        pattern.encode(),
        Alphabet.REGEX,
        caseless=test.ignore_case,
        multiline=test.multiline,
        unicode=not reader.borders and reader.wide <= MAX_WIDE,
        positions=reader.positions,
    )


_BYTES = [
    bytes((byte,)) if chr(byte).isascii() and chr(byte).isalnum() else b"\\x%02x" % byte
    for byte in range(256)
]


def _literal(body: bytes) -> bytes:
    return b"".join(map(_BYTES.__getitem__, body))


class _RegexReader:
    """One pass over an expression: what Hyperscan reads differently is rewritten, and its size is added up.

    Afterwards: positions, of them `wide` of Unicode classes; borders: whether `\\b` or `\\B` occurs.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._written: list[str] = []
        self._groups: list[tuple[int, int]] = []
        self._total = self._last = 0
        self._wide = self._last_wide = 0
        self.positions = self.wide = 0
        self.borders = False

    def rewritten(self) -> str:
        while self._at < len(self._pattern):
            self._step(self._pattern[self._at])
            self.positions = max(self.positions, self._total + sum(size for size, _ in self._groups))
            self.wide = max(self.wide, self._wide + sum(wide for _, wide in self._groups))
        return "".join(self._written)

    def _step(self, character: str) -> None:
        if character == "\\":
            self._escape()
        elif character == "[":
            self._characters()
        elif character == "{":
            self._repeat()
        elif character == "(":
            self._groups.append((self._total, self._wide))
            self._total = self._last = self._wide = self._last_wide = 0
            self._copy(1)
        elif character == ")":
            size, wide = self._groups.pop() if self._groups else (0, 0)
            self._last, self._last_wide = self._total, self._wide
            self._total += size
            self._wide += wide
            self._copy(1)
        elif character in "*+?|^$":
            self._copy(1)
        else:
            self._atom(1, wide=False)

    def _copy(self, length: int) -> None:
        self._written.append(self._pattern[self._at : self._at + length])
        self._at += length

    def _atom(self, length: int, *, wide: bool) -> None:
        self._copy(length)
        self._last = 1
        self._total += 1
        self._last_wide = int(wide)
        self._wide += wide

    def _escape(self) -> None:
        letter = self._pattern[self._at + 1 : self._at + 2]
        if letter == "Z":
            self._written.append("\\z")
            self._at += 2
            return
        self.borders = self.borders or letter in ("b", "B")
        self._atom(2, wide=letter in _WIDE)

    def _characters(self) -> None:
        end = self._at + 1
        wide = False
        if self._pattern.startswith("^", end):
            end += 1
        if self._pattern.startswith("]", end):
            end += 1
        while end < len(self._pattern) and self._pattern[end] != "]":
            following = self._pattern[end + 1 : end + 2]
            if self._pattern[end] == "[" and following in (":", ".", "="):
                raise NotLoadable(
                    Reason.REGEX, "POSIX character classes are read differently by every engine"
                )
            escaped = self._pattern[end] == "\\"
            wide = wide or (escaped and following in _WIDE)
            end += 2 if escaped else 1
        self._atom(end + 1 - self._at, wide=wide)

    def _repeat(self) -> None:
        end = self._pattern.find("}", self._at)
        low, comma, high = self._pattern[self._at + 1 : end].partition(",") if end > 0 else ("", "", "")
        digits = low + high
        if end < 0 or not (digits or comma) or (digits and not (digits.isascii() and digits.isdigit())):
            self._atom(1, wide=False)
            return
        if len(digits) > 10:
            raise NotLoadable(Reason.REGEX, "a repeat that is far too large")
        times = max(int(low or 0), int(high or 0), 1)
        self._total += self._last * (times - 1)
        self._last *= times
        self._wide += self._last_wide * (times - 1)
        self._last_wide *= times
        self._written.append(f"{{{low or 0}{comma}{high}}}")
        self._at = end + 1
