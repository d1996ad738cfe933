"""Pipelines by name and by text."""

import pytest

from muster.core.errors import BadInput
from muster.detect.pipeline_choice import DEFAULT, NONE, PipelineChoice, PipelineName
from muster.detect.rule import Reason
from tests.detect.yard import compiled, on, rows

PROCESS = {"product": "windows", "category": "process_creation"}
SYSMON = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "F": "a"}
AUDIT = {"Channel": "Security", "EventID": 4688, "F": "a"}
BARE = {"F": "a"}


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (DEFAULT, [0]),
        (NONE, [0, 1, 2]),
        (PipelineChoice(PipelineName.SYSMON), [0]),
        (PipelineChoice(PipelineName.WINDOWS), [0, 1, 2]),
        (PipelineChoice(PipelineName.WINDOWS_AUDIT), [1]),
    ],
)
def test_by_name(choice: PipelineChoice, wanted: list[int]) -> None:
    rules = compiled(on({"F": "a"}, source=PROCESS), pipeline=choice)
    assert rows(rules, [SYSMON, AUDIT, BARE]) == {"r0.yml": wanted}


def test_other_products_keep_their_fields() -> None:
    rules = compiled(on({"F": "a"}, source={"product": "linux", "category": "process_creation"}))
    assert rows(rules, [BARE]) == {"r0.yml": [0]}


def test_one_of_ones_own() -> None:
    text = b"name: p\ntransformations:\n- id: m\n  type: field_name_mapping\n  mapping: {F: G}\n"
    rules = compiled(on({"F": "a"}), pipeline=PipelineChoice(text=text))
    assert rows(rules, [{"F": "a"}, {"G": "a"}]) == {"r0.yml": [1]}


def test_a_pipeline_may_refuse_a_rule() -> None:
    text = b"name: p\ntransformations:\n- id: m\n  type: rule_failure\n  message: not here\n"
    rules = compiled(on({"F": "a"}), pipeline=PipelineChoice(text=text))
    assert [(one.reason, one.detail) for one in rules.unloaded] == [(Reason.PIPELINE, "not here")]


@pytest.mark.parametrize("text", [b"\xff", b"[1]", b"a: [", b"transformations: [{type: nothing}]", b"7"])
def test_nonsense_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput, match="pipeline"):
        compiled(on({"F": "a"}), pipeline=PipelineChoice(text=text))
