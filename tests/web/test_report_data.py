"""The data of a report is strict: what it does not know is refused, and no time is without a zone."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from muster.web.report_data import ReportData
from tests.web.test_report import sample


@pytest.mark.parametrize("name", ["state", "extra"])
def test_what_it_does_not_know_or_lacks_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        ReportData.model_validate(sample().model_dump() | {name: None})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        ReportData.model_validate(
            sample().model_dump() | {"made_at": datetime.fromisoformat("2026-01-01T00:00:00")}
        )
