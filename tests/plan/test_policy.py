"""A policy without one of its parts is no policy."""

import pytest
from pydantic import ValidationError

from muster.plan.policy import Policy
from tests.plan.shop_plan import plan


@pytest.mark.parametrize(
    "part", ["mission", "scope", "approved_by", "metrics", "roadmap", "owner", "reviewed_on", "text"]
)
def test_each_part_is_asked_for(part: str) -> None:
    whole = plan().pinned.policy.model_dump()
    Policy.model_validate(whole)
    with pytest.raises(ValidationError):
        Policy.model_validate({key: value for key, value in whole.items() if key != part})
