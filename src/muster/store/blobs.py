"""Evidence by its hash: create-only, on local disk or an object store.

On local disk the file and its folder are fsynced before the entry's transaction, and an object that is already
there is hashed again before it counts as present; obstore alone does neither.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, from_url

from muster.core.errors import BadInput, Damaged, NotFound, Unavailable
from muster.store.safe_file import Watch, nothing, sync_folder

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A store of blobs by SHA-256."""

    def __init__(self, place: str, *, watch: Watch = nothing, make: bool = True) -> None:
        self.place = place
        self._watch = watch
        self._local = None if "://" in place else Path(place)
        try:
            if self._local is not None and (make or self._local.is_dir()):
                self._store = LocalStore(prefix=self._local, mkdir=make)
            elif self._local is not None:
                self._store = MemoryStore()  # the folder is gone, and with it all that was in it
            else:
                self._store = from_url(place)
        except Exception as error:
            raise BadInput(
                "The place of the blobs cannot be opened.",
                "--blobs",
                "Give a folder, or a URL such as s3://BUCKET.",
            ) from error

    def put(self, data: bytes) -> str:
        """Stores bytes durably; returns their SHA-256 in hex. Raises Unavailable; Damaged when another lies there."""
        name = hashlib.sha256(data).hexdigest()
        path = _path(name)
        try:
            obstore.put(self._store, path, data, mode="create")
        except AlreadyExistsError:
            if self.find(name) is None:
                self._mend(path, data)
        except Exception as error:
            raise Unavailable(
                "The evidence cannot be stored.",
                "blobs",
                "Nothing was written. Make room, or look at the store.",
            ) from error
        self._watch("blob-put")
        self._sync(path)
        return name

    def _mend(self, path: str, data: bytes) -> None:
        """Half a file may lie there after a crash; the content is known by its hash, so it can be put right."""
        try:
            obstore.put(self._store, path, data, mode="overwrite")
        except Exception as error:
            raise Damaged("A stored piece of evidence is damaged.", "blobs", "Look at the disk.") from error

    def _sync(self, path: str) -> None:
        if self._local is None:
            return
        file = self._local / path
        try:
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
            sync_folder(file.parent)
            sync_folder(file.parent.parent)
            sync_folder(self._local)
        except OSError as error:
            raise Unavailable("The evidence cannot be made safe.", "blobs", "Nothing was written.") from error

    def find(self, name: str) -> bytes | None:
        """The bytes of a blob, None when it is missing or its content is not what its name says."""
        if not _SHA256.fullmatch(name):
            return None
        try:
            data = bytes(obstore.get(self._store, _path(name)).bytes())
        except FileNotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == name else None

    def hash_now(self, name: str) -> str:
        """The SHA-256 of the bytes that lie under this name now, in hex; empty when nothing does."""
        if not _SHA256.fullmatch(name):
            return ""
        try:
            return hashlib.sha256(bytes(obstore.get(self._store, _path(name)).bytes())).hexdigest()
        except FileNotFoundError:
            return ""

    def get(self, name: str) -> bytes:
        """The bytes of a blob. Raises NotFound, or Damaged when its content is not what its name says."""
        data = self.find(name)
        if data is not None:
            return data
        if self.exists(name):
            raise Damaged(
                "This piece of evidence was changed after it was stored.", name, "Run `muster verify`."
            )
        raise NotFound("There is no such evidence.", name, "")

    def exists(self, name: str) -> bool:
        """Whether anything lies under the name."""
        try:
            obstore.head(self._store, _path(name))
        except FileNotFoundError:
            return False
        return True

    def names(self) -> Iterator[str]:
        """The names of all blobs."""
        for page in obstore.list(self._store):  # pyright: ignore[reportUnknownMemberType] - its stub names no types
            for item in page:
                name = item["path"].replace("/", "")
                if _SHA256.fullmatch(name):
                    yield name


def _path(name: str) -> str:
    return f"{name[:2]}/{name[2:]}"
