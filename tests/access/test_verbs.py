"""Every verb has its line of help, and knowing verbs costs next to nothing."""

import subprocess
import sys

from muster.access.verbs import COMMAND_LINE_VERBS, VERBS, Standing, Target, Use, Verb, summary


def test_every_verb_has_its_facts() -> None:
    assert set(VERBS) == set(Verb)
    for verb, facts in VERBS.items():
        assert facts.summary.endswith("."), verb
        assert "\n" not in facts.summary


def test_the_command_line_shows_commands_only() -> None:
    assert "declare" in COMMAND_LINE_VERBS
    assert "lower-severity" not in COMMAND_LINE_VERBS
    assert "see" not in COMMAND_LINE_VERBS
    assert list(COMMAND_LINE_VERBS) == sorted(COMMAND_LINE_VERBS)
    assert summary("declare") == "Declare an incident."


def test_only_reporting_is_for_anybody() -> None:
    assert [verb for verb, facts in VERBS.items() if facts.standing is Standing.ANYBODY] == [Verb.REPORT]


def test_account_verbs_are_for_administrators_save_for_ones_own_tokens_and_link() -> None:
    own = {Verb.TOKEN, Verb.REVOKE, Verb.ACTIVATE}
    for verb, facts in VERBS.items():
        if facts.target is Target.ACCOUNTS:
            wanted = Standing.SIGNED_IN if verb in own else Standing.ADMINISTRATOR
            assert facts.standing is (Standing.SERVER if verb is Verb.FIRST else wanted), verb


def test_inside_verbs_are_never_commands() -> None:
    inside = {verb for verb, facts in VERBS.items() if facts.use is Use.INSIDE}
    assert inside == {Verb.LOWER_SEVERITY, Verb.PROGRAM_TOKEN, Verb.ACTIVATE, Verb.FIRST, Verb.PROGRAM}


def test_help_needs_no_pydantic() -> None:
    program = "import muster.access.verbs, sys; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
