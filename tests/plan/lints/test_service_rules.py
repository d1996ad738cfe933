"""A service without owner, copy, way of mending or order of recovery is found at its line."""

import pytest

from tests.plan.shop_plan import Broken, assert_found_alone, one, without

PORTAL, SIGN_IN = "services/customer-portal.yaml", "services/identity-provider.yaml"
BROKEN = (
    one("no-owner", PORTAL, "owner: jonas-eklund\n", "", at="name:"),
    Broken("dependency-cycle", PORTAL, "  identity-provider:", ((SIGN_IN, "components:", "depends_on:\n  customer-portal: Asks it for names\ncomponents:"),)),
    without("no-recovery", PORTAL, "recovery:", "backups:", at="name:"),
    one("no-offline-copy", PORTAL, "    offline: true\n", "", at="backups:"),
    one("untested-copy", "services/mail.yaml", "    last_restore_test: 2026-09-28", "    last_restore_test: 2025-11-23"),
    without("no-fix-path", PORTAL, "emergency_fix:", "", at="name:"),
    one("stale-fix-path", PORTAL, "last_exercised: 2026-10-05", "last_exercised: 2025-11-23"),
    without("no-log", PORTAL, "logs:", "emergency_fix:", at="name:"),
    without("no-components", PORTAL, "components:", "recovery:", at="name:"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    assert_found_alone(broken)


def test_a_circle_is_named_from_end_to_end() -> None:
    (found,) = BROKEN[1].found()
    assert "customer-portal -> identity-provider -> customer-portal" in found.what


def test_a_copy_that_was_never_restored_is_found() -> None:
    broken = one(
        "untested-copy",
        "services/mail.yaml",
        "    last_restore_test: 2026-09-28\n",
        "",
        at="  daily:",
    )
    assert_found_alone(broken)
