"""Whoever silences a tool says which rule and why, on the same line."""

import io
import re
import tokenize
from collections.abc import Iterator

from lints.house import Finding, House

BARE = {
    "type: ignore": re.compile(r"#\s*type:\s*ignore"),
    "ruff: noqa": re.compile(r"#\s*ruff:\s*noqa"),
}
NEED_A_REASON = {
    "noqa": re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?(?P<reason>.*)"),
    "pyright": re.compile(
        r"#\s*(?:based)?pyright:\s*(?P<codes>ignore\[[\w, ]+\]|report\w+=\w+|\w+)?(?P<reason>.*)"
    ),
    "pragma": re.compile(r"#\s*pragma:\s*(?P<codes>no (?:cover|branch|mutate))?(?P<reason>.*)"),
    "nosec": re.compile(r"#\s*nosec(?P<codes>\s+B\d+)?(?P<reason>.*)"),
    "fmt: off": re.compile(r"#\s*(?P<codes>fmt: off)(?P<reason>.*)"),
}
WORDS = 3


def check(house: House) -> Iterator[Finding]:
    """Look at comments only: a string may speak of `noqa`."""
    for source in house.python():
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type != tokenize.COMMENT:
                continue
            line = token.start[0]
            for name, pattern in BARE.items():
                if pattern.search(token.string):
                    yield source.says(
                        line,
                        f"`{name}` silences too much: name the rule (`noqa: CODE`, `pyright: ignore[rule]`)",
                    )
            for name, pattern in NEED_A_REASON.items():
                found = pattern.search(token.string)
                if found and "ruff:" not in token.string and not _explained(found):
                    yield source.says(
                        line, f"`{name}` needs its rule and a reason: `# noqa: S603 - the path is ours`"
                    )


def _explained(found: re.Match[str]) -> bool:
    return bool(found["codes"]) and len(re.findall(r"\w+", found["reason"])) >= WORDS
