"""Vacant roles, authority that sleeps, and paths of calls that end in silence are found at their line."""

import pytest

from tests.plan.shop_plan import Broken, assert_found_alone, one, without

SCRIBE = "    primary: mika-sandoval\n    deputies: [priya-nair]"
BROKEN = (
    Broken("missing-role", "roles.yaml", "roles:", (("roles.yaml", "  scribe:\n", "  writer:\n"), *(
        (file, "scribe", "writer") for file in ("facts.yaml", "severity.yaml", "severity.yaml", *["required.yaml"] * 4, "drills/portal-break-in.yaml", "playbooks/ransomware-or-data-theft.yaml")))),
    one("no-deputy", "roles.yaml", SCRIBE, "    primary: mika-sandoval\n    deputies: [mika-sandoval]", at="deputies: [mika-sandoval]"),
    one("no-duties", "roles.yaml", "    duties:\n      - Says how great the risk to people is, and on what facts\n      - Keeps the register of breaches", "    duties: []"),
    one("two-hats", "roles.yaml", SCRIBE, "    primary: noor-lindgren\n    deputies: [priya-nair]", at="x"),
    without("missing-decision", "authority.yaml", "  spend:", "  close:", at="decisions:"),
    Broken("unreachable-authority", "authority.yaml", "    who: [guard]", (
        ("authority.yaml", "    who: [legal]\n    alternates: [executive, commander]", "    who: [guard]"),
        ("roles.yaml", "roles:\n", "roles:\n  guard:\n    title: Guard\n    duties: [Looks]\n    primary: ada\n    deputies: [bo]\n"),
        ("people.yaml", "people:\n  robin-vale:", "people:\n" + "".join(
            f"  {name}:\n    name: {name.title()}\n    title: Guard\n    verified: 2026-11-02\n    channels:\n"
            f"      a: {{kind: mail, address: {name}@home.example.invalid, outside: true}}\n"
            f"      b: {{kind: mail, address: {name}@work.example.invalid}}\n" for name in ("ada", "bo")) + "  robin-vale:"))),
    Broken("ending-path", "calling.yaml", "  duties:", (("calling.yaml", "      - {call: executive}\n    then: again\n\noccasions", "      - {call: executive}\n\noccasions"),)),
    Broken("lonely-path", "calling.yaml", "    steps:  # one", (("calling.yaml", "    steps:\n      - {call: legal}\n      - {call: commander}\n      - {call: executive}\n", "    steps:  # one\n      - {call: legal}\n"),)),
    one("missing-occasion", "calling.yaml", "  no-commander: command\n", "", at="occasions:"),
    one("stranger-on-rota", "calling.yaml", "[robin-vale, mika-sandoval]", "[robin-vale, priya-nair]", at="[robin-vale, priya-nair]"),
    one("second-place-inside", "talking.yaml", "https://line.example.invalid", "https://line.shop.example.invalid", at="second:"),
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_it_is_found_at_its_line_and_nothing_else_is(broken: Broken) -> None:
    if broken.rule == "two-hats":  # the line of the scribe's primary, not the commander's
        (found,) = broken.found()
        lines = broken.tree["roles.yaml"].decode().splitlines()
        assert (found.rule, lines[found.line - 1]) == ("two-hats", "    primary: noor-lindgren")
        assert "  scribe:" in lines[found.line - 8 : found.line]
        return
    assert_found_alone(broken)


def test_a_path_without_steps_calls_nobody() -> None:
    broken = without("ending-path", "calling.yaml", "      - {call: legal}", "    then: again\n\nocc", at="x")
    emptied = Broken(
        "ending-path",
        "calling.yaml",
        "    steps: []",
        (
            *broken.edits,
            ("calling.yaml", "  duties:\n    steps:\n", "  duties:\n    steps: []\n"),
        ),
    )
    assert_found_alone(emptied)
