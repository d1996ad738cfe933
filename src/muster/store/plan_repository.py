"""The plan's git repository: reading versions, writing drafts, and asking which lesson a line came from.

Objects and refs only, by dulwich, as hostile input: no work tree, hook, filter, attribute or configuration is read, no
git command is run, and what is damaged ends as one clear line.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, Self

from dulwich.objects import Blob, Commit, ObjectID, Tree

from muster.core.errors import BadInput, Conflict, NotFound, Refused
from muster.core.text import shown
from muster.plan.diff import Change, diff
from muster.plan.lines import file_lines
from muster.plan.tree import MAX_FILES, check_path, check_size, check_tree
from muster.store.plan_commits import Author, PlanCommit, read_commit, signature, whole_message
from muster.store.plan_objects import FILE_MODES, FOLDER_MODE, GitObjects, branch_name, refuse_mode, sha

DRAFTS: Final = "drafts/"
MAX_COMMITS: Final = 5_000


class StaleDraft(Refused):
    """The plan in force changed since the draft was begun; `changes` says what, `in_force` is the new base."""

    slug = "stale-draft"
    title = "The plan changed meanwhile"

    def __init__(self, changes: tuple[Change, ...], in_force: str) -> None:
        said = "; ".join(change.sentence() for change in changes[:3])
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        super().__init__(
            f"The plan in force changed since this draft was begun: {said or 'its history only'}{more}.",
            "draft",
            "Begin again from the plan in force, and put your change in.",
        )
        self.changes = changes
        self.in_force = in_force


class PlanRepository:
    """A plan repository, bare or with a work tree. Raises BadInput when it is none, or one that is not to be trusted."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._objects = GitObjects(place)

    @property
    def has_work_tree(self) -> bool:
        """Whether files are checked out beside the repository."""
        return (self.place / ".git").exists()

    def close(self) -> None:
        """Lets go of open files."""
        self._objects.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> str:
        """The commit that HEAD names. Raises BadInput when there is none yet."""
        found = self._objects.ref("HEAD")
        if found is None:
            raise BadInput("The repository has no commit yet.", str(self.place), "Commit the plan first.")
        return found

    def tip(self, branch: str) -> str | None:
        """The newest commit of a branch, None when there is no such branch."""
        return self._objects.ref(f"refs/heads/{branch_name(branch)}")

    def branches(self) -> tuple[str, ...]:
        """The names of all branches."""
        return self._objects.branches()

    def commit(self, commit: str) -> PlanCommit:
        """One commit. Raises NotFound or BadInput."""
        return read_commit(commit, self._objects.commit(commit))

    def commits(self, tip: str, most: int = 200) -> tuple[PlanCommit, ...]:
        """A commit and those before it, by first parents, the newest first."""
        found: list[PlanCommit] = []
        following: str | None = tip
        while following is not None and len(found) < most:
            one = self.commit(following)
            found.append(one)
            following = one.parents[0] if one.parents else None
        return tuple(found)

    def tree(self, commit: str) -> dict[str, bytes]:
        """All files of a commit by path. Raises BadInput for links, submodules, odd names, and beyond the limits."""
        files = {path: self._blob(path, name) for path, name in self._paths(commit)}
        check_tree(files)
        return files

    def write_draft(
        self,
        branch: str,
        files: Mapping[str, bytes],
        *,
        parent: str,
        in_force: str | None,
        expected: str | None,
        author: Author,
        when: datetime,
        message: str,
        trailers: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Writes a commit on a branch below `drafts/`; answers its id.

        in_force: the commit of the plan in force, None while none is approved; a draft must begin there.
        expected: what the branch names now, None when it does not exist yet.
        Raises StaleDraft, Conflict when somebody else moved the branch, BadInput, Unavailable.
        """
        if not branch.startswith(DRAFTS):
            raise BadInput("A draft goes to a branch of its own.", "branch", f"Call it {DRAFTS}SOMETHING.")
        if in_force is not None and parent != in_force:
            raise StaleDraft(diff(self.tree(parent), self.tree(in_force)), in_force)
        commit = self.write(files, (parent,), author, when, message, trailers)
        self.move(branch, commit, expected=expected)
        return commit

    def move(self, branch: str, to: str, *, expected: str | None) -> None:
        """Lets a branch name another commit, if it still names what was expected. Raises Conflict, Unavailable."""
        self._objects.commit(to)
        if not self._objects.set_ref(f"refs/heads/{branch_name(branch)}", to, expected):
            raise Conflict(
                "Somebody else changed this draft first.",
                f"branch {branch}",
                "Look at theirs, then write yours again.",
                theirs=self.tip(branch) or "",
                yours=to,
                version=0,
            )

    def blame(self, commit: str, file: str, line: int) -> PlanCommit:
        """The commit that brought a line of a file (counted from 1) into its words. Raises NotFound."""
        lines = self._lines(commit, file)
        if lines is None or not 1 <= line <= len(lines):
            raise NotFound("There is no such line.", f"{shown(file)}:{line}", "Look at the file.")
        at, place = commit, line - 1
        for _ in range(MAX_COMMITS):
            for parent in self.commit(at).parents:
                before = self._lines(parent, file)
                moved = None if before is None else _same_line(before, lines, place)
                if before is not None and moved is not None:
                    at, lines, place = parent, before, moved
                    break
            else:
                return self.commit(at)
        return self.commit(at)

    def blame_line(self, commit: str, line_id: str) -> PlanCommit:
        """The commit that gave a plan line what it says, wherever the line stood. Raises NotFound."""
        known: dict[str, str | None] = {}
        text = self._says(commit, line_id, known)
        if text is None:
            raise NotFound("The plan has no such line.", shown(line_id), "Look at the plan of that commit.")
        at = commit
        for _ in range(MAX_COMMITS):
            same = [one for one in self.commit(at).parents if self._says(one, line_id, known) == text]
            if not same:
                break
            at = same[0]
        return self.commit(at)

    def _says(self, commit: str, line_id: str, known: dict[str, str | None]) -> str | None:
        """The text of a plan line in a commit; each version of the file is read once."""
        file = line_id.partition("#")[0]
        found = self._file(commit, file)
        if found is None:
            return None
        if found not in known:
            lines = file_lines(file, self._blob(file, found))
            known[found] = next((line.text for line in lines if line.id == line_id), None)
        return known[found]

    def _lines(self, commit: str, file: str) -> list[bytes] | None:
        found = self._file(commit, file)
        return None if found is None else self._blob(file, found).splitlines()

    def _file(self, commit: str, file: str) -> str | None:
        """The object of one file, found folder by folder."""
        tree = self._objects.commit(commit).tree.decode()
        *folders, name = check_path(file).split("/")
        for folder in folders:
            entry = next((one for one in self._objects.entries(tree) if one[0] == folder), None)
            if entry is None or entry[1] != FOLDER_MODE:
                return None
            tree = entry[2]
        entry = next((one for one in self._objects.entries(tree) if one[0] == name), None)
        return entry[2] if entry and entry[1] in FILE_MODES else None

    def _paths(self, commit: str) -> Iterator[tuple[str, str]]:
        waiting = [("", self._objects.commit(commit).tree.decode())]
        seen = 0
        while waiting:
            folder, tree = waiting.pop()
            for name, mode, child in self._objects.entries(tree, folder):
                path = check_path(f"{folder}{name}" if "/" not in name else "")
                seen += 1
                if seen > MAX_FILES:
                    raise BadInput(
                        f"More than {MAX_FILES} files.", str(self.place), "A plan holds small files, and few."
                    )
                if mode == FOLDER_MODE:
                    waiting.append((f"{path}/", child))
                elif mode in FILE_MODES:
                    yield path, child
                else:
                    refuse_mode(path, mode)

    def _blob(self, path: str, name: str) -> bytes:
        data = self._objects.blob(name, path)
        check_size(path, len(data))
        return data

    def write(
        self,
        files: Mapping[str, bytes],
        parents: tuple[str, ...],
        author: Author,
        when: datetime,
        message: str,
        trailers: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Writes a commit that no ref names yet; answers its id."""
        check_tree(files)
        commit = Commit()
        commit.tree = self._write_tree(files)
        commit.parents = [ObjectID(sha(parent).encode()) for parent in parents]
        commit.author = commit.committer = signature(author)
        commit.author_time = commit.commit_time = int(when.timestamp())
        offset = when.utcoffset() or timedelta()
        commit.author_timezone = commit.commit_timezone = int(offset.total_seconds())
        commit.encoding = b"UTF-8"
        commit.message = whole_message(message, trailers).encode("utf-8", "replace")
        self._objects.add(commit)
        return commit.id.decode()

    def _write_tree(self, files: Mapping[str, bytes]) -> ObjectID:
        tree, folders = Tree(), dict[str, dict[str, bytes]]()
        for path, data in files.items():
            folder, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(folder, {})[rest] = data
            else:
                blob = Blob.from_string(data)
                self._objects.add(blob)
                tree.add(path.encode(), 0o100644, blob.id)
        for folder, inside in folders.items():
            if folder in files:
                raise BadInput("A file and a folder have the same name.", folder, "Rename one of them.")
            tree.add(folder.encode(), FOLDER_MODE, self._write_tree(inside))
        self._objects.add(tree)
        return tree.id


def _same_line(before: list[bytes], after: list[bytes], place: int) -> int | None:
    """Where a line of the new version stood in the old one, None when it is new."""
    if before == after:
        return place
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if block.b <= place < block.b + block.size:
            return block.a + place - block.b
    return None
