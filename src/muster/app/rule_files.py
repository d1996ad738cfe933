"""What the detector is to look for: Sigma rules and lists of indicators, of folders and of the plan in force; it asks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muster.app.plan_versions import PlanVersion
from muster.app.world import Snapshot, World
from muster.core.errors import BadInput
from muster.plan.ignores import Ignore
from muster.plan.layout import INDICATORS, TESTS, is_indicators, is_rule
from muster.plan.plan_vars import plan_vars

OF_PLAN = "plan/"
_ENDINGS = (".yml", ".yaml")
_LISTS = (".csv", ".json")
MOST_FILES = 20_000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class RuleTexts:
    """Rule files by path, ignores of the plan by name, lists of indicators by path; version: changes when any does."""

    version: str
    files: dict[str, str]
    ignores: Mapping[str, Ignore] = field(default_factory=dict[str, Ignore])
    indicators: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class RuleFiles:
    """Where the rules are. world: whose plan in force has rules too; they go by `plan/rules/NAME`.

    Lists of indicators lie in `indicators/` of a folder, or of the plan.

    While the plan in force cannot be read, the rules of the last one that could go on: nothing goes blind by it.
    """

    places: tuple[Path, ...]
    world: World | None = None
    _last: Snapshot | None = None

    def version(self) -> str:
        """Changes when a file comes, goes or is written; cheap enough to be asked every few seconds."""
        found = hashlib.sha256()
        told = self._world()
        if told is not None:
            found.update(f"{told.commits.in_force}\n".encode())
        for file in (*self._files(), *self._lists()):
            try:
                stat = file.stat()
            except OSError:  # it went away while the folder was read
                continue
            found.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return found.hexdigest()

    def read(self) -> RuleTexts:
        """All rule files. Raises BadInput when there are too many or one cannot be read."""
        version = self.version()
        files = self._of_plan()
        _add(files, self._files(), "rules")
        plan = self._in_force()
        ignores = plan.plan.in_force.ignores if plan and plan.plan else {}
        lists = {
            f"{OF_PLAN}{path}": data.decode("utf-8", "replace")
            for path, data in sorted(plan.files.items() if plan else ())
            if is_indicators(path)
        }
        _add(lists, self._lists(), "indicators")
        return RuleTexts(version, files, ignores, lists)

    def _of_plan(self) -> dict[str, str]:
        plan = self._in_force()
        rules = {} if plan is None else {path: data for path, data in plan.files.items() if is_rule(path)}
        if plan is not None and plan.plan is not None:
            rules |= plan_vars(plan.plan.in_force)
        return {f"{OF_PLAN}{path}": data.decode("utf-8", "replace") for path, data in sorted(rules.items())}

    def _in_force(self) -> PlanVersion | None:
        told = self._world()
        return told.version if told else None

    def _world(self) -> Snapshot | None:
        if self.world is None:
            return None
        now = self.world.now()
        if now.problem is None or self._last is None:
            self._last = now
        return self._last

    def _files(self) -> list[Path]:
        found: list[Path] = []
        for place in self.places:
            if place.is_dir():
                found.extend(
                    sorted(
                        file
                        for file in place.rglob("*")
                        if file.suffix in _ENDINGS and not file.name.endswith(TESTS) and file.is_file()
                    )
                )
            elif place.is_file():
                found.append(place)
        return found

    def _lists(self) -> list[Path]:
        found: list[Path] = []
        for place in self.places:
            folder = place / INDICATORS
            if folder.is_dir():
                found.extend(
                    sorted(file for file in folder.rglob("*") if file.suffix in _LISTS and file.is_file())
                )
        return found


def _add(files: dict[str, str], found: list[Path], what: str) -> None:
    """Reads files, within the bounds of all of their sort. Raises BadInput."""
    left = MOST_BYTES - sum(map(len, files.values()))
    for file in found:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise BadInput(
                f"A file of {what} cannot be read: {error.strerror}.", str(file), "Mend its rights."
            ) from error
        left -= len(data)
        if len(files) >= MOST_FILES or left < 0:
            raise BadInput(f"There are too many {what}.", str(file), "Give fewer files with --rules.")
        # A file that is no UTF-8 reaches the compiler or the reader of lists, which names it with its reason.
        files[str(file)] = data.decode("utf-8", "replace")
