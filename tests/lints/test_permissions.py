"""A denial made up outside access is found, and so is a comparison of what an actor holds."""

from collections.abc import Callable

import pytest

from lints.permissions import HOLDS, check

Lines = Callable[..., list[int]]
DENIAL = "raise Denied('You may not.')\n"


@pytest.mark.parametrize(
    "path", ["src/muster/respond/command.py", "src/muster/app/verbs.py", "src/muster/web/api.py"]
)
def test_a_denial_made_up_elsewhere_is_found(path: str, lines: Lines) -> None:
    assert lines(check, path, DENIAL) == [1]
    assert lines(check, path, "raise errors.Denied(f'No, {name}.')\n") == [1]


def test_access_denies(lines: Lines) -> None:
    assert lines(check, "src/muster/access/may.py", DENIAL + "actor.roles == 1\n") == []


def test_app_passes_the_reason_of_access_on(lines: Lines) -> None:
    assert lines(check, "src/muster/app/verbs.py", "raise Denied(answer.reason)\n") == []
    assert lines(check, "src/muster/app/verbs.py", "raise Denied(f'{reason.strip()}.', stream)\n") == []
    assert lines(check, "src/muster/web/api.py", "raise Denied(answer.reason)\n") == [1]


def test_a_wrong_password_is_no_permission(lines: Lines) -> None:
    text = "def _wrong():\n    return Denied('It does not fit.')\ndef other():\n    return Denied('It does not fit.')\n"
    assert lines(check, "src/muster/app/sign_in.py", text) == [4]
    assert lines(check, "src/muster/app/verbs.py", text) == [2, 4]
    assert lines(check, "src/muster/app/sign_in.py", f"async {text}") == [4]


@pytest.mark.parametrize("held", HOLDS)
def test_comparing_what_an_actor_holds_is_found(held: str, lines: Lines) -> None:
    assert lines(check, "src/muster/respond/command.py", f"x = 'commander' in context.actor.{held}\n") == [1]


def test_the_roles_of_an_incident_are_a_fact(lines: Lines) -> None:
    assert lines(check, "src/muster/respond/command.py", "x = 'commander' in state.roles\n") == []
