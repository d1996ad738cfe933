"""Rule files as a whole: rules with their filters, and correlations with the rules they refer to.

Everything that refers to something else comes together here; what each document means is said in `sigma_condition`,
`sigma_correlation` and `filters`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from muster.core.errors import BadInput
from muster.detect.condition import Condition
from muster.detect.correlation import Correlation, in_order
from muster.detect.filters import Filters
from muster.detect.pipeline import Pipeline, check
from muster.detect.rule import NotLoadable, Reason, Rule, RuleKey, Unloaded
from muster.detect.sigma_condition import condition_of
from muster.detect.sigma_correlation import Known, correlation_of, references
from muster.detect.sigma_document import CorrelationDocument, Document, FilterDocument, read
from muster.detect.sigma_faults import one_line
from muster.plan.layout import TESTS

Placed = tuple[int, Unloaded]
"""A document that is not loaded, and its place among all documents."""


@dataclass(slots=True)
class RuleFiles:
    """What rule files hold. unloaded: what cannot be read; grows while the rest is translated.

    pipelines: the texts of pipelines among them, which are files whose names end with `.pipeline.yml` (or `.yaml`).
    """

    rules: list[tuple[int, Document]] = field(default_factory=list[tuple[int, Document]])
    correlations: list[tuple[int, CorrelationDocument]] = field(
        default_factory=list[tuple[int, CorrelationDocument]]
    )
    filters: list[tuple[int, FilterDocument]] = field(default_factory=list[tuple[int, FilterDocument]])
    pipelines: list[bytes] = field(default_factory=list[bytes])
    unloaded: list[Placed] = field(default_factory=list[Placed])

    def conditions(self, pipeline: Pipeline) -> Iterator[tuple[int, Rule, Condition]]:
        """Each rule that has one, with its place and its condition, through the pipeline and narrowed by filters."""
        filters = Filters([document for _, document in self.filters])
        for place, document in self.rules:
            try:
                concerning = filters.concerning(document)
                pipeline.apply(document.parsed)
                condition = condition_of(document.parsed)
                condition = filters.narrowed(condition, document, concerning, pipeline)
            except NotLoadable as no:
                self.unload(place, document.rule, no)
            else:
                yield place, document.rule, condition
        for at, no in filters.unused().items():
            place, document = self.filters[at]
            self.unload(place, document.rule, no)

    def correlated(self, loaded: Iterable[RuleKey], pipeline: Pipeline) -> tuple[Correlation, ...]:
        """The correlations of which all rules are loaded, those first that others look at."""
        names = self._names(set(loaded))
        made: list[Correlation] = []
        waiting = list(self.correlations)
        while waiting:
            left: list[tuple[int, CorrelationDocument]] = []
            for place, document in waiting:
                try:
                    found = _found(document, names)
                    if found is None:
                        left.append((place, document))
                        continue
                    one = correlation_of(document.rule, document.parsed, found, pipeline)
                except NotLoadable as no:
                    self.unload(place, document.rule, no)
                    self._settle(names, document, None)
                else:
                    made.append(one)
                    self._settle(names, document, one)
            if len(left) == len(waiting):
                for place, document in left:
                    self.unload(place, document.rule, NotLoadable(Reason.CORRELATION, "it refers to itself"))
                break
            waiting = left
        return in_order(made)

    def unload(self, place: int, rule: Rule, no: NotLoadable) -> None:
        """Lists a document with its reason."""
        self.unloaded.append(
            (place, Unloaded(rule.path, rule.rule_id, rule.title, no.reason, one_line(no.detail)))
        )

    def _names(self, loaded: set[RuleKey]) -> "dict[str, list[Known | None]]":
        """Reference -> what bears it. None: a rule that is not loaded; an empty key: a correlation to come."""
        names: dict[str, list[Known | None]] = {}
        for _, document in self.rules:
            ready = Known(document.rule.key, document.parsed, None) if document.rule.key in loaded else None
            for name in document.references:
                names.setdefault(name, []).append(ready)
        for _, document in self.correlations:
            for name in document.references:
                names.setdefault(name, []).append(_TO_COME)
        return names

    def _settle(
        self, names: "dict[str, list[Known | None]]", document: CorrelationDocument, made: Correlation | None
    ) -> None:
        known = None if made is None else Known(made.rule.key, document.parsed, made.group_by)
        for name in document.references:
            names[name][names[name].index(_TO_COME)] = known


_PIPELINES = (".pipeline.yml", ".pipeline.yaml")
_TO_COME = Known(RuleKey(""), None, None)


def read_files(files: Mapping[str, bytes]) -> RuleFiles:
    """All documents of rule files: path -> YAML of one document or more, in their order. Tests beside rules are none."""
    found = RuleFiles()
    place = 0
    for path, data in files.items():
        if path.endswith(TESTS):
            continue
        if path.endswith(_PIPELINES):
            place += 1
            try:
                check(data)
            except BadInput as bad:
                why = one_line(bad.what)
                found.unloaded.append((place, Unloaded(path, None, None, Reason.PIPELINE, why)))
            else:
                found.pipelines.append(data)
            continue
        for document in read(path, data):
            place += 1
            if isinstance(document, Unloaded):
                found.unloaded.append((place, document))
            elif isinstance(document, Document):
                found.rules.append((place, document))
            elif isinstance(document, FilterDocument):
                found.filters.append((place, document))
            else:
                found.correlations.append((place, document))
    return found


def silent(correlations: Sequence[Correlation]) -> frozenset[RuleKey]:
    """The rules and correlations that give no hits of their own: others look at them, and none asks for `generate`."""
    used = {part.rule for one in correlations for part in one.inputs}
    heard = {part.rule for one in correlations if one.generate for part in one.inputs}
    return frozenset(used - heard)


def _found(
    document: CorrelationDocument, names: "Mapping[str, list[Known | None]]"
) -> dict[str, Known] | None:
    """What a correlation refers to; None while a correlation among it is still to come. Raises `NotLoadable`."""
    found: dict[str, Known] = {}
    for name in references(document.parsed):
        bearers = names.get(name) or names.get(name.lower())
        if not bearers:
            raise NotLoadable(Reason.CORRELATION, f"it refers to {name}, which is not there")
        if len(bearers) > 1:
            raise NotLoadable(Reason.CORRELATION, f"it refers to {name}, which is the name of several rules")
        if bearers[0] is None:
            raise NotLoadable(Reason.CORRELATION, f"it refers to {name}, which is not loaded")
        if bearers[0] is _TO_COME:
            return None
        found[name] = bearers[0]
    return found
