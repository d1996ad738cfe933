"""Tests beside a rule: what must match and does, what must not and does, and files that are no tests."""

from muster.detect import ruleset as rulesets
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rulebook.trials import Tried, run
from tests.detect.rulebook.book import RULE, TESTS, changed

MANY = """\
title: Many sign-ins failed
id: 1d2bd5a7-52ef-4a8a-b2f4-2d1f7f1a3f10
correlation:
    type: event_count
    rules: failed
    group-by: [user]
    timespan: 5m
    condition: {gte: 3}
level: high
---
title: A sign-in failed
name: failed
logsource: {product: keycloak, service: events}
detection:
    selection: {type: LOGIN_ERROR}
    condition: selection
"""


def tried(rule: bytes, tests: str, path: str = "rules/a.yml") -> Tried:
    return run(rulesets.compile({path: rule}, PipelineChoice()), {"rules/a.test.yaml": tests.encode()})


def test_both_hold() -> None:
    found = tried(RULE.encode(), TESTS)
    assert (found.passed, found.failed, found.findings) == (2, 0, ())
    assert found.by_rule == {"rules/a.yml": 2}


def test_a_rule_that_no_longer_matches_is_named_with_the_event_and_why() -> None:
    (found,) = tried(changed("cmd.exe", "sh.exe"), TESTS).findings
    assert (found.file, found.line, found.rule) == ("rules/a.test.yaml", 2, "rule-test-failed")
    assert found.what == "The rule `Shell under the web server` does not match, and must: A shell."


def test_a_rule_that_became_too_wide_is_named() -> None:
    (found,) = tried(changed("\\cmd.exe", ".exe"), TESTS).findings
    assert found.line == 5
    assert found.what.endswith("matches, and must not: Another program.")


def test_events_in_their_order_try_a_correlation() -> None:
    failed = "      - {logsource.product: keycloak, logsource.service: events, type: LOGIN_ERROR, user: a, time: '2026-11-24T02:00:0%dZ'}\n"
    three, two = (
        "".join(failed % second for second in range(3)),
        "".join(failed % second for second in range(2)),
    )
    tests = f"must_match:\n  - why: Three.\n    events:\n{three}must_not_match:\n  - why: Two.\n    events:\n{two}"
    found = tried(MANY.encode(), f"rule: 1d2bd5a7-52ef-4a8a-b2f4-2d1f7f1a3f10\n{tests}")
    assert found.findings == ()
    assert (found.passed, list(found.by_rule)) == (2, ["rules/a.yml"])


def test_a_file_without_its_rule_or_with_wrong_words_is_no_test() -> None:
    assert tried(RULE.encode(), TESTS, "rules/b.yml").findings[0].rule == "rule-test-alone"
    (wrong,) = tried(RULE.encode(), TESTS.replace("must_match", "must_mach")).findings
    assert (wrong.rule, wrong.line, wrong.mend) == ("rule-test-unreadable", 1, "Did you mean `must_match`?")
    (torn,) = tried(RULE.encode(), "must_match: [").findings
    assert torn.rule == "rule-test-unreadable"


def test_an_event_that_nobody_can_read_is_no_proof() -> None:
    deep = "{a: " * 40 + "1" + "}" * 40
    found = tried(RULE.encode(), f"must_not_match:\n  - why: Deep.\n    event: {deep}\n")
    assert found.findings[0].rule == "rule-test-unreadable"
