"""What the world is just now: the plan in force and whose account is whose; and what a rule is told of it.

Read again at most once a second, and at once after a verb of this server that changes it, so that no request pays for
it: another server's approval counts a moment later.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from muster.access.accounts import ACCOUNTS
from muster.app.plan_versions import PlanVersion, PlanVersions
from muster.core.errors import MusterError
from muster.core.ids import ACCOUNTS_STREAM, PLAN_STREAM
from muster.plan.builtin import COMMIT
from muster.plan.plan import Pinned
from muster.plan.services import Service
from muster.prepare.approving import VERSIONS
from muster.record.context import PlanCommits
from muster.record.state import Folds, States, StreamState
from muster.respond.ground import Told
from muster.respond.runs import RUNS
from muster.store.append import load
from muster.store.database import Database

FRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Snapshot:
    """The world as it was read. version: the plan in force, None while none is approved or it cannot be read now.

    approved: commit -> hash of its files. problem: why the plan in force cannot be read, in words for people.
    """

    commits: PlanCommits
    version: PlanVersion | None = None
    approved: Mapping[str, str] = field(default_factory=dict[str, str])
    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    approvals: int = 0
    problem: str | None = None

    def fits(self, states: States) -> bool:
        """Whether it is still so by the states under lock: of those among them that tell the world."""
        plan, accounts = states.get(PLAN_STREAM), states.get(ACCOUNTS_STREAM)
        return (plan is None or plan.slice(VERSIONS).version == self.approvals) and (
            accounts is None or accounts.slice(ACCOUNTS).people() == self.accounts
        )


@dataclass
class World:
    """Reads the world."""

    database: Database
    folds: Folds
    versions: PlanVersions
    _read: Snapshot | None = None
    _at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> Snapshot:
        """The world as it is, or was a moment ago."""
        with self._lock:
            if self._read is None or time.monotonic() - self._at > FRESH_SECONDS:
                self._read = self._look()
                self._at = time.monotonic()
            return self._read

    def changed(self) -> None:
        """Something of it was changed here: look again at the next asking."""
        with self._lock:
            self._read = None

    def _look(self) -> Snapshot:
        with self.database.read() as connection:
            states = load(connection, [ACCOUNTS_STREAM, PLAN_STREAM], self.folds, lock=False)
        versions = states[PLAN_STREAM].slice(VERSIONS)
        accounts = states[ACCOUNTS_STREAM].slice(ACCOUNTS).people()
        commit = versions.in_force
        found = Snapshot(
            PlanCommits(commit or COMMIT, commit or COMMIT),
            approved=versions.approved,
            accounts=accounts,
            approvals=versions.version,
        )
        if commit is None:
            return found
        try:
            return replace(found, version=self.versions.approved(commit, versions.approved[commit]))
        except MusterError as error:
            # What is declared meanwhile is under the built-in plan, and its record says so.
            return replace(found, commits=PlanCommits(commit, COMMIT), problem=error.line())

    def services(self) -> Mapping[str, Service]:
        """The services of the plan in force; none while there is no plan."""
        version = self.now().version
        return version.plan.in_force.services if version and version.plan else {}

    def told(self, snapshot: Snapshot, state: StreamState | None = None) -> Told:
        """What a rule is told: of a stream what it pinned; of none yet, and of others, the plan in force."""
        in_force = snapshot.version.plan if snapshot.version else None
        pinned = self.version(snapshot, state.pinned if state and state.exists else None)
        runs = state.slice(RUNS).running.values() if state else ()
        others = {run.commit for run in runs} - {state.pinned if state else None}
        versions: dict[str, Pinned] = {}
        for commit in others:
            found = self.version(snapshot, commit)
            if found is not None and found.plan is not None:
                versions[commit] = found.plan.pinned
        return Told(
            pinned=pinned.plan.pinned if pinned and pinned.plan else None,
            in_force=in_force.in_force if in_force else None,
            accounts=snapshot.accounts,
            versions=versions,
            lines=pinned.lines() if pinned and runs else {},
        )

    def version(self, snapshot: Snapshot, commit: str | None) -> PlanVersion | None:
        """A version by its commit; of None, the one in force. None for the built-in plan, or when it cannot be read."""
        if commit is None or commit == snapshot.commits.in_force:
            return snapshot.version
        sha256 = snapshot.approved.get(commit)
        if sha256 is None:
            return None
        try:
            return self.versions.approved(commit, sha256)
        except MusterError:
            return None
