"""Versions of the plan as a server has them: read from the repository once, kept as blobs, and read from there."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from muster.core.errors import Damaged, Refused
from muster.plan.finding import Finding, hindering
from muster.plan.lint import lint
from muster.plan.load import Loaded, load
from muster.plan.plan import Plan
from muster.plan.versions import file_hashes, hash_of_files
from muster.store.blobs import Blobs
from muster.store.plan_repository import PlanRepository

KEPT = 8


@dataclass(frozen=True)
class PlanVersion:
    """One version: its files, its hash, what could be loaded of it; plan is None where it cannot be read as one."""

    commit: str
    sha256: str
    files: Mapping[str, bytes]
    loaded: Loaded

    @property
    def plan(self) -> Plan | None:
        """The typed plan."""
        return self.loaded.plan

    def findings(self, now: datetime) -> tuple[Finding, ...]:
        """What the linter says."""
        return lint(self.loaded, now)

    def problems(self, now: datetime) -> int:
        """How many problems must be mended before it can be approved."""
        return len(hindering(self.findings(now)))

    def lines(self) -> Mapping[tuple[str, str], int]:
        """Where the steps of the playbooks stand: file and `steps.NAME` -> line."""
        found: dict[tuple[str, str], int] = {}
        if self.plan is None:
            return found
        for name, playbook in self.plan.pinned.playbooks.items():
            file = f"playbooks/{name}.yaml"
            for step in playbook.steps:
                found[file, f"steps.{step}"] = self.loaded.line(file, ("steps", step))
        return found


@dataclass
class PlanVersions:
    """Reads versions. repository: where `serve --plan` points; None: this server has none."""

    blobs: Blobs
    repository: Path | None = None
    _kept: "OrderedDict[str, PlanVersion]" = field(default_factory=OrderedDict[str, PlanVersion])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> PlanRepository:
        """The repository. Raises BadInput when there is none, or it is not to be trusted."""
        if self.repository is None:
            raise Refused(
                "This server has no plan repository.", "--plan", "Start it with `muster serve --plan DIR`."
            )
        return PlanRepository(self.repository)

    def in_repository(self, commit: str) -> PlanVersion:
        """A version as the repository has it. Raises NotFound, BadInput, Refused."""
        with self.open() as repository:
            return version_of(commit, repository.tree(commit))

    def keep(self, version: PlanVersion) -> None:
        """Puts the files of a version and their listing into the blob store. Raises Unavailable, Damaged."""
        for data in version.files.values():
            self.blobs.put(data)
        self.blobs.put(listing(file_hashes(version.files)))

    def approved(self, commit: str, sha256: str) -> PlanVersion:
        """An approved version, from the blob store, never from the repository. Raises NotFound, Damaged."""
        with self._lock:
            found = self._kept.get(sha256)
            if found is not None:
                self._kept.move_to_end(sha256)
                return found if found.commit == commit else replace(found, commit=commit)
        read = version_of(commit, self._files(sha256))
        with self._lock:
            self._kept[sha256] = read
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return read

    def _files(self, sha256: str) -> dict[str, bytes]:
        hashes: dict[str, str] = {}
        for line in self.blobs.get(sha256).decode("utf-8", "surrogatepass").split("\n")[:-1]:
            digest, _, path = line.partition("  ")
            hashes[path] = digest
        if hash_of_files(hashes) != sha256:
            raise Damaged("The list of files of an approved plan is damaged.", sha256, "Run `muster verify`.")
        return {path: self.blobs.get(digest) for path, digest in hashes.items()}


def listing(hashes: Mapping[str, str]) -> bytes:
    """The list of files whose SHA-256 is the hash of the version."""
    ordered = sorted(hashes.items(), key=lambda item: item[0].encode("utf-8", "surrogatepass"))
    return "".join(f"{digest}  {path}\n" for path, digest in ordered).encode("utf-8", "surrogatepass")


def version_of(commit: str, files: Mapping[str, bytes]) -> PlanVersion:
    """A version from its files; all of them count into its hash."""
    return PlanVersion(commit, hash_of_files(file_hashes(files)), dict(files), load(files))
