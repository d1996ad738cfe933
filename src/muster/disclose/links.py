"""Links in outward words: only our own domains may stand there, and each other one is named with what it tries.

Default deny: whatever a mail program or a phone would make a link of counts, whether it is written as one or
not. Likeness to our own name only explains; it never decides (the false address of 2017 lay twelve letters away
from the true one).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from muster.core.text import shown
from muster.plan.finding import Finding

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"\b([a-z][a-z0-9+-]*):(?:[/\\]{1,3}([^\s/?#\\<>\"']*)|(?=\S))", re.IGNORECASE)
_SCHEMES = frozenset({"javascript", "data", "file", "ftp", "tel", "sms", "vbscript", "blob", "ws", "wss"})
_DEFANGED = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)
_SHORTENERS = frozenset(
    {
        "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id",
        "shorturl.at", "t.co", "t.ly", "t1p.de", "tiny.cc", "tinyurl.com", "v.gd", "youtu.be",
    }
)  # fmt: skip
# Endings of files that are no endings of domains.
_FILES = frozenset(
    {"asc", "aspx", "css", "csv", "htm", "html", "jpg", "json", "pdf", "php", "png", "txt", "xml"}
)
# Letters of other scripts, and figures, that look like Latin letters.
_LOOKS: dict[int, str] = {
    0x0430: "a", 0x0432: "b", 0x0435: "e", 0x043A: "k", 0x043C: "m", 0x043D: "h", 0x043E: "o", 0x0440: "p", 0x0441: "c",
    0x0442: "t", 0x0443: "y", 0x0445: "x", 0x0455: "s", 0x0456: "i", 0x0458: "j", 0x04BB: "h", 0x04CF: "l", 0x0501: "d",
    0x0261: "g", 0x03B1: "a", 0x03B9: "i", 0x03BA: "k", 0x03BD: "v", 0x03BF: "o", 0x03C1: "p", 0x03C4: "t",
    0x30: "o", 0x31: "l", 0x33: "e", 0x34: "a", 0x35: "s",
}  # fmt: skip
_MEND = "Put in the link of our own page, or take it out."


def links(text: str, own: tuple[str, ...], file: str = "text") -> tuple[Finding, ...]:
    """Every link that may not go out, with its line. own: our domains; what lies below them is ours too."""
    domains = tuple(domain.strip().rstrip(".").casefold() for domain in own)
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        seen: set[str] = set()
        for rule, what, mend in _of_line(line, domains):
            if what not in seen:
                seen.add(what)
                found.append(
                    Finding(file=file, line=number, rule=rule, what=what, mend=mend, clause="COM-04")
                )
    return tuple(found)


def _of_line(line: str, own: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    plain = _plain(line)
    if any(unicodedata.category(character) in ("Cf", "Cc", "Co") for character in line.replace("\t", " ")):
        yield (
            "hidden-character",
            "The line holds a character that nobody sees.",
            "Write the line anew by hand.",
        )
    for url in _URL.finditer(plain):
        yield from _of_url(url[1].lower(), url[2], own)
    for host in _HOST.finditer(plain):
        name = host[0].strip("-_").casefold()
        if not _linkable(name) or _ours(name, own):
            continue
        if plain[: host.start()].endswith("@"):
            what = f"{_said(name)} is a mail domain that is not ours: {_why(name, own)}"
            yield "foreign-address", what, "Give an address of our own domain, or take it out."
        else:
            yield "foreign-link", f"{_said(name)} is not ours: {_why(name, own)}", _MEND


def _of_url(scheme: str, place: str | None, own: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a link beside its host."""
    if scheme in _SCHEMES:
        yield "foreign-scheme", f"A link that begins with {scheme}: may do anything.", "Link by https only."
        return
    if place is None or scheme == "mailto":
        return
    user, at, host = place.rpartition("@")
    name = host.partition(":")[0].rstrip(".").casefold()
    if at:
        what = (
            f"What stands before the @ is no address: the link leads to {_said(name)}, not to {_said(user)}."
        )
        yield "name-before-host", what, _MEND
    if "%" in host:
        yield (
            "hidden-host",
            f"The host {_said(host)} is written in a code.",
            "Write the host in plain letters.",
        )
    if scheme != "https":
        yield "not-https", f"The link begins with {scheme}:, not with https:.", "Link by https only."
    if name and not ("." in name and _linkable(name)) and not _ours(name, own):
        yield "foreign-link", f"{_said(name)} is not ours: it is no name of a domain.", _MEND


def _plain(line: str) -> str:
    """The line as a program would read it: one form for each letter, no invisible ones, dots as dots."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFKC", line)
        if unicodedata.category(character) != "Cf"
    )
    return _DEFANGED.sub(".", kept.replace("\u3002", "."))


def _linkable(name: str) -> bool:
    labels = name.split(".")
    if all(label.isdigit() for label in labels):
        return len(labels) == 4
    last = labels[-1]
    if last in _FILES:
        return False
    return last.startswith("xn--") or (len(last) >= 2 and last.isalpha())


def _ours(name: str, own: tuple[str, ...]) -> bool:
    return name.isascii() and any(name == domain or name.endswith(f".{domain}") for domain in own)


def _why(name: str, own: tuple[str, ...]) -> str:
    """What the foreign name tries, as far as it can be told."""
    if any(name == one or name.endswith(f".{one}") for one in _SHORTENERS):
        return "a shortener hides where it leads."
    read = _decoded(name)
    for domain in own:
        likeness = _likeness(read, domain)
        if likeness:
            return likeness
    if not read.isascii() or read != name:
        return "it is written with letters of another script."
    if all(label.isdigit() for label in name.split(".")):
        return "it is a bare number of a machine."
    return "it is not on the list of our domains."


def _decoded(name: str) -> str:
    labels: list[str] = []
    for label in name.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def _likeness(name: str, own: str) -> str | None:
    if own in name:
        return f"it has {own} in it, and belongs to somebody else."
    if _skeleton(name) == _skeleton(own):
        return f"its letters only look like those of {own}."
    if _core(name) == _core(own) or own.rpartition(".")[0] == name.rpartition(".")[0]:
        return f"it is {own} with another ending or other dots."
    mine, theirs = _core(own), _core(name)
    if len(mine) >= 5 and Counter(mine) == Counter(theirs):
        return f"it has the letters of {own} in another order."
    if len(mine) >= 5 and mine in theirs:
        return f"it is the name of {own} with something added."
    if len(mine) >= 5 and _distance(mine, theirs) <= 2:
        return f"it differs from {own} by one or two letters."
    return None


def _skeleton(name: str) -> str:
    return name.translate(_LOOKS).replace("rn", "m").replace("vv", "w").replace("l", "i")


def _core(name: str) -> str:
    """The name without its ending, dots and hyphens."""
    return name.rpartition(".")[0].removeprefix("www.").replace(".", "").replace("-", "")


def _distance(one: str, other: str) -> int:
    """How many letters must change (Levenshtein); 3 where it is more than two for sure."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, there in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != there))
    return row[-1]


def _said(text: str) -> str:
    return shown(text[:80])
