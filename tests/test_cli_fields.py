"""Arguments and options from the fields of commands, over every verb that the command line has."""

import click
import pytest
from click.testing import CliRunner

from muster.access.verbs import COMMAND_LINE_VERBS, Verb
from muster.app.registry import RULES
from muster.cli_fields import choices, holds_accounts, parameters


def made(verb: Verb, *given: str) -> dict[str, object]:
    """What a command of this verb is given. Raises click.UsageError."""
    found: dict[str, object] = {}
    model = RULES[verb].command
    several = [one for name, field in model.model_fields.items() for one in parameters(name, field)]
    command = click.Command(verb.value, params=several, callback=found.update)
    answer = CliRunner().invoke(command, list(given), standalone_mode=False)
    if answer.exception:
        raise answer.exception
    return {name: value for name, value in found.items() if value not in (None, ())}


def test_yes_and_no_numbers_and_choices() -> None:
    task = made(Verb.TASK, "INC-7Q4KM2", "Look at the logs", "noor", "--hands-on", "no", "--minutes", "20")
    assert (task["hands_on"], task["minutes"], task["owner"]) == (False, 20, "noor")
    assert made(Verb.MILESTONE, "INC-7Q4KM2", "contained", "--shown-by", "4", "--shown-by", "7")[
        "shown_by"
    ] == (4, 7)
    with pytest.raises(click.UsageError, match="SEV1"):
        made(Verb.SIGNAL, "x", "--severity", "bad")


def test_what_has_fields_of_its_own_is_json_and_a_wrong_one_is_shown_its_form() -> None:
    given = '{"text": "The shop is closed.", "facts": [3]}'
    drafted = made(Verb.DRAFT_STATEMENT, "INC-7Q4KM2", "--sentences", given)
    assert drafted["sentences"] == ({"text": "The shop is closed.", "facts": [3]},)
    for wrong in ("The shop is closed.", "[1]", "{"):
        with pytest.raises(click.UsageError, match=r'"text": \.\.\., "facts"'):
            made(Verb.DRAFT_STATEMENT, "INC-7Q4KM2", "--sentences", wrong)


def test_a_version_says_where_it_is_seen() -> None:
    with pytest.raises(click.UsageError, match="expected"):
        made(Verb.STATE, "INC-7Q4KM2", "active")


def test_accounts_are_told_from_steps_states_and_tokens() -> None:
    holding = {
        f"{verb}.{name}"
        for verb in Verb
        if verb.value in COMMAND_LINE_VERBS
        for name, field in RULES[verb].command.model_fields.items()
        if holds_accounts(name, field)
    }
    assert {"task.owner", "hand-over.to", "offer.to", "declare.people", "agree-lesson.owner"} <= holding
    assert not {"skip-step.to", "state.to", "revoke.token", "evidence.of"} & holding


def test_what_is_no_choice_has_none() -> None:
    assert choices(str) == []
