"""Which processing pipeline turns a rule's generic log source and fields into those of the events.

Default: sysmon, then windows, so `process_creation` means Sysmon event 1 in channel
Microsoft-Windows-Sysmon/Operational. These pipelines touch rules of product windows only; rules of other products
are matched on their own field names. A pipeline of one's own is pySigma's YAML and applies to every rule.

Last of all, what `expand` left open is filled in from the `vars` of all pipelines (Sigma specification 2.1.0,
"Placeholders"); so a file of `vars` alone says what the placeholders of rules stand for.
"""

from typing import Any

import yaml
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.pipelines.sysmon import sysmon_pipeline  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from sigma.pipelines.windows import (  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
    windows_audit_pipeline,
    windows_logsource_pipeline,
)
from sigma.processing.pipeline import (  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
    ProcessingItem,
    ProcessingPipeline,
)
from sigma.processing.transformations import (  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
    ValueListPlaceholderTransformation,
)
from sigma.rule import SigmaRule  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.core.errors import BadInput
from muster.detect.pipeline_choice import PipelineChoice, PipelineName
from muster.detect.rule import NotLoadable, Reason

_FAULTS = (
    SigmaError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    RecursionError,
    yaml.YAMLError,
)


class Pipeline:
    """A chosen pipeline, ready to be applied to one rule after the other. steps: as pySigma has them; None when there are none."""

    def __init__(self, choice: PipelineChoice) -> None:
        self.steps: ProcessingPipeline | None = (
            _of_text(choice.text) if choice.text is not None else _of_name(choice.name)
        )
        for text in choice.more:
            self._add(_of_text(text))
        if self.steps is not None and self.steps.vars:
            filled = ValueListPlaceholderTransformation(include=list(self.steps.vars))
            self._add(ProcessingPipeline([ProcessingItem(filled)]))

    def _add(self, steps: ProcessingPipeline) -> None:
        self.steps = steps if self.steps is None else self.steps + steps

    def apply(self, rule: SigmaRule | SigmaCorrelationRule) -> None:
        """Changes the rule in place. Raises `NotLoadable` when the pipeline refuses the rule."""
        if self.steps is None:
            return
        try:
            self.steps.apply(rule)
        except _FAULTS as fault:
            raise NotLoadable(Reason.PIPELINE, str(fault) or type(fault).__name__) from fault


def _of_name(name: PipelineName) -> ProcessingPipeline | None:
    if name is PipelineName.NONE:
        return None
    if name is PipelineName.SYSMON:
        return _sysmon()
    if name is PipelineName.WINDOWS:
        return windows_logsource_pipeline()
    if name is PipelineName.WINDOWS_AUDIT:
        return windows_audit_pipeline() + windows_logsource_pipeline()
    return _sysmon() + windows_logsource_pipeline()


def _sysmon() -> ProcessingPipeline:
    made: Any = sysmon_pipeline
    steps: ProcessingPipeline = made()
    return steps


def check(text: bytes) -> None:
    """Raises `BadInput` when the text is no pipeline."""
    _of_text(text)


def _of_text(text: bytes) -> ProcessingPipeline:
    """pySigma's own reader; steps that read files, run commands or call the network stay switched off."""
    try:
        return ProcessingPipeline.from_yaml(text.decode("utf-8"))
    except _FAULTS as fault:
        raise BadInput(
            f"This is no processing pipeline: {str(fault) or type(fault).__name__}.",
            "pipeline",
            "Give a file in pySigma's pipeline format, or a name: " + ", ".join(PipelineName) + ".",
        ) from fault
