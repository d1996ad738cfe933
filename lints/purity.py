"""No I/O, clock, randomness or hidden import in a lifecycle package, not even by a builtin or a borrowed name."""

import ast
from collections.abc import Iterator

from lints.house import Finding, House, Source

BUILTINS = (
    "__import__", "breakpoint", "compile", "eval", "exec", "globals", "help", "input", "open", "print",
)  # fmt: skip
MODULES = (
    "asyncio", "builtins", "codeop", "concurrent", "ctypes", "fcntl", "fileinput", "ftplib", "getpass", "glob", "http",
    "imaplib", "importlib", "linecache", "locale", "logging", "mmap", "multiprocessing", "os", "pathlib", "pickle",
    "platform", "pty", "random", "resource", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shutil",
    "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "syslog", "tempfile",
    "threading", "time", "webbrowser",
)  # fmt: skip
NAMES = (
    "codecs.open",
    "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
    "hashlib.file_digest", "io.FileIO", "io.open", "io.open_code",
    "urllib.request", "uuid.getnode", "uuid.uuid1", "uuid.uuid4",
)  # fmt: skip


def check(house: House) -> Iterator[Finding]:
    """Look at every name that a lifecycle package uses, called or only passed on."""
    for source in house.pure():
        for node in ast.walk(source.tree):
            yield from _imports(source, node)
            yield from _names(source, node)


def _imports(source: Source, node: ast.AST) -> Iterator[Finding]:
    modules: list[str] = []
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = [f"{node.module}.{alias.name}" for alias in node.names]
    for module in modules:
        if module.split(".", maxsplit=1)[0] in MODULES or any(_within(module, name) for name in NAMES):
            yield source.says(
                node, f"`{module}` reaches the outside: take bytes, and the time from the context"
            )


def _names(source: Source, node: ast.AST) -> Iterator[Finding]:
    if isinstance(node, ast.Name) and node.id in BUILTINS and node.id not in source.origins:
        yield source.says(node, f"the builtin `{node.id}` reaches the outside: let app or store do it")
    if isinstance(node, ast.Attribute) and source.dotted(node) in NAMES:
        yield source.says(node, f"`{source.dotted(node)}` reaches the outside: take it from the context")


def _within(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")
