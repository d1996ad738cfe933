"""What `muster detect` opens: files, folders and archives of rules and of events, each within bounds.

Archives are read in place, member by member; nothing is unpacked to disk, so the paths in them are labels only.
How a stream becomes lines is in `cli_detect_lines`.
"""

import gzip
import lzma
import re
import sys
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from muster.core.errors import BadInput

MAX_FILES = 200_000
"""In one folder or archive."""
MAX_RULE_FILE = 8 * 2**20

_RULES = (".yml", ".yaml")
_EVENTS = re.compile(r"\.(?:jsonl|ndjson|json|evtx|xml|log(?:[.-][0-9]+)?)(?:\.gz|\.zst)?$", re.IGNORECASE)
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
"""Part of Python from 3.14 on, a package before."""
DAMAGED: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)
"""What damaged files and archives raise."""


def rule_files(path: Path, errors: list[str]) -> Iterator[tuple[str, bytes]]:
    """Each rule file with the label that names it; what cannot be read is added to `errors`, as one line each."""
    try:
        if path.is_dir():
            for file in _walk(path, lambda name: name.endswith(_RULES)):
                yield from rule_files(file, errors)
        elif _is_archive(path.name):
            for member, stream in _members(path, lambda name: name.endswith(_RULES)):
                yield shown_name(f"{path}:{member}"), stream.read(MAX_RULE_FILE + 1)
        else:
            with path.open("rb") as stream:
                yield shown_name(path), stream.read(MAX_RULE_FILE + 1)
    except (*DAMAGED, BadInput) as fault:
        errors.append(f"{shown_name(path)}: {why(fault)}")


def event_streams(
    path: Path, errors: list[str], passed_over: Counter[str] | None = None
) -> Iterator[tuple[str, str | None, IO[bytes]]]:
    """Each file of events with the path and the member that name it; errors as in `rule_files`.

    A file that is named itself is read whatever its name. In folders and archives the name tells: the others are
    counted in `passed_over` by their suffix.
    """

    def wanted(name: str) -> bool:
        if _EVENTS.search(name):
            return True
        if passed_over is not None:
            passed_over[Path(name).suffix.lower()[:20]] += 1
        return False

    try:
        if path.is_dir():
            for file in _walk(path, lambda name: _is_archive(name) or wanted(name)):
                yield from event_streams(file, errors, passed_over)
        elif _is_archive(path.name):
            for member, stream in _members(path, wanted):
                yield shown_name(path), shown_name(member), _unpacked(member, stream)
        else:
            with path.open("rb") as stream:
                yield shown_name(path), None, _unpacked(path.name, stream)
    except (*DAMAGED, BadInput) as fault:
        errors.append(f"{shown_name(path)}: {why(fault)}")


def shown_name(name: object) -> str:
    """A path or a member's name as text that can be written: bytes that are no UTF-8 become U+FFFD."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _walk(folder: Path, wanted: Callable[[str], bool]) -> Iterator[Path]:
    for count, file in enumerate(sorted(folder.rglob("*"))):
        if count >= MAX_FILES:
            raise BadInput(f"More than {MAX_FILES} files.", str(folder), "Give its parts one by one.")
        if file.is_file() and wanted(file.name):
            yield file


def _is_archive(name: str) -> bool:
    return name.endswith((*_TAR, ".zip"))


def _members(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, IO[bytes]]]:
    """The files in an archive, in its order, each to be read before the next is asked for."""
    seen = 0
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path) as packed:
            for entry in packed.infolist()[:MAX_FILES]:
                if not entry.is_dir() and wanted(entry.filename):
                    with packed.open(entry) as stream:
                        yield entry.filename, stream
            seen = len(packed.infolist())
    else:
        with tarfile.open(path, "r|*") as tape:
            for entry in tape:
                seen += 1
                if seen > MAX_FILES:
                    break
                content = tape.extractfile(entry) if entry.isreg() and wanted(entry.name) else None
                if content is not None:
                    yield entry.name, content
                cast("Any", tape).members = []  # or the list of members grows for ever
    if seen > MAX_FILES:
        raise BadInput(f"More than {MAX_FILES} files.", str(path), "Give its parts one by one.")


def _unpacked(name: str, stream: IO[bytes]) -> IO[bytes]:
    if name.lower().endswith(".gz"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if name.lower().endswith(".zst"):
        return cast("IO[bytes]", zstd.ZstdFile(stream))
    return stream


def why(fault: BaseException) -> str:
    if isinstance(fault, BadInput):
        return fault.what.removesuffix(".")
    return (fault.strerror if isinstance(fault, OSError) else None) or str(fault) or type(fault).__name__
