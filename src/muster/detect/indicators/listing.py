"""A list as it came, whatever its format: CSV, STIX bundle, MISP event or feed (a ZIP file too), or a warning list."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from muster.core.errors import BadInput
from muster.detect.indicators import csv_list, entries, misp, stix_bundle, warning_list
from muster.detect.indicators.entries import MAX_BYTES, Tree
from muster.detect.indicators.indicator import Entry
from muster.detect.indicators.warning_list import WarningList

MAX_MEMBERS = 100_000


class Format(StrEnum):
    """What a list is written in."""

    CSV = "csv"
    STIX = "stix"
    MISP_EVENT = "misp-event"
    MISP_FEED = "misp-feed"
    MISP_HASHES = "misp-hashes"
    WARNING_LIST = "warning-list"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in its format: entries to be read once, or a warning list."""

    format: Format
    entries: Iterator[Entry]
    excluded: WarningList | None = None


def of_bytes(data: bytes, name: str) -> Listed:
    """The list in a file. Raises `BadInput` when it is none; what is wrong inside of it is an entry `Left`."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"The list is larger than {MAX_BYTES} bytes.", name, "Split it.")
    if data[:4] == b"PK\x03\x04":
        return of_files(_unpacked(data, name), name)
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return _of_tree(entries.tree(data, name), name)
    if name.rpartition("/")[2] == misp.HASHES:
        return Listed(Format.MISP_HASHES, misp.hashes(data))
    if not start:
        raise BadInput("The list is empty.", name, "Give a list of indicators.")
    return Listed(Format.CSV, csv_list.read(data))


def of_files(files: Mapping[str, bytes], name: str) -> Listed:
    """The list in a folder: a feed of MISP, or one file. Raises `BadInput`."""
    if any(path.rpartition("/")[2] == misp.MANIFEST for path in files):
        return Listed(Format.MISP_FEED, misp.feed(files))
    if len(files) != 1:
        raise BadInput("There is no manifest.json.", name, "Give a feed of MISP, or lists one by one.")
    ((member, data),) = files.items()
    if data[:4] == b"PK\x03\x04":
        raise BadInput("An archive within an archive.", name, "Unpack it.")
    return of_bytes(data, member)


def as_exclusion(listed: Listed, name: str) -> WarningList:
    """The list as one of what is harmless: a warning list, or the values of any other."""
    return listed.excluded if listed.excluded is not None else warning_list.plain(listed.entries, name)


def _of_tree(found: object, name: str) -> Listed:
    if isinstance(found, dict):
        tree = cast("Tree", found)
        if tree.get("type") == "bundle":
            return Listed(Format.STIX, stix_bundle.read(tree))
        if "Event" in tree or "Attribute" in tree:
            return Listed(Format.MISP_EVENT, misp.event(tree))
        if "list" in tree:
            return Listed(Format.WARNING_LIST, iter(()), warning_list.read(tree, name))
    raise BadInput(
        "This JSON is no list of indicators.",
        name,
        "Give a STIX bundle, an event of MISP, or a warning list.",
    )


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises of strangers' bytes: broken, cut, packed in an unknown way, locked by a password, impossible dates."""


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MAX_MEMBERS:
                raise BadInput("The archive has too many files.", name, f"Give at most {MAX_MEMBERS}.")
            for one in members:
                with archive.open(one) as stream:
                    content = stream.read(MAX_BYTES - total + 1)
                total += len(content)
                if total > MAX_BYTES:
                    raise BadInput(f"The archive holds more than {MAX_BYTES} bytes.", name, "Split it.")
                files[one.filename] = content
    except _DAMAGED as fault:
        raise BadInput(
            "The archive is damaged, or packed in an unknown way.", name, "Pack it anew."
        ) from fault
    return files
