"""Holes: a log source that no rule reads is named, with its place in the plan; one that is read is not."""

import pytest

from muster.plan.services import LogSource, Service
from muster.prepare.holes import RuleSource, holes, source_of


def service(**logs: dict[str, str]) -> Service:
    common = {"what": "Sign-ins.", "owner": "mika-sandoval", "keeps_days": 90, "integrity": "Signed"}
    return Service.model_validate(
        {
            "name": "Sign-in",
            "about": "Signs in",
            "criticality": "critical",
            "logs": {name.replace("_", "-"): common | more for name, more in logs.items()},
        }
    )


KEYCLOAK = {"product": "Keycloak", "service": "events"}


def test_a_log_that_nobody_reads_is_a_hole_with_its_place() -> None:
    (hole,) = holes({"sign-in": service(sign_ins=KEYCLOAK)}, [RuleSource(product="windows")])
    assert hole.place == "services/sign-in.yaml#/logs/sign-ins"
    assert (
        hole.sentence() == "No rule reads sign-ins of sign-in (product keycloak, service events): Sign-ins."
    )


def test_one_rule_for_it_closes_the_hole() -> None:
    world = {"sign-in": service(sign_ins=KEYCLOAK)}
    assert holes(world, [RuleSource(product="keycloak")]) == ()
    assert holes(world, [RuleSource(product="keycloak", service="events")]) == ()
    assert holes(world, [RuleSource(product="keycloak", service="admin")]) != ()
    assert holes(world, [RuleSource(product="keycloak", category="authentication")]) != ()


def test_a_log_that_does_not_say_what_it_is_cannot_be_judged() -> None:
    assert holes({"sign-in": service(paper={})}, []) == ()


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({"logsource": {"product": "Windows", "category": "process_creation", "definition": "x"}},
         RuleSource(product="windows", category="process_creation")),
        ({"logsource": {}}, None),
        ({"logsource": "windows"}, None),
        ({"title": "x"}, None),
        ("text", None),
        ({"logsource": {"product": 7}}, None),
    ],
)  # fmt: skip
def test_what_a_rule_says_it_reads(tree: object, found: RuleSource | None) -> None:
    assert source_of(tree) == found


def test_a_rule_that_names_nothing_reads_nothing() -> None:
    log = LogSource(what="x", owner="a", keeps_days=1, integrity="x", product="windows")
    assert not RuleSource().reads(log)
