"""Where Windows rules expect their events."""

import pytest

from muster.detect.rule import LogSource
from muster.detect.windows_source import expects

SYSMON = "microsoft-windows-sysmon/operational"


@pytest.mark.parametrize(
    ("category", "service", "channel", "number", "expected"),
    [
        ("process_creation", None, SYSMON, "1", True),
        ("process_creation", None, SYSMON, "3", False),
        ("process_creation", None, "security", "4688", False),
        ("ps_script", None, "powershellcore/operational", "4104", True),
        (None, "security", "security", "4625", True),
        (None, "security", "system", "4625", False),
        (None, "not in the table", "system", "1", True),
        (None, None, "system", "1", True),
    ],
)
def test_by_category_and_service(
    category: str | None, service: str | None, channel: str, number: str, expected: bool
) -> None:
    assert expects(LogSource("windows", category, service), channel, number) is expected
