"""The file of facts as commands read it: its words, and each fault with its line."""

from pathlib import Path

import pytest

from muster.cli_facts import read_facts_file
from muster.core.errors import BadInput
from muster.plan.facts import AskedFact, FactKind

COUNT = {"people": AskedFact(question="How many?", answered_by="legal", kind=FactKind.NUMBER)}


def test_an_empty_file_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("# nothing yet\n")
    assert read_facts_file(tmp_path / "facts.yaml", {}, {}).facts == {}


def test_answers_as_their_questions_want_them(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("facts:\n  people: 12\n")
    assert read_facts_file(tmp_path / "facts.yaml", {}, COUNT).facts == {"people": "12"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("facts:\n  people: many\n", ":2: facts.people"),
        ("anchors:\n\n  aware: soon\n", ":3: anchors.aware"),
        ("facts: [\n", ":"),
        ("a: 1\na: 2\n", ":2"),
        ("- facts\n", ":1: the file"),
    ],
)
def test_a_fault_has_its_line(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "facts.yaml").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_facts_file(tmp_path / "facts.yaml", {}, COUNT)
    assert where in caught.value.where.removeprefix(str(tmp_path))
    assert "\n" not in caught.value.line()
