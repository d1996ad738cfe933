"""What is known of a rule."""

from muster.core.labels import Severity
from muster.detect.rule import Level, LogSource, Rule, RuleKey, severity_hint


def test_severity_follows_the_level() -> None:
    assert [severity_hint(level) for level in (*Level, None)] == [
        Severity.SEV5, Severity.SEV4, Severity.SEV3, Severity.SEV2, Severity.SEV1, Severity.SEV3,
    ]  # fmt: skip


def test_a_rule_without_an_id_is_called_by_its_key() -> None:
    rule = Rule(RuleKey("a.yml#2"), "a.yml", None, "T", None, None, (), LogSource())
    assert rule.name == "a.yml#2"
