"""The one way in which a value is written, so that equal things are equal text; defanged writings are understood.

Addresses: as `ipaddress` writes them, without zone, IPv4 in IPv6 as IPv4. Networks: address of the network and prefix.
Names: lower case, A-labels (IDNA 2008 after UTS 46), no dot at the end. Mail addresses: lower case, name as a name.
Hashes: lower case. URLs: see `url_form`.
"""

import ipaddress
import re

import idna

from muster.detect.indicators import url_form
from muster.detect.indicators.indicator import FILE_HASHES, VALUE, Kind

WIDEST = {4: 8, 6: 16}
"""The shortest prefix that is an indicator: what is wider would hit everything."""
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])")
_HEX = re.compile(r"[0-9a-f]+")
_MAILBOX = re.compile(r"[^\s@<>\"]{1,64}")
_ASIDE = re.compile(r"[\[({]\s*(\.|dot|:|://|@|at)\s*[\])}]", re.IGNORECASE)
_AS_SAID = {"dot": ".", "at": "@"}
_SCHEME = re.compile(r"^h(?:xx|\*\*|tt|XX)p(s?)(?=:|\[:|\()", re.IGNORECASE)
_BARE_PREFIX = re.compile(r"[0-9a-fA-F:.]+/[0-9]{1,3}")


def refanged(text: str) -> str:
    """The text as it was before somebody made it harmless: `hxxp` is http, `[.]` `(.)` `[dot]` a dot, `[@]` an at."""
    text = text.strip().strip("\ufeff")
    if "[" in text or "(" in text or "{" in text:
        text = _ASIDE.sub(lambda found: _AS_SAID.get(found[1].lower(), found[1]), text)
    if text[:1] in "hH":
        text = _SCHEME.sub(lambda found: f"http{found[1].lower()}", text)
    return text.replace("\\.", ".") if "\\." in text else text


def defanged(text: str) -> str:
    """The text so that no mail program or terminal makes a link of it."""
    shown = text.replace("http", "hxxp", 1) if text.startswith("http") else text
    head, slash, rest = shown.partition("://")
    host, path, after = (rest if slash else head).partition("/")
    host = host.replace(".", "[.]").replace("@", "[@]")
    return f"{head}{slash}{host}{path}{after}" if slash else f"{host}{path}{after}"


def address(text: str) -> str | None:
    """An IPv4 or IPv6 address in its normal form; None when it is none."""
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    if len(text) > 80:
        return None
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if found.version == 6 and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)


def network(text: str) -> str | None:
    """A network in its normal form, host bits dropped; a single address is given without its prefix."""
    if len(text) > 80 or not _BARE_PREFIX.fullmatch(text):
        return None
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    mapped = found.network_address.ipv4_mapped if found.version == 6 else None
    if mapped is not None and found.prefixlen >= 96:
        found = ipaddress.ip_network(f"{mapped}/{found.prefixlen - 96}")
    return str(found.network_address) if found.num_addresses == 1 else str(found)


def too_wide(found: str) -> bool:
    """Whether a network in its normal form is wider than an indicator may be."""
    head, _, length = found.partition("/")
    return int(length) < WIDEST[6 if ":" in head else 4]


def name(text: str) -> str | None:
    """A name of two labels or more in its normal form; None when it is none."""
    text = text.rstrip(".") if text.endswith(".") else text
    if len(text) > 253 or ("." not in text and text.isascii()):
        return None
    lower = text.lower()
    if not text.isascii():
        try:
            lower = idna.encode(text, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return None
    if len(lower) > 253 or not _NAME.fullmatch(lower) or lower.rpartition(".")[2].isdigit():
        return None
    return lower


def mail(text: str) -> str | None:
    """A mail address in its normal form; None when it is none."""
    if text[:7].lower() == "mailto:":
        text = text[7:]
    box, at, host = text.rpartition("@")
    if not at or not _MAILBOX.fullmatch(box):
        return None
    found = name(host)
    return None if found is None else f"{box.lower()}@{found}"


def file_hash(text: str) -> str | None:
    """A file's hash in its normal form; None when it is none."""
    if len(text) not in FILE_HASHES:
        return None
    lower = text.lower()
    return lower if _HEX.fullmatch(lower) else None


def url(text: str) -> str | None:
    """A URL in its normal form; None when it is none."""
    return url_form.normal(text, _host)


def _host(text: str) -> str | None:
    """A host in its normal form: IPv6 in brackets, IPv4, a name, or a name of one label."""
    found = address(text)
    if found is not None:
        return f"[{found}]" if ":" in found else found
    if text.isascii() and "." not in text and url_form.LABEL.fullmatch(text.lower()):
        return text.lower()
    return name(text)


def normal(kind: Kind, text: str) -> tuple[Kind, str] | None:
    """The value of a kind in its normal form; a network of one address is an address. None when it is not of it."""
    if len(text) > VALUE:
        return None
    match kind:
        case Kind.IP | Kind.NETWORK:
            found = network(text) if "/" in text else address(text)
            kind = Kind.NETWORK if found is not None and "/" in found else Kind.IP
        case Kind.DOMAIN:
            found = name(text.removeprefix("*.").removeprefix("."))
        case Kind.URL:
            found = url(text)
        case Kind.MAIL:
            found = mail(text)
        case Kind.HASHED:
            found = file_hash(text) if len(text) == 32 else None
        case _:
            found = file_hash(text)
            if found is not None and FILE_HASHES[len(found)] is not kind:
                return None
    return None if found is None else (kind, found)


def guessed(text: str) -> tuple[Kind, str] | None:
    """The value with the kind that it looks like; None when it looks like none."""
    if (found := file_hash(text)) is not None:
        return FILE_HASHES[len(found)], found
    if "://" in text:
        return normal(Kind.URL, text)
    if "@" in text and "/" not in text:
        return normal(Kind.MAIL, text)
    if (as_address := normal(Kind.IP, text)) is not None:
        return as_address
    if (as_name := normal(Kind.DOMAIN, text)) is not None:
        return as_name
    return normal(Kind.URL, text) if "/" in text.strip("/") and "." in text.partition("/")[0] else None
