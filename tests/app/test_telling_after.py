"""Entries of disclosure and learning told to people."""

import json
from pathlib import Path
from typing import Any

import pytest

from muster.app.telling import told
from muster.app.telling_after import SENTENCES, TITLES
from muster.disclose.rules import KINDS as DISCLOSE
from muster.disclose.statement import Sentence, StatementDrafted
from muster.learn.causes import CauseFound, CauseKind
from muster.learn.review import ReviewHeld
from muster.learn.rules import KINDS as LEARN
from muster.plan.templates import Audience
from muster.prepare.approving import KINDS as PREPARE
from tests.access.world import ANA, BEN, entry

NAMES = {ANA.account: "Ana", BEN.account: "Ben"}
KINDS = {**DISCLOSE, **LEARN, **PREPARE}
TESTS = Path(__file__).parent.parent
SAMPLES: dict[str, Any] = {
    name: sample
    for folder in ("disclose", "learn")
    for file in sorted((TESTS / folder / "samples").glob("*.json"))
    for name, sample in json.loads(file.read_text()).items()
}


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_every_kind_has_a_heading_and_can_be_told(sample: str) -> None:
    kind, _, v = sample.partition(" ")
    view = told(entry(KINDS[kind].read(int(v), SAMPLES[sample])), NAMES, unseen=frozenset())
    assert view.title == TITLES[kind]
    assert "{" not in view.text.replace("{{", "")


def test_no_words_for_kinds_that_do_not_exist() -> None:
    assert set(TITLES) == set(KINDS)
    assert set(SENTENCES) <= set(KINDS)


def words(body: Any) -> str:
    return told(entry(body), NAMES, unseen=frozenset()).text


def test_a_statement_is_told_with_all_of_its_words() -> None:
    body = StatementDrafted(
        audience=Audience.CUSTOMER,
        subject="What happened",
        sentences=(Sentence(text="A key was used.", facts=(3,)), Sentence(text="We are sorry.")),
        channel="mail",
    )
    assert words(body) == "For: customer. What happened\n\nA key was used.\n\nWe are sorry."


def test_causes_and_reviews() -> None:
    cause = CauseFound(text="No second factor", cause=CauseKind.TECHNICAL, opinion=True)
    assert words(cause) == "technical (an opinion: no evidence yet): No second factor"
    assert words(ReviewHeld(people=(ANA.account, "f" * 32))) == "with Ana, somebody"
