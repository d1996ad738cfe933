"""The files that the lints look at, read once, and what a lint says about them."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

PACKAGE = "src/muster/"
PURE = ("core", "record", "plan", "access", "prepare", "detect", "respond", "disclose", "learn", "rehearse")
FOLDERS = ("src", "lints", "tests", "bench", ".ci")
SUFFIXES = (".py", ".html")
FILES = ("pyproject.toml", "requirements.lock", "requirements-bench.lock", "requirements-spark.lock")


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule of the house."""

    path: str
    line: int
    message: str


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the repository, with slashes, and its text."""

    path: str
    text: str

    @property
    def is_python(self) -> bool:
        """Whether there is a tree to look at."""
        return self.path.endswith(".py")

    @property
    def stem(self) -> str:
        """The file's name without its suffix."""
        return PurePosixPath(self.path).stem

    @property
    def package(self) -> str:
        """The part of Muster that the file belongs to (`respond`), or nothing outside of Muster."""
        if not self.path.startswith(PACKAGE):
            return ""
        return self.path.removeprefix(PACKAGE).split("/", maxsplit=1)[0].removesuffix(".py")

    @property
    def is_pure(self) -> bool:
        """Whether it belongs to a lifecycle package, which knows no outside world."""
        return self.is_python and self.package in PURE

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text, filename=self.path)

    @cached_property
    def origins(self) -> Mapping[str, str]:
        """What each imported name stands for: `dt` for `datetime.datetime` after `from datetime import datetime as dt`."""
        names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.split(".", maxsplit=1)[0]
                    names[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return names

    def dotted(self, node: ast.expr) -> str:
        """The full name that an expression stands for, as far as imports tell; else its names as written, or nothing."""
        if isinstance(node, ast.Name):
            return self.origins.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def says(self, node: ast.AST | int, message: str) -> Finding:
        """A finding at a node or a line."""
        return Finding(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), message)


@dataclass(frozen=True)
class House:
    """All files, in order of their paths."""

    sources: tuple[Source, ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "House":
        """A house from texts by path, as the lints' own tests build it."""
        return cls(tuple(Source(path, text) for path, text in sorted(texts.items())))

    @classmethod
    def read(cls, root: Path) -> "House":
        """The house as it lies on disk."""
        paths = [root / name for name in FILES if (root / name).is_file()]
        for folder in FOLDERS:
            paths += [
                path for path in (root / folder).rglob("*") if path.suffix in SUFFIXES and path.is_file()
            ]
        return cls.of({path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths})

    def python(self, *folders: str) -> Iterator[Source]:
        """The Python files below some folders, or all of them."""
        for source in self.sources:
            if source.is_python and (not folders or source.path.startswith(folders)):
                yield source

    def pure(self) -> Iterator[Source]:
        """The Python files of the lifecycle packages."""
        return (source for source in self.sources if source.is_pure)

    def text(self, path: str) -> str | None:
        """One file's text, if it is there."""
        return next((source.text for source in self.sources if source.path == path), None)
