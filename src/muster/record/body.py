"""Bodies of entries: one frozen model per kind, its version, and the way from older versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

Tree = dict[str, Any]
Upcast = Callable[[Tree], Tree]


class Body(BaseModel):
    """What an entry says. Strict, frozen, no unknown fields; integers, strings, booleans, lists, objects only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    kind: ClassVar[str]
    v: ClassVar[int] = 1

    def tree(self) -> Tree:
        """The body as plain JSON data; null fields are kept, so that equal bodies have equal bytes."""
        return self.model_dump(mode="json")


@dataclass(frozen=True)
class Kind:
    """One kind of entry: its model, and upcasts from each older version to the next (from version -> step)."""

    model: type[Body]
    upcasts: Mapping[int, Upcast] = field(default_factory=dict[int, Upcast])

    def read(self, v: int, tree: Tree) -> Body:
        """The body of version `v` as today's model. Old entries are never rewritten, only read anew."""
        while v < self.model.v:
            tree = self.upcasts[v](tree)
            v += 1
        return self.model.model_validate(tree)


Kinds = Mapping[str, Kind]


def kinds_of(*models: type[Body]) -> dict[str, Kind]:
    """The registry of some models without older versions. Raises ValueError when a name stands twice."""
    found: dict[str, Kind] = {}
    for model in models:
        if model.kind in found:
            raise ValueError(f"kind {model.kind} is defined twice")
        found[model.kind] = Kind(model)
    return found
