"""What comes due in one place: nothing is left out, and what has no words to hide cannot be hidden."""

from muster.access.verbs import Verb
from muster.respond.redaction import Redact
from muster.respond.rules import FOLDS, KINDS, RULES
from muster.respond.rules_of_due import FIXED
from muster.respond.rules_of_due import FOLDS as MINE
from muster.respond.rules_of_due import KINDS as OURS
from tests.access.world import BEN, refusal
from tests.respond.test_calling import Calling


def test_all_of_it_is_in_the_registry_of_response() -> None:
    assert {Verb.EFFECT, Verb.ANSWER} <= set(RULES)
    assert set(OURS) <= set(KINDS)
    assert set(MINE) <= set(FOLDS)


def test_only_the_words_of_an_effect_can_be_hidden() -> None:
    assert set(OURS) - {body.kind for body in FIXED} == {"effect.asked"}
    scene = Calling()
    asked = next(one.header.seq for one in scene.entries[scene.incident] if one.header.kind == "call.asked")
    assert "no words" in refusal(scene, Redact(stream=scene.incident, seq=asked, reason="x"), BEN)
    scene.do(Redact(stream=scene.incident, seq=asked + 1, reason="x"), BEN)
