"""Compiled rulesets in the user's cache folder, so that rules which did not change are not compiled again.

A ruleset is kept under a name made of everything that it depends on: the rules and pipelines themselves, Muster's own
sources, the versions of Python, Unicode, pySigma and Hyperscan, and the processor. Beside it lie the pieces that
a change of a rule leaves as they are. Whatever cannot be used is made anew: a file that is damaged or of another
version, one that somebody else owns or could have written, a folder that cannot be read. Nothing but time is lost.
"""

import gc
import hashlib
import os
import platform
import stat
import sys
import unicodedata
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import muster
from muster.detect import ruleset as rulesets
from muster.detect.pieces import Pieces, Unusable, pieces_bytes, pieces_of
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.ruleset import Ruleset
from muster.detect.ruleset_bytes import ruleset_bytes, ruleset_of
from muster.store.safe_file import write_safely

MOST_FILES = 24
MOST_BYTES = 384 * 2**20
"""Of all files in the cache; the oldest go first."""

_PACKAGES = (
    "hyperscan",
    "numpy",
    "orjson",
    "pysigma",
    "pysigma-pipeline-sysmon",
    "pysigma-pipeline-windows",
    "pyyaml",
)
_SOURCES = ("core", "detect", "plan")


def cache_root() -> Path | None:
    """Where caches lie: MUSTER_CACHE, else XDG_CACHE_HOME/muster, else ~/.cache/muster; None without a home."""
    chosen = os.environ.get("MUSTER_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "muster"
    except RuntimeError:
        return None


def engine_mark() -> bytes:
    """Changes with everything besides rules that a compiled ruleset depends on (a SHA-256)."""
    found = hashlib.sha256()
    for part in (sys.version, unicodedata.unidata_version, platform.machine(), sys.byteorder, _processor()):
        found.update(part.encode() + b"\0")
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found.update(f"{name} {version(name)}\0".encode())
    home = Path(muster.__file__).parent
    for folder in _SOURCES:
        for file in sorted((home / folder).rglob("*.py")):
            found.update(str(file.relative_to(home)).encode() + b"\0")
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.digest()


def _processor() -> str:
    """What the processor can do, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").split("\n")
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")


@dataclass(frozen=True)
class RulesetCache:
    """A folder of rulesets. None: there is no cache, everything is compiled."""

    folder: Path | None

    def ruleset(
        self,
        rules: Mapping[str, bytes],
        pipeline: PipelineChoice,
        said: Callable[[str, int, int], None] | None = None,
    ) -> Ruleset:
        """The ruleset of rule files, from the cache where it is there, else compiled and kept.

        said: is told how far compiling is (a word for what is done, how many of how many).
        Raises `BadInput` when a pipeline cannot be read.
        """
        mark = hashlib.sha256(engine_mark() + pipeline.mark)
        pieces_name = f"{mark.hexdigest()[:40]}.pieces"
        for path, data in rules.items():
            mark.update(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest())
            mark.update(hashlib.sha256(data).digest())
        name = f"{mark.hexdigest()[:40]}.ruleset"
        data = self._read(name)
        if data is not None:
            with suppress(Unusable):
                return ruleset_of(data)
        pieces = self._pieces(pieces_name)
        pieces.said = said
        with _seldom_collected():
            made = rulesets.compile(rules, pipeline, pieces)
            self._write(name, ruleset_bytes(made))
        if pieces.made:
            self._write(pieces_name, pieces_bytes(pieces))
        return made

    def _pieces(self, name: str) -> Pieces:
        data = self._read(name)
        if data is not None:
            with suppress(Unusable):
                return pieces_of(data)
        return Pieces()

    def _read(self, name: str) -> bytes | None:
        """What was written under a name; None when it is not there, or not beyond doubt our own."""
        if self.folder is None:
            return None
        try:
            if not _is_ours(self.folder.stat()):
                return None
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as stream:
                told = os.fstat(handle)
                if not stat.S_ISREG(told.st_mode) or not _is_ours(told) or told.st_size > MOST_BYTES:
                    return None
                data = stream.read()
            os.utime(self.folder / name)
        except OSError:
            return None
        head = _head(name)
        return data[len(head) :] if data.startswith(head) else None

    def _write(self, name: str, data: bytes) -> None:
        """Keeps the bytes under a name, unless that cannot be done."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_ours(self.folder.stat()):
                write_safely(self.folder / name, _head(name) + data)
                self._tidy()

    def _tidy(self) -> None:
        """Removes the oldest files beyond the bounds, and what a crash left."""
        assert self.folder is not None
        files: list[tuple[float, int, Path]] = []
        for file in self.folder.iterdir():
            told = file.lstat()
            if stat.S_ISREG(told.st_mode) and file.name.lstrip(".").partition(".")[2]:
                files.append((told.st_mtime, told.st_size, file))
        total = 0
        for count, (_, size, file) in enumerate(sorted(files, reverse=True)):
            total += size
            if count >= MOST_FILES or total > MOST_BYTES:
                file.unlink(missing_ok=True)


_SELDOM = 100_000


@contextmanager
def _seldom_collected() -> Generator[None]:
    """Nearly all that compiling makes stays: looking through it for garbage as often as usual costs a third."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _head(name: str) -> bytes:
    """What a file begins with, so that none is taken for another."""
    return f"muster cache {name}\n".encode()


def _is_ours(told: os.stat_result) -> bool:
    """Whether nobody but this user could have written it."""
    return told.st_uid == os.geteuid() and not told.st_mode & 0o022
