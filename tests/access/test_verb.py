"""The words of verbs: as people type them, each once."""

import re

from muster.access.verb import Facts, Standing, Target, Use, Verb


def test_a_word_is_as_people_type_it_and_as_its_name_says() -> None:
    for verb in Verb:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", verb.value)
        assert verb.name == verb.value.replace("-", "_").upper()


def test_a_verb_is_a_command_unless_told_otherwise() -> None:
    facts = Facts("Do it.", Standing.RESPONDER, Target.INCIDENT)
    assert facts.use is Use.COMMAND
