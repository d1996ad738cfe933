"""What differs between two versions, line by line of the plan, for people who must say yes or no."""

from enum import StrEnum

from muster.core.text import shown
from muster.plan.lines import PlanLine, plan_lines
from muster.plan.part import Part
from muster.plan.plan import Half
from muster.plan.tree import Tree


class ChangeKind(StrEnum):
    """What happened to a line."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Change(Part):
    """One plan line that differs. line: in the new version, or in the old one when it was removed."""

    id: str
    kind: ChangeKind
    file: str
    line: int
    keys: tuple[str, ...]
    half: Half | None
    before: str | None
    after: str | None

    def sentence(self) -> str:
        """One line for a terminal, for example `roles.yaml:12, roles > scribe > primary: was "a", is "b"`."""
        place = f"{self.file}:{self.line}" + (f", {' > '.join(self.keys)}" if self.keys else "")
        match self.kind:
            case ChangeKind.ADDED:
                return shown(f'{place}: new, "{self.after}"')
            case ChangeKind.REMOVED:
                return shown(f'{place}: gone, was "{self.before}"')
            case ChangeKind.CHANGED:
                return shown(f'{place}: was "{self.before}", is "{self.after}"')


def diff(old: Tree, new: Tree) -> tuple[Change, ...]:
    """All lines that differ, in the order of files and lines. Moving or reformatting a line is no change."""
    touched = {path for path in (*old, *new) if old.get(path) != new.get(path)}
    before = plan_lines({path: data for path, data in old.items() if path in touched})
    after = plan_lines({path: data for path, data in new.items() if path in touched})
    changes = [
        _change(before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if not _same(before.get(name), after.get(name))
    ]
    return tuple(sorted(changes, key=lambda change: (change.file, change.line, change.id)))


def changed_lines(old: Tree, new: Tree) -> tuple[str, ...]:
    """The ids of the lines that are new or say something else: nobody has rehearsed them yet."""
    return tuple(change.id for change in diff(old, new) if change.kind is not ChangeKind.REMOVED)


def _same(before: PlanLine | None, after: PlanLine | None) -> bool:
    return before is not None and after is not None and before.text == after.text


def _change(before: PlanLine | None, after: PlanLine | None) -> Change:
    line = after or before
    if line is None:
        raise ValueError("a change has a line before or after")
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
    if before is not None and after is not None:
        kind = ChangeKind.CHANGED
    return Change(
        id=line.id,
        kind=kind,
        file=line.file,
        line=line.line,
        keys=line.keys,
        half=line.half,
        before=before.text if before else None,
        after=after.text if after else None,
    )
