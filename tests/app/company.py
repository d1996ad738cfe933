"""The example company on a server of the tests: its plan in a repository, its people with accounts, and git as they use it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muster.access.verbs import Verb
from muster.app.plan_versions import PlanVersion
from muster.core.people import Duty
from muster.plan.edit import with_line
from muster.respond.ground import Told
from muster.store.plan_checkout import create_repository
from muster.store.plan_commits import Author
from muster.store.plan_repository import PlanRepository
from tests.app.stage import Person, Stage, opened
from tests.plan.shop_plan import example

WHEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOOR = Author("Noor Lindgren", "noor.lindgren@shop.example.invalid")
# Name of an account -> person of the example plan. Claire and Ines may sign the plan; Ada administers and is nobody.
PEOPLE = {
    "claire": "claire-fontaine", "ines": "ines-caruso", "noor": "noor-lindgren", "mika": "mika-sandoval",
    "tomas": "tomas-brandt", "helene": "helene-marsh", "jonas": "jonas-eklund",
}  # fmt: skip


@dataclass
class Company:
    """A stage with a plan repository. first: the commit of `muster init`."""

    stage: Stage
    place: Path
    first: str
    commits: dict[str, str] = field(default_factory=dict[str, str])

    def do(self, verb: Verb, who: str, /, **fields: Any) -> dict[str, Any]:
        """A verb by its person's name."""
        return self.stage.do(verb, self.stage.people[who], **fields)

    def who(self, name: str) -> Person:
        """Somebody, by name."""
        return self.stage.people[name]

    def version(self, commit: str) -> PlanVersion:
        """A version as the repository has it."""
        return self.stage.muster.world.versions.in_repository(commit)

    def committed(
        self, lines: Mapping[str, str] | None = None, *, branch: str = "main", **files: bytes
    ) -> str:
        """A commit as somebody makes it with git, on the tip of a branch: changed lines, or whole files (`name__yaml`)."""
        with PlanRepository(self.place) as repository:
            tip = repository.tip(branch) or self.first
            tree: Mapping[str, bytes] = repository.tree(tip)
            for line, text in (lines or {}).items():
                tree = with_line(tree, line, text)
            tree = {**tree, **{name.replace("__", "."): data for name, data in files.items()}}
            commit = repository.write(tree, (tip,), NOOR, WHEN, "Change the plan")
            repository.move(branch, commit, expected=repository.tip(branch))
        return commit

    def approve(self, commit: str, who: str = "claire", **fields: Any) -> dict[str, Any]:
        """Approves a version as it was read, upon all that was approved before."""
        found = {"commit": commit, "expected": self.stage.muster.world.now().approvals, **fields}
        if "sha256" not in found:
            found["sha256"] = self.version(commit).sha256
        return self.do(Verb.APPROVE_PLAN, who, **found)

    def told(self, stream: str = "") -> Told:
        """What a rule would be told now."""
        world, reading = self.stage.muster.world, self.stage.muster.record.ledger
        with reading.database.read() as connection:
            from muster.store.append import load

            state = load(connection, [stream], reading.folds, lock=False)[stream] if stream else None
        return world.told(world.now(), state)

    def declared(self, who: str = "noor", **fields: Any) -> str:
        """A new incident."""
        return str(self.do(Verb.DECLARE, who, **{"what": "The portal is slow", **fields})["incident"])

    def lesson(self, **edit: Any) -> tuple[int, dict[str, Any]]:
        """A lesson of a new incident, written as a change by Noor; its number, and the answer to the change."""
        noted = self.do(Verb.LESSON, "noor", incident=self.declared(), text="Look every quarter of an hour")
        wrote = self.do(Verb.WRITE_CHANGE, "noor", lesson=noted["lesson"], expected=1, **edit)
        return int(noted["lesson"]), wrote


_made: dict[str, tuple[Path, str]] = {}


def company(folder: Path, *, approved: bool = True, bare: bool = False, **settings: Any) -> Company:
    """A server with the example plan, approved by Claire unless told otherwise; everybody is tied to their person."""
    place = folder / "plan"
    if "plan" not in _made:
        _made["plan"] = (place, create_repository(place, example(), NOOR, WHEN, "The plan"))
        kept = place.with_name("plan-as-made")
        shutil.copytree(place, kept)
        _made["plan"] = (kept, _made["plan"][1])
    kept, first = _made["plan"]
    if not place.exists():
        shutil.copytree(kept, place)
    if bare:
        (place / ".git").rename(folder / "bare")
        place = folder / "bare"
    stage = opened(folder, plan=place, **settings)
    made = Company(stage, place, first)
    stage.person("ada", Duty.ADMINISTRATOR, Duty.RESPONDER)
    for name, person in PEOPLE.items():
        account = stage.person(name, Duty.RESPONDER).account
        made.do(Verb.TIE, "ada", account=account, person=person)
    if approved:
        made.approve(first)
    return made
