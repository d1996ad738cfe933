"""The file of facts as commands read it: what is wrong in it is named with its line."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from muster.core.errors import BadInput
from muster.core.text import shown

if TYPE_CHECKING:
    from muster.disclose.facts_file import FactsFile
    from muster.plan.facts import AskedFact
    from muster.plan.obligations import Obligation


def read_facts_file(
    file: Path, obligations: "Mapping[str, Obligation]", questions: "Mapping[str, AskedFact]"
) -> "FactsFile":
    """The facts, every answer and time in it looked at. Raises BadInput with file and line."""
    from muster.cli_files import read_named
    from muster.disclose.facts_file import check_answers, read_facts, recorded_of
    from muster.plan.yaml_text import Flaw, read_yaml

    try:
        parsed = read_yaml(read_named(file))
    except Flaw as flaw:
        raise BadInput(flaw.what, f"{shown(str(file))}:{flaw.line}", flaw.mend) from None
    try:
        given = read_facts({} if parsed.value is None else parsed.value)
        check_answers(given, obligations, questions)
        recorded_of(given)
    except BadInput as error:
        line = parsed.line(tuple(error.where.split(".")))
        raise BadInput(error.what, f"{shown(str(file))}:{line}: {error.where}", error.mend) from None
    return given
