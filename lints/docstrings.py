"""Every module begins with one sentence, on one line, that says what it is for."""

import ast
from collections.abc import Iterator

from lints.house import Finding, House

ENDS = (".", ":", "?", "!")


def check(house: House) -> Iterator[Finding]:
    """Look at the first statement of every module, and at the first line of its text."""
    for source in house.python("src/", "lints/", "bench/", ".ci/"):
        said = ast.get_docstring(source.tree)
        if said is None:
            yield source.says(1, "the module does not say what it is for: begin with a docstring")
            continue
        summary, _, rest = said.partition("\n")
        if not summary.strip() or not summary.rstrip().endswith(ENDS):
            yield source.says(1, "the docstring's first line is not one whole sentence")
        elif rest and rest.split("\n", maxsplit=1)[0].strip():
            yield source.says(2, "an empty line is missing below the docstring's first line")
