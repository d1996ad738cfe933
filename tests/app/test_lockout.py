"""The way back in for a locked-out administrator: from the host only, clear for whom, and on the record."""

from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.caller import nobody
from muster.app.lockout import link_for_administrator
from muster.core.errors import BadInput
from tests.app.stage import Stage, opened


def test_the_only_administrator_needs_no_name(stage: Stage) -> None:
    made = link_for_administrator(stage.muster)
    assert (made.account, made.name, made.hours) == (stage.people["ada"].account, "Ada", 24)
    stage.muster.sign_in.use_link(made.secret, nobody("x"), password="new words for ada")
    entry = stage.entries("access.link-made")[-1]
    assert (entry.header.who, entry.header.through) == ("server", "host")
    assert stage.muster.sign_in.with_password("ada", "new words for ada", nobody("x"), "")


def test_of_several_one_is_named(stage: Stage) -> None:
    duties = ["administrator"]
    stage.do(Verb.DUTIES, stage.people["ada"], account=stage.people["ana"].account, duties=duties, expected=1)
    for typed in (None, "ben", "nobody"):
        with pytest.raises(BadInput) as refused:
            link_for_administrator(stage.muster, typed)
        assert "ada, ana" in refused.value.mend
    assert link_for_administrator(stage.muster, " ANA ").account == stage.people["ana"].account


def test_without_any_it_is_for_the_first_one(tmp_path: Path) -> None:
    stage = opened(tmp_path)
    made = link_for_administrator(stage.muster)
    assert (made.account, made.name, made.hours) == ("", "", 0.5)
    stage.close()
