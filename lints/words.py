"""The glossary's words and no synonyms for them, wherever people read: pages, help texts, messages."""

import ast
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import TypeGuard

from lints.house import Finding, House, Source

# What must not be said, and the glossary's word for it.
SYNONYMS: Mapping[str, str] = {
    r"alerts?": "signal",
    r"tickets?": "signal or incident",
    r"(?:this|new|open|close|closed|reopen|every|each|your) cases?(?! of\b)(?! where\b)": "incident",
    r"case management": "incident",
    r"audit logs?": "record",
    r"activity logs?": "record",
    r"post-?mortems?": "review",
    r"retrospectives?": "review",
    r"war rooms?": "room",
    r"runbooks?": "playbook",
    r"workflows?": "playbook",
    r"tabletops?": "drill",
    r"simulations?": "drill",
    r"(?:an|the|this|next|training) exercises?": "drill",
    r"action items?": "lesson or task",
    r"to-?dos?": "task",
    r"incident (?:managers?|leads?|leaders?)": "commander",
    r"false positives?": "false alarm",
    r"IOCs?": "indicator",
    r"press releases?": "statement",
    r"announcements?": "statement",
    r"remediations?": "action",
    r"block ?chains?": "record",
    r"blacklists?": "list of what is refused",
    r"whitelists?": "list of what is allowed",
}
PATTERNS = {re.compile(rf"\b(?:{wrong})\b", re.IGNORECASE): right for wrong, right in SYNONYMS.items()}
ANY = re.compile("|".join(pattern.pattern for pattern in PATTERNS), re.IGNORECASE)
EXEMPT: Mapping[str, str] = {
    "src/muster/channels/": "speaks to other systems in their own words",
}
TEMPLATES = "src/muster/web/templates/"
COMMAND_LINE = ("src/muster/cli", "src/muster/demo")
SHOWN = {"alt", "aria-label", "placeholder", "title"}
ERRORS = {
    "BadInput", "Conflict", "Damaged", "Denied", "MusterError", "NotFound", "Refused", "TooMany", "Unavailable",
    "Unsigned",
}  # fmt: skip
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def check(house: House) -> Iterator[Finding]:
    """Look at the visible text of templates, at help texts, at docstrings of verbs and at error messages."""
    for source in house.sources:
        if not source.path.startswith("src/muster/") or source.path.startswith(tuple(EXEMPT)):
            continue
        texts = _page(source) if source.path.startswith(TEMPLATES) else _messages(source)
        for line, text in texts:
            if not ANY.search(text):
                continue
            for pattern, right in PATTERNS.items():
                for found in pattern.finditer(text):
                    at = line + text.count("\n", 0, found.start())
                    yield source.says(at, f"`{found[0]}`: the glossary says {right}")


def _page(source: Source) -> Iterator[tuple[int, str]]:
    """What a reader of the page sees; markup and template code keep their lines, emptied."""
    reader = _Reader()
    reader.feed(JINJA.sub(lambda code: "\n" * code[0].count("\n"), source.text))
    reader.close()
    yield from reader.seen


class _Reader(HTMLParser):
    """Collects text and shown attributes with their lines; leaves out scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.seen += [(self.getpos()[0], value) for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.seen.append((self.getpos()[0], data))


def _messages(source: Source) -> Iterator[tuple[int, str]]:
    if not source.is_python:
        return
    on_the_line = source.path.startswith(COMMAND_LINE)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _name(node.func) in ERRORS:
            yield from _strings([*node.args, *(word.value for word in node.keywords)])
        elif isinstance(node, ast.Call) and on_the_line:
            yield from _strings(
                [word.value for word in node.keywords if word.arg in {"help", "short_help", "epilog"}]
            )
        elif _helps(node, on_the_line=on_the_line):
            yield from _docstring(node)


def _helps(node: ast.AST, *, on_the_line: bool) -> TypeGuard[ast.ClassDef | ast.FunctionDef]:
    """Whether the docstring becomes help: of a verb's command, or of a function of the command line."""
    if isinstance(node, ast.ClassDef):
        return any(_name(base).endswith("Command") for base in node.bases)
    return on_the_line and isinstance(node, ast.FunctionDef)


def _docstring(node: ast.ClassDef | ast.FunctionDef) -> Iterator[tuple[int, str]]:
    if ast.get_docstring(node):
        yield node.body[0].lineno, ast.get_docstring(node, clean=False) or ""


def _strings(expressions: list[ast.expr]) -> Iterator[tuple[int, str]]:
    for expression in expressions:
        for node in ast.walk(expression):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
