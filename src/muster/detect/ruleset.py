"""Rules compiled for matching: every rule document is either loaded, or listed with its reason.

Left out, and listed: `action` documents, and whatever Hyperscan refuses (see `rule.Reason`). Correlations are in
`correlations`; the rules they look at are loaded like others, and those in `silent` give no hits of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.detect.correlation import Correlation
from muster.detect.field_tests import FieldTests
from muster.detect.gate import Gate
from muster.detect.program import Node
from muster.detect.rule import LogSource, Reason, Rule, RuleKey, Unloaded

if TYPE_CHECKING:
    from muster.detect.pieces import Pieces
    from muster.detect.pipeline_choice import PipelineChoice


@dataclass(frozen=True, slots=True)
class Needs:
    """What is read of an event: fields by their exact name, and whether keywords need the whole text.

    everything: all its fields, whatever they are called; for what is stored.
    """

    fields: frozenset[str]
    text: bool
    everything: bool = False


EVERYTHING = Needs(frozenset(), text=False, everything=True)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rule, its program once its gate is passed, and the fields it names (`muster.text` for keywords).

    late: those of its fields on which it asks late tests (see `field_tests`). required: tests that are not late,
    of which one must pass; empty when there are none such.
    """

    rule: Rule
    program: Node
    fields: tuple[str, ...]
    late: tuple[str, ...]
    required: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Rules that can be matched. `loaded` is in the order of the given paths, as `unloaded` is.

    Nothing in it changes once it is compiled; it may not be used by two threads at once (scratch space).
    """

    loaded: tuple[Loaded, ...]
    sources: tuple[LogSource, ...]
    gates: tuple[Gate, ...]
    unloaded: tuple[Unloaded, ...]
    tests: FieldTests
    needs: Needs
    correlations: tuple[Correlation, ...] = ()
    silent: frozenset[RuleKey] = frozenset()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(one.rule for one in self.loaded)

    def reasons(self) -> dict[Reason, int]:
        """How many documents are not loaded, by reason; reasons that do not occur are left out."""
        counts: dict[Reason, int] = {}
        for one in self.unloaded:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        return counts


def compile(  # noqa: A001 - the interface's name (ARCHITECTURE: compile, match); called as ruleset.compile
    rules: Mapping[str, bytes], pipeline: "PipelineChoice", pieces: "Pieces | None" = None
) -> Ruleset:
    """Compiles rule files: path -> YAML of one document or more. Never fails because of a rule.

    pieces: of earlier compilations, to be used again where they fit; the ruleset is the same with and without.
    Raises `BadInput` when the pipeline's own text cannot be read.
    """
    from muster.detect import (
        compiling,  # pySigma and its parsers, which a ruleset that was kept does not need
    )

    return compiling.compiled(rules, pipeline, pieces)
