"""What `muster detect` reads: files, folders and archives of rules and of events, each within bounds.

Archives are read in place, member by member; nothing is unpacked to disk, so the paths in them are labels only.
"""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from muster.core.errors import BadInput

BATCH_LINES = 5_000
BATCH_BYTES = 16 * 2**20
MAX_DOCUMENT = 256 * 2**20
"""Of a JSON array: it has to be in memory as a whole."""
MAX_FILES = 200_000
"""In one folder or archive."""
MAX_RULE_FILE = 8 * 2**20
MAX_UNPACKED = 64 * 2**30
"""Of one source of events."""

_RULES = (".yml", ".yaml")
_EVENTS = (".jsonl", ".ndjson", ".json")
_TAR = (".tar", ".tar.gz", ".tgz")
DAMAGED = (
    OSError,
    EOFError,
    zlib.error,
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


def event_streams(path: Path, errors: list[str]) -> Iterator[tuple[str, str | None, IO[bytes]]]:
    """Each file of events with the path and the member that name it; errors as in `rule_files`."""

    def wanted(name: str) -> bool:
        if name.endswith(".zst") and not _zstd():
            errors.append(
                f"{shown_name(path)}: {shown_name(name)}: zstd is read from Python 3.14 on; unpack it first"
            )
            return False
        return name.removesuffix(".gz").removesuffix(".zst").endswith(_EVENTS)

    try:
        if path.is_dir():
            for file in _walk(path, lambda name: _is_archive(name) or wanted(name)):
                yield from event_streams(file, errors)
        elif _is_archive(path.name):
            for member, stream in _members(path, wanted):
                yield shown_name(path), shown_name(member), _unpacked(member, stream)
        elif not path.name.endswith(".zst") or wanted(path.name) or _zstd():
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
        if wanted(file.name) and file.is_file():
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
    if name.endswith(".gz"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if name.endswith(".zst"):
        return cast("IO[bytes]", cast("Any", _zstd()).ZstdFile(stream))
    return stream


def _zstd() -> object:
    try:
        return import_module("compression.zstd")
    except ImportError:
        return None


def batches(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Lines that are not blank, in batches bounded by number and bytes; a JSON array gives its elements."""
    from muster.detect import events

    buffered = io.BufferedReader(cast("Any", stream)) if not hasattr(stream, "peek") else cast("Any", stream)
    if bytes(buffered.peek(64)[:64]).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        data: bytes = buffered.read(MAX_DOCUMENT + 1)
        if len(data) > MAX_DOCUMENT:
            raise BadInput(f"A JSON array of more than {MAX_DOCUMENT} bytes.", "", "Write it as JSON lines.")
        elements = events.split_document(data)
        lines = events.split(data) if elements is None else elements
        for start in range(0, len(lines), BATCH_LINES):
            yield lines[start : start + BATCH_LINES]
        return
    yield from _line_batches(buffered, events.MAX_LINE)


def _line_batches(stream: IO[bytes], longest: int) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    size = total = 0
    while line := stream.readline(longest + 1):
        rest = line
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = stream.readline(longest + 1)  # the end of a line that is too long is read and dropped
            total += len(rest)
        text = line.strip() if len(line) <= longest else line
        total += len(line)
        if total > MAX_UNPACKED:
            raise BadInput(f"More than {MAX_UNPACKED} bytes unpacked.", "", "Split it.")
        if text:
            lines.append(text)
            size += len(text)
        if len(lines) >= BATCH_LINES or size >= BATCH_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def why(fault: BaseException) -> str:
    if isinstance(fault, BadInput):
        return fault.what.removesuffix(".")
    return (fault.strerror if isinstance(fault, OSError) else None) or str(fault) or type(fault).__name__
