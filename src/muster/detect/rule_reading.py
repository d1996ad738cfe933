"""Rule files as a whole: rules with their filters, and correlations with the rules they refer to.

Everything that refers to something else comes together here; what each document means is said in `sigma_condition`,
`sigma_correlation` and `filters`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from muster.core.errors import BadInput
from muster.detect.condition import Condition
from muster.detect.condition_json import Reader
from muster.detect.correlation import Correlation, in_order
from muster.detect.filters import Filters
from muster.detect.kept_rule import KeptRule, Meaning, kept_bytes, kept_of, name_of
from muster.detect.pieces import Pieces
from muster.detect.pipeline import Pipeline, check
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rule import NotLoadable, Reason, Rule, RuleKey, Unloaded
from muster.detect.sigma_condition import condition_of
from muster.detect.sigma_correlation import Known, correlation_of, references
from muster.detect.sigma_document import CorrelationDocument, Document, FilterDocument, Read, read
from muster.detect.sigma_faults import one_line
from muster.plan.layout import TESTS

Placed = tuple[int, Unloaded]
"""A document that is not loaded, and its place among all documents."""


@dataclass(slots=True)
class RuleFiles:
    """What rule files hold. unloaded: what cannot be read; grows while the rest is translated.

    translated: files of rules alone that had to be read, with the names under which their translation is kept.
    """

    files: Mapping[str, bytes]
    pipeline: Pipeline
    rules: list[tuple[int, Document | KeptRule]] = field(
        default_factory=list[tuple[int, Document | KeptRule]]
    )
    correlations: list[tuple[int, CorrelationDocument]] = field(
        default_factory=list[tuple[int, CorrelationDocument]]
    )
    filters: list[tuple[int, FilterDocument]] = field(default_factory=list[tuple[int, FilterDocument]])
    unloaded: list[Placed] = field(default_factory=list[Placed])
    translated: "list[tuple[str, list[Document | Unloaded]]]" = field(
        default_factory=list[tuple[str, list[Document | Unloaded]]]
    )

    def conditions(self, pieces: Pieces) -> Iterator[tuple[int, Rule, Condition]]:
        """Each rule that has one, with its place and its condition, through the pipeline and narrowed by filters.

        pieces: gets what the rules of the files that were read mean by themselves.
        """
        filters = Filters([document for _, document in self.filters])
        meanings: dict[RuleKey, Meaning] = {}
        for number, (place, document) in enumerate(self.rules, 1):
            pieces.say("rules translated", number, len(self.rules))
            try:
                if isinstance(document, KeptRule):
                    concerning = filters.concerning(document.source, document.references)
                    meaning = document.meaning
                else:
                    concerning = filters.concerning(document.parsed.logsource, document.references)
                    meaning = meanings[document.rule.key] = self._meaning(document)
                condition = meaning.get()
                if concerning:
                    condition = filters.narrowed(
                        condition, self._document(document), concerning, self.pipeline
                    )
            except NotLoadable as no:
                self.unload(place, document.rule, no)
            else:
                yield place, document.rule, condition
        for at, no in filters.unused().items():
            place, document = self.filters[at]
            self.unload(place, document.rule, no)
        for name, documents in self.translated:
            pieces.put(
                name,
                kept_bytes(
                    [one if isinstance(one, Unloaded) else (one, meanings[one.rule.key]) for one in documents]
                ),
            )

    def _meaning(self, document: Document) -> Meaning:
        try:
            self.pipeline.apply(document.parsed)
            return Meaning(condition_of(document.parsed))
        except NotLoadable as no:
            return Meaning(None, no.reason, no.detail)

    def _document(self, rule: Document | KeptRule) -> Document:
        """The rule as pySigma has it, before or after the pipeline."""
        path = rule.rule.path
        return rule.document(path, self.files[path]) if isinstance(rule, KeptRule) else rule

    def correlated(self, loaded: Iterable[RuleKey]) -> tuple[Correlation, ...]:
        """The correlations of which all rules are loaded, those first that others look at."""
        if not self.correlations:
            return ()
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
                    one = correlation_of(document.rule, document.parsed, found, self.pipeline)
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

    def put(self, place: int, document: Read | KeptRule | Unloaded) -> None:
        """Adds a document where it belongs."""
        if isinstance(document, Unloaded):
            self.unloaded.append((place, document))
        elif isinstance(document, Document | KeptRule):
            self.rules.append((place, document))
        elif isinstance(document, FilterDocument):
            self.filters.append((place, document))
        else:
            self.correlations.append((place, document))

    def unload(self, place: int, rule: Rule, no: NotLoadable) -> None:
        """Lists a document with its reason."""
        self.unloaded.append(
            (place, Unloaded(rule.path, rule.rule_id, rule.title, no.reason, one_line(no.detail)))
        )

    def _names(self, loaded: set[RuleKey]) -> "dict[str, list[Known | None]]":
        """Reference -> what bears it. None: a rule that is not loaded; an empty key: a correlation to come."""
        names: dict[str, list[Known | None]] = {}
        asked = {name for _, one in self.correlations for name in references(one.parsed)}
        asked |= {name.lower() for name in asked}
        for _, document in self.rules:
            if asked.isdisjoint(document.references):
                continue
            ready = (
                Known(document.rule.key, self._applied(document), None)
                if document.rule.key in loaded
                else None
            )
            for name in document.references:
                names.setdefault(name, []).append(ready)
        for _, document in self.correlations:
            for name in document.references:
                names.setdefault(name, []).append(_TO_COME)
        return names

    def _applied(self, rule: Document | KeptRule) -> object:
        """The rule as pySigma has it, after the pipeline."""
        document = self._document(rule)
        if isinstance(rule, KeptRule):
            self.pipeline.apply(document.parsed)
        return document.parsed

    def _settle(
        self, names: "dict[str, list[Known | None]]", document: CorrelationDocument, made: Correlation | None
    ) -> None:
        known = None if made is None else Known(made.rule.key, document.parsed, made.group_by)
        for name in document.references:
            names[name][names[name].index(_TO_COME)] = known


_PIPELINES = (".pipeline.yml", ".pipeline.yaml")
_TO_COME = Known(RuleKey(""), None, None)


def read_files(files: Mapping[str, bytes], choice: PipelineChoice, pieces: Pieces) -> RuleFiles:
    """All documents of rule files: path -> YAML of one document or more, in their order. Tests beside rules are none.

    Files whose names end with `.pipeline.yml` (or `.yaml`) are pipelines, applied after the chosen one.
    pieces: what files were translated to before, which is not read again.
    """
    more, faults = _pipelines(files)
    choice = replace(choice, more=(*choice.more, *more))
    found = RuleFiles(files, Pipeline(choice))
    mark, reader = choice.mark, Reader()
    place = 0
    for number, (path, data) in enumerate(files.items(), 1):
        pieces.say("rule files read", number, len(files))
        if path.endswith(TESTS):
            continue
        if path.endswith(_PIPELINES):
            place += 1
            if path in faults:
                found.unloaded.append((place, faults[path]))
            continue
        name = name_of(data, mark)
        piece = pieces.get(name)
        kept = None if piece is None else kept_of(path, piece, reader)
        documents = list(read(path, data)) if kept is None else kept
        for document in documents:
            place += 1
            found.put(place, document)
        own = [one for one in documents if isinstance(one, Document | Unloaded)]
        if kept is None and len(own) == len(documents):
            found.translated.append((name, own))
    return found


def _pipelines(files: Mapping[str, bytes]) -> tuple[list[bytes], dict[str, Unloaded]]:
    """The texts of the pipelines among the files, and those that cannot be read."""
    texts: list[bytes] = []
    faults: dict[str, Unloaded] = {}
    for path, data in files.items():
        if path.endswith(_PIPELINES):
            try:
                check(data)
            except BadInput as bad:
                faults[path] = Unloaded(path, None, None, Reason.PIPELINE, one_line(bad.what))
            else:
                texts.append(data)
    return texts, faults


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
