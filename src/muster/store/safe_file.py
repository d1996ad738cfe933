"""Writing a file so that it is there whole or not at all, also after a crash."""

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

Watch = Callable[[str], None]
"""Is told of named points that are passed; tests let the process end there."""


def nothing(_point: str) -> None:
    """The watch of ordinary running: named points pass unnoticed."""


def sync_folder(folder: Path) -> None:
    """Makes names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_safely(
    file: Path, data: bytes, *, mode: int = 0o600, watch: Watch = nothing, name: str = "file"
) -> None:
    """Writes beside, fsyncs, renames, fsyncs the folder. Raises OSError; then nothing of it is left.

    watch is told `NAME-fsync` before the rename and `NAME-rename` after it.
    """
    beside = file.with_name(f".{file.name}.{token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        watch(f"{name}-fsync")
        beside.rename(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    watch(f"{name}-rename")
    sync_folder(file.parent)
