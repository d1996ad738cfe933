"""A file is one concept and fits in the head: at most 400 lines."""

from collections.abc import Iterator

from lints.house import Finding, House

LIMIT = 400


def check(house: House) -> Iterator[Finding]:
    """Count lines; there is no list of exceptions, so the next reader need not know one."""
    for source in house.sources:
        lines = source.text.count("\n")
        if source.path.startswith(("src/", "lints/")) and lines > LIMIT:
            yield source.says(LIMIT + 1, f"{lines} lines, {LIMIT} at most: which second concept lives here?")
