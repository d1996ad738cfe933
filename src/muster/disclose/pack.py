"""A pack of obligations out of files, for clocks without a record: what is wrong is named with file and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from muster.core.errors import BadInput
from muster.core.text import shown
from muster.plan.complaints import complaints
from muster.plan.facts import AskedFact, Facts
from muster.plan.obligations import Anchor, Obligation, Unit
from muster.plan.part import Part
from muster.plan.tree import Tree
from muster.plan.yaml_text import Flaw, KeyPath, Parsed, read_yaml

_P = TypeVar("_P", bound=Part)
QUESTIONS = "facts.yaml"


@dataclass(frozen=True, slots=True)
class Pack:
    """Obligations by name, and the questions of the plan beside them; none, where only obligations were given."""

    obligations: Mapping[str, Obligation]
    questions: Mapping[str, AskedFact] = field(default_factory=dict[str, AskedFact])


def read_pack(files: Tree) -> Pack:
    """The pack of these files: `facts.yaml` holds questions, each other one an obligation of the file's name.

    Raises BadInput for the first thing that is wrong, with file and line.
    """
    obligations: dict[str, Obligation] = {}
    questions: Mapping[str, AskedFact] = {}
    for path in sorted(files):
        name = path.rpartition("/")[2]
        if name == QUESTIONS:
            questions = _read(Facts, path, files[path])[0].facts
            continue
        obligation, parsed = _read(Obligation, path, files[path])
        _check_stages(obligation, path, parsed)
        obligations[name.rpartition(".")[0] or name] = obligation
    return Pack(obligations, questions)


def _read(model: type[_P], path: str, data: bytes) -> tuple[_P, Parsed]:
    try:
        parsed = read_yaml(data)
    except Flaw as flaw:
        raise _wrong(path, flaw.line, flaw.what, flaw.mend) from None
    if not isinstance(parsed.value, dict):
        raise _wrong(path, 1, "The file holds no fields.", "Look at obligations/ of `muster init`.")
    try:
        return model.model_validate(parsed.value), parsed
    except ValidationError as error:
        first = next(complaints(model, error))
        raise _wrong(path, parsed.line(first.path), first.what, first.mend) from None


def _check_stages(obligation: Obligation, path: str, parsed: Parsed) -> None:
    """A stage without a deadline, or one that waits for nothing, would never be seen to be late. Raises BadInput."""
    for name, stage in obligation.stages.items():
        at: KeyPath = ("stages", name)
        if (stage.quantity is None) != (stage.unit is Unit.AT_ONCE):
            mend = "Give a quantity, or say `unit: at-once` without one."
            raise _wrong(path, parsed.line((*at, "unit")), f"The stage `{name}` has no deadline.", mend)
        waits = stage.anchor is Anchor.SUBMITTED
        if waits != (stage.after is not None) or (waits and stage.after not in obligation.stages):
            what = f"The stage `{name}` does not say which filing starts its clock."
            mend = "`anchor: submitted` and `after: STAGE` go together, with a stage of this file."
            raise _wrong(path, parsed.line((*at, "anchor")), what, mend)


def _wrong(path: str, line: int, what: str, mend: str) -> BadInput:
    return BadInput(what, f"{shown(path)}:{line}", mend)
