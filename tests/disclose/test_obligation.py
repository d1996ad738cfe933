"""What an obligation says of itself."""

import pytest
from pydantic import ValidationError

from muster.disclose.obligation import Obligation
from tests.disclose.duties import GDPR, NIS2


def test_a_later_stage_names_the_one_it_follows() -> None:
    final = NIS2.stage("final")
    assert final is not None
    assert final.follows == "notification"
    first = GDPR.stage("notification")
    assert first is not None
    assert first.follows is None
    assert GDPR.stage("final") is None


def test_an_obligation_without_a_stage_is_none() -> None:
    with pytest.raises(ValidationError):
        Obligation.model_validate({**GDPR.model_dump(), "stages": ()})
