"""The Sigma rules that the detector is to match: of files and folders, and of the plan in force; the detector asks for them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from muster.app.world import World
from muster.core.errors import BadInput
from muster.plan.layout import is_rule

OF_PLAN = "plan/"
_ENDINGS = (".yml", ".yaml")
MOST_FILES = 20_000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class RuleTexts:
    """Rule files by path, and a version that changes when any of them does."""

    version: str
    files: dict[str, str]


@dataclass(frozen=True)
class RuleFiles:
    """Where the rules are. world: whose plan in force has rules too; they go by `plan/rules/NAME`."""

    places: tuple[Path, ...]
    world: World | None = None

    def version(self) -> str:
        """Changes when a file comes, goes or is written; cheap enough to be asked every few seconds."""
        found = hashlib.sha256()
        if self.world is not None:
            found.update(f"{self.world.now().commits.in_force}\n".encode())
        for file in self._files():
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
        left = MOST_BYTES - sum(map(len, files.values()))
        for file in self._files():
            try:
                data = file.read_bytes()
            except OSError as error:
                raise BadInput(
                    f"A rule file cannot be read: {error.strerror}.", str(file), "Mend its rights."
                ) from error
            left -= len(data)
            if len(files) >= MOST_FILES or left < 0:
                raise BadInput("There are too many rules.", str(file), "Give fewer folders with --rules.")
            # A file that is no UTF-8 reaches the compiler, which lists it with its reason.
            files[str(file)] = data.decode("utf-8", "replace")
        return RuleTexts(version, files)

    def _of_plan(self) -> dict[str, str]:
        plan = self.world.now().version if self.world else None
        rules = {} if plan is None else {path: data for path, data in plan.files.items() if is_rule(path)}
        return {f"{OF_PLAN}{path}": data.decode("utf-8", "replace") for path, data in sorted(rules.items())}

    def _files(self) -> list[Path]:
        found: list[Path] = []
        for place in self.places:
            if place.is_dir():
                found.extend(
                    sorted(file for file in place.rglob("*") if file.suffix in _ENDINGS and file.is_file())
                )
            elif place.is_file():
                found.append(place)
        return found
