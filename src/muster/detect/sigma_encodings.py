"""Modifiers that encode a value: wide, utf16le, utf16be, utf16, base64, base64offset; put into pySigma's table.

pySigma 1.5 does not know `utf16le`, takes UTF-16 of ASCII only, writes the byte order mark as UTF-8, and encodes an
escaped wildcard with its backslash. These take its place. An encoded value is a text with one character a byte
(U+0000 to U+00FF): so it stands in a text where a log shows raw UTF-16, and so base64 gets the very bytes.
Sigma specification 2.1.0, appendix "Modifiers", encoding.
"""

from base64 import b64encode
from typing import ClassVar

from sigma.exceptions import SigmaValueError
from sigma.modifiers import SigmaValueModifier, modifier_mapping
from sigma.types import Placeholder, SigmaExpansion, SigmaString, SpecialChars

_HEADS = (0, 2, 3)
_TAILS = (None, -3, -2)
"""Characters of base64 at the ends that hold bits of the neighbours, by the bytes before and after."""


class EncodedString(SigmaString):
    """A text whose characters are the bytes of an encoding."""


class _Encode(SigmaValueModifier[SigmaString, SigmaString]):
    encoding: ClassVar[str]
    mark: ClassVar[bytes] = b""

    def modify(self, val: SigmaString) -> SigmaString:
        parts: list[str | SpecialChars | Placeholder] = [self.mark.decode("latin-1")] if self.mark else []
        for part in val.s:
            if not isinstance(part, str):
                parts.append(part)
                continue
            text = part.encode(self.encoding).decode("latin-1")
            if parts and isinstance(parts[-1], str):
                parts[-1] += text
            else:
                parts.append(text)
        encoded = EncodedString()
        encoded.s = parts
        return encoded


class _Little(_Encode):
    encoding = "utf-16-le"


class _Big(_Encode):
    encoding = "utf-16-be"


class _Marked(_Encode):
    encoding = "utf-16-le"
    mark = b"\xff\xfe"


class _Base64(SigmaValueModifier[SigmaString, SigmaString]):
    def modify(self, val: SigmaString) -> SigmaString:
        return SigmaString.from_str(b64encode(_bytes(val)).decode())


class _Base64Offset(SigmaValueModifier[SigmaString, SigmaExpansion]):
    """The three ways a text may lie in base64, each without the characters that depend on its neighbours."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        data = _bytes(val)
        return SigmaExpansion(
            [
                SigmaString.from_str(
                    b64encode(b" " * at + data)[_HEADS[at] : _TAILS[(at + len(data)) % 3]].decode()
                )
                for at in range(3)
            ]
        )


def _bytes(value: SigmaString) -> bytes:
    texts = [part for part in value.s if isinstance(part, str)]
    if len(texts) != len(value.s):
        raise SigmaValueError("a value with wildcards or placeholders cannot be encoded as base64")
    return "".join(texts).encode("latin-1" if isinstance(value, EncodedString) else "utf-8")


def known() -> None:
    """Puts these modifiers in the place of pySigma's; doing it again changes nothing."""
    modifier_mapping.update({
        "wide": _Little, "utf16le": _Little, "utf16be": _Big, "utf16": _Marked,
        "base64": _Base64, "base64offset": _Base64Offset,
    })  # fmt: skip
