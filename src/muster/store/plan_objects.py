"""Objects and refs of a plan's git repository, read as hostile input: checked before they are inflated or followed."""

import hashlib
import os
import re
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from dulwich.file import FileLocked
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import DiskRefsContainer, Ref

from muster.core.errors import BadInput, MusterError, NotFound, Unavailable
from muster.core.text import shown
from muster.store.packed_sizes import PackedSizes

MAX_OBJECT: Final = 1024 * 1024
MAX_REFS: Final = 10_000
FILE_MODES: Final = (0o100644, 0o100755, 0o100664)
FOLDER_MODE: Final = 0o040000
_LINK_MODE, _MODULE_MODE = 0o120000, 0o160000
_SHA = re.compile(r"[0-9a-f]{40}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_NO_GIT = "Give the folder of a git repository, or make one: `muster init DIR`."
_NAMES = {Blob.type_num: b"blob", Tree.type_num: b"tree", Commit.type_num: b"commit"}


class GitObjects:
    """The objects and refs of one repository. Raises BadInput when it is none, or one that is not to be trusted."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = git_folder(place)
        objects = self.folder / "objects"
        self._store = DiskObjectStore(objects, fsync_object_files=True, loose_object_size_limit=MAX_OBJECT)
        self._refs = DiskRefsContainer(self.folder)
        self._sizes = PackedSizes(objects / "pack", MAX_OBJECT)
        self._closing = weakref.finalize(self, _close, self._store, self._sizes)

    def close(self) -> None:
        """Lets go of open packs; whoever forgets it has it done when nobody refers to this any more."""
        self._closing()

    def ref(self, name: str) -> str | None:
        """The commit that a ref names, None when there is no such ref."""
        with careful(self.place):
            try:
                found = self._refs[Ref(name.encode())]
            except KeyError:
                return None
            return sha(found.decode("ascii", "replace"))

    def branches(self) -> tuple[str, ...]:
        """The names of all branches."""
        with careful(self.place):
            names = self._refs.keys(base=Ref(b"refs/heads/"))
            return tuple(sorted(name.decode("utf-8", "replace") for name in names))

    def set_ref(self, name: str, new: str, expected: str | None) -> bool:
        """Whether the ref still named what was expected (None: did not exist), and names the new commit now."""
        ref, to = Ref(name.encode()), ObjectID(sha(new).encode())
        with careful(self.place):
            if expected is None:  # for dulwich, an expected value of None would mean: whatever is there
                return self._refs.add_if_new(ref, to)
            return self._refs.set_if_equals(ref, ObjectID(sha(expected).encode()), to)

    def commit(self, commit: str) -> Commit:
        """A commit object."""
        data = self._raw(commit, Commit.type_num, commit)
        with careful(self.place):
            found = Commit()
            found.set_raw_string(data)
            sha(found.tree.decode())
            return found

    def entries(self, tree: str, folder: str = "") -> list[tuple[str, int, str]]:
        """Name, mode and object of all that lies in a folder."""
        data = self._raw(tree, Tree.type_num, folder or tree)
        with careful(self.place):
            found = Tree()
            found.set_raw_string(data)
            return [
                (item.path.decode("utf-8", "backslashreplace"), item.mode, item.sha.decode())
                for item in found.items()
            ]

    def blob(self, blob: str, path: str) -> bytes:
        """The bytes of a file."""
        return self._raw(blob, Blob.type_num, path)

    def add(self, thing: ShaFile) -> None:
        """Stores an object durably."""
        with careful(self.place):
            self._store.add_object(thing)

    def _raw(self, name: str, kind: int, where: str) -> bytes:
        """An object's bytes: small enough, of the kind that is expected, and what its name says."""
        with careful(self.place):
            wanted = ObjectID(sha(name).encode())
            self._sizes.check(wanted, where)
            try:
                number, data = self._store.get_raw(wanted)
            except KeyError:
                raise NotFound("The repository does not hold this object.", name, "Fetch it whole.") from None
            digest = hashlib.sha1(
                b"%s %d\0" % (_NAMES.get(number, b"?"), len(data)) + data, usedforsecurity=False
            )
            if number != kind or digest.hexdigest() != name:
                raise BadInput(
                    "A git object is damaged.", name, "Run `git fsck`, or clone the repository anew."
                )
            return data


def _close(store: DiskObjectStore, sizes: PackedSizes) -> None:
    sizes.close()
    store.close()


def git_folder(place: Path) -> Path:
    """Where objects and refs lie; nothing on the way to them may be a link to elsewhere."""
    git = place / ".git" if os.path.lexists(place / ".git") else place
    if (git != place and git.is_file()) or (git / "commondir").exists():
        raise BadInput("This is a linked work tree.", str(place), "Give the repository that it belongs to.")
    if not ((git / "objects").is_dir() and (git / "refs").is_dir() and os.path.lexists(git / "HEAD")):
        raise BadInput("This is no git repository.", str(place), _NO_GIT)
    for part in (git, git / "objects", git / "objects" / "pack", git / "objects" / "info", git / "refs"):
        if part != place and part.is_symlink():
            _refuse_link(part)
    for part in ("HEAD", "packed-refs"):
        if (git / part).is_symlink():
            _refuse_link(git / part)
    for name in ("alternates", "http-alternates"):
        if os.path.lexists(git / "objects" / "info" / name):
            raise BadInput(
                "The repository borrows objects from elsewhere.",
                str(git / "objects" / "info" / name),
                "Clone it whole: `git clone --no-local`, or `git repack -a -d` and remove this file.",
            )
    _check_refs(git / "refs")
    return git


def _check_refs(refs: Path) -> None:
    count = 0
    for folder, folders, names in os.walk(refs):
        for name in (*folders, *names):
            count += 1
            if Path(folder, name).is_symlink():
                _refuse_link(Path(folder, name))
            if count > MAX_REFS:
                raise BadInput(
                    f"More than {MAX_REFS} refs.", str(refs), "Use a repository of the plan's own."
                )


def _refuse_link(part: Path) -> NoReturn:
    raise BadInput(
        "A part of the repository is a symbolic link.",
        shown(str(part)),
        "Clone it anew; links are not followed.",
    )


def refuse_mode(path: str, mode: int) -> NoReturn:
    """Says what it is that is no plain file."""
    what = {_LINK_MODE: "a symbolic link", _MODULE_MODE: "a submodule"}.get(mode, "no plain file")
    raise BadInput(f"This is {what}.", path, "A plan holds plain files only; remove it and commit.")


@contextmanager
def careful(place: Path) -> Generator[None]:
    """Whatever damaged or hostile objects make dulwich raise ends as one line that names the repository."""
    try:
        yield
    except MusterError:
        raise
    except FileLocked as error:
        raise Unavailable(
            "Somebody else is writing to the repository.", str(place), "Try again in a moment."
        ) from error
    except OSError as error:
        raise Unavailable(
            f"The repository cannot be used: {error.strerror or 'an error of the disk'}.",
            str(place),
            "Look at its permissions.",
        ) from error
    except Exception as error:
        raise BadInput(
            "The repository is damaged.", str(place), "Run `git fsck`, or clone it anew."
        ) from error


def sha(text: str) -> str:
    """The name of an object, if it is one. Raises BadInput."""
    if not _SHA.fullmatch(text):
        raise BadInput(
            "This is no commit.", "commit", "Muster reads repositories with SHA-1 names: 40 hex digits."
        )
    return text


def branch_name(name: str) -> str:
    """The name of a branch, if git and every disk take it for one. Raises BadInput."""
    if not _BRANCH.fullmatch(name) or name.endswith((".lock", ".")) or ".." in name or len(name) > 200:
        raise BadInput("This is no name of a branch.", "branch", "Use letters, digits, hyphens and slashes.")
    return name
