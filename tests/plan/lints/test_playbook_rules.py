"""Playbooks that miss a step, never end, or harm without a gate are found at the step."""

import pytest

from tests.plan.shop_plan import Broken, assert_found_alone, one, without

WEB, STOLEN, RANSOM = (
    "playbooks/web-intrusion.yaml",
    "playbooks/stolen-credentials.yaml",
    "playbooks/ransomware-or-data-theft.yaml",
)
LOST = """  lost:
    kind: task
    phase: learn
    role: commander
    do: Nobody comes here.
    next: done
"""
CALL = """  also:
    kind: call
    phase: contain
    role: commander
    do: Do the other one too.
    playbook: web-intrusion
    next: posture
"""
BROKEN = (
    one("unreachable-step", WEB, "  done:\n", LOST + "  done:\n", at="  lost:"),
    Broken("endless-playbook", STOLEN, "  give-back:", ((STOLEN, "    next: review\n", "    next: give-back\n"), (STOLEN, "  review:\n    kind: task\n    phase: learn\n    role: commander\n    do: Ask how the password got out, and what would have made it useless.\n    next: done\n  done:\n    kind: end\n    phase: learn\n    role: commander\n    do: The incident can be closed.\n", ""))),
    Broken("loop-without-limit", STOLEN, "  clean-up:", ((STOLEN, "    then: give-back\n    otherwise: clocks", "    then: give-back\n    otherwise: clean-up"), (STOLEN, "    next: review\n  review:", "    next: clocks\n  review:"), (STOLEN, "    template: authority-art-33\n    next: give-back", "    template: authority-art-33\n    next: review"))),
    Broken("unjoined-branch", WEB, "    branches: [capture, reach]", ((WEB, "Watch, do not touch.\n    next: picture", "Watch, do not touch.\n    next: done"),)),
    one("crowded-gate", WEB, "    roles: [commander, deputy]\n    bypass", "    roles: [commander, deputy]\n    needed: 3\n    bypass", at="needed: 3"),
    without("unguarded-action", WEB, "    undo: The old password", "    next: contained", at="  lock-accounts:"),
    one("action-before-evidence", RANSOM, "    evidence_first: false\n    next: which", "    next: which", at="  save-the-copies:"),
    one("action-without-target", STOLEN, "    target: [identity-provider]\n", "", at="  end-sessions:"),
    one("playbook-without-trigger", RANSOM, "  kinds: [ransomware, data theft, extortion]\n  techniques: [T1486, T1490, T1567, T1560]\n  services: [office-files, order-database]\n", "", at="trigger:"),
    Broken("playbook-calls-itself", WEB, "    playbook: web-intrusion", ((WEB, "  posture:\n", CALL + "  posture:\n"), (WEB, "what is open.\n    next: posture", "what is open.\n    next: also"))),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    assert_found_alone(broken)


def test_a_gate_before_it_makes_an_action_without_undo_allowed() -> None:
    guarded = without("", WEB, "    undo: Put the port back", "    tip_off:", at="x")
    assert guarded.found() == ()
