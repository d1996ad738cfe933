"""Each fault of a rule is found, at its file and line; the example has none that is to be mended."""

import pytest

from muster.cli_files import example
from muster.detect.rulebook.lint import check_rules
from muster.plan.finding import Finding, problems
from tests.detect.rulebook.book import RULE, TESTS, changed
from tests.plan.shop_plan import plan


def findings(**files: bytes) -> list[Finding]:
    tree = {f"rules/{name}.yml": data for name, data in files.items()}
    return [*check_rules({**tree, "rules/a.test.yaml": TESTS.encode()}, plan().in_force).findings]


def test_a_whole_rule_with_tests_has_no_finding() -> None:
    assert findings(a=RULE.encode()) == []


@pytest.mark.parametrize(
    ("rule", "line", "before", "after"),
    [
        ("rule-id", 1, "id: 6f0c1e1e-4a2e-4c39-9e4e-1f6a3b0d7c11\n", ""),
        ("rule-author", 1, "author: Ann\n", ""),
        ("rule-level", 1, "level: high\n", ""),
        ("rule-status", 1, "status: experimental\n", ""),
        ("rule-date", 1, "date: 2026-11-24\n", ""),
        ("rule-tag", 6, "attack.t1059.003", "attack.t10599"),
        ("rule-tag", 6, "attack.execution", "attack.lateral_movement"),
        ("rule-too-wide", 12, "        Image|endswith: '\\cmd.exe'", "        Image: '*'"),
        ("rule-too-wide", 12, "condition: selection", "condition: not selection"),
        ("rule-field-undelivered", 12, "Image|endswith", "Immage|endswith"),
        ("rule-not-loaded", 12, "Image|endswith: '\\cmd.exe'", "Image|re: '(?<=a)b'"),
        ("rule-not-loaded", 12, "Image|endswith: '\\cmd.exe'", "Image|expand: '%nobody%'"),
        ("rule-source-unknown", 9, "category: process_creation", "category: driver_load"),
    ],
)
def test_each_fault_is_named_at_its_line(rule: str, line: int, before: str, after: str) -> None:
    found = {(one.rule, one.file, one.line) for one in findings(a=changed(before, after))}
    assert (rule, "rules/a.yml", line) in found


def test_an_id_that_stands_twice_leads_to_the_first() -> None:
    (found,) = [one for one in findings(a=RULE.encode(), b=RULE.encode()) if one.rule == "rule-id-twice"]
    assert (found.file, found.line) == ("rules/b.yml", 2)
    assert "rules/a.yml:2" in found.what


def test_a_typing_error_in_a_field_has_its_mend() -> None:
    (found,) = [one for one in findings(a=changed("Image|", "Imag|")) if one.rule == "rule-field-undelivered"]
    assert found.mend == "Did you mean Image?"


def test_a_file_that_is_no_yaml_is_named_and_the_others_go_on() -> None:
    book = check_rules({"rules/a.yml": b"a: [", "rules/b.yml": RULE.encode()}, None)
    assert (book.rules, book.loaded, book.untested) == (2, 1, 1)
    assert [one.file for one in book.findings if one.rule == "rule-not-loaded"] == ["rules/a.yml"]


def test_values_come_from_the_plan_and_from_a_pipeline_of_it() -> None:
    hosts = changed("Image|endswith: '\\cmd.exe'", "Computer|expand: '%service_hosts%'")
    admins = changed("Image|endswith: '\\cmd.exe'", "User|expand: '%admins%'")
    tree = {"rules/a.yml": hosts, "rules/b.yml": admins, "rules/c.pipeline.yml": b"vars:\n  admins: [root]\n"}
    assert check_rules(tree, plan().in_force).loaded == 2


def test_the_rules_of_the_example_are_loaded_and_tested() -> None:
    book = check_rules(example(), plan().in_force)
    assert not problems(book.findings)
    assert book.rules == book.loaded > 10
    assert (book.failed, book.untested) == (0, 0)
    assert (
        book.sentence()
        == f"Rules: {book.rules} of {book.rules} loaded; {book.tests} tests; 0 rules without a test."
    )


def test_a_plan_without_rules_says_nothing() -> None:
    assert check_rules({"policy.md": b""}, None).sentence() == ""
