"""An ignore names a rule, why, who and until when."""

from datetime import date

import pytest
from pydantic import ValidationError

from muster.plan.ignores import Ignore

WHOLE = {"rule": "rules/a.yml", "reason": "The backup does this.", "owner": "ann", "expires": "2026-12-01"}


def test_it_applies_up_to_its_last_day() -> None:
    ignore = Ignore.model_validate(WHOLE)
    assert ignore.applies(date(2026, 12, 1))
    assert not ignore.applies(date(2026, 12, 2))


@pytest.mark.parametrize("missing", list(WHOLE))
def test_nothing_of_it_may_lack(missing: str) -> None:
    with pytest.raises(ValidationError):
        Ignore.model_validate({key: value for key, value in WHOLE.items() if key != missing})


def test_selections_need_a_condition() -> None:
    with pytest.raises(ValidationError, match="no condition"):
        Ignore.model_validate({**WHOLE, "detection": {"selection": {"User": "backup"}}})
