"""A pack from files: names, questions, and each fault with its file and line."""

from pathlib import Path

import pytest

import muster.plan
from muster.core.errors import BadInput
from muster.disclose.pack import read_pack

EXAMPLE = Path(muster.plan.__file__).parent / "example"
GDPR = (EXAMPLE / "obligations/gdpr-art-33.yaml").read_bytes()
CONTRACT = (EXAMPLE / "obligations/nordwind-contract.yaml").read_bytes()


def test_obligations_by_the_names_of_their_files_with_the_questions_beside_them() -> None:
    pack = read_pack(
        {
            "obligations/gdpr-art-33.yaml": GDPR,
            "contract.yml": CONTRACT,
            "facts.yaml": (EXAMPLE / "facts.yaml").read_bytes(),
        }
    )
    assert sorted(pack.obligations) == ["contract", "gdpr-art-33"]
    assert pack.obligations["gdpr-art-33"].stages["notice"].quantity == 72
    assert pack.questions["risk-to-people"].choices == ("unlikely", "risk", "high")
    assert read_pack({"gdpr.yaml": GDPR}).questions == {}


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        (b"title: [", "row.yaml:1", "not YAML"),
        (b"- a\n", "row.yaml:1", "no fields"),
        (b"\xff", "row.yaml:1", "UTF-8"),
        (GDPR.replace(b"unit: hours", b"unit: fortnights"), "row.yaml:18", "value that is not known"),
        (GDPR.replace(b"owner: legal", b"ower: legal"), "row.yaml:8", "Did you mean `owner`"),
        (GDPR.replace(b"    quantity: 72\n", b""), "row.yaml:17", "has no deadline"),
        (
            CONTRACT.replace(b"after: notice", b"after: notise"),
            "row.yaml:34",
            "which filing starts its clock",
        ),
        (CONTRACT.replace(b"    after: notice\n", b""), "row.yaml:34", "which filing starts its clock"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(data: bytes, where: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_pack({"row.yaml": data})
    assert caught.value.where == where
    assert words in caught.value.line()
    assert "\n" not in caught.value.line()
