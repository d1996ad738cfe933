"""Stories of the linter for lists: file, line and reason of what is left out, and no more than can be read."""

import pytest

from muster.detect.indicators import lint, loading
from muster.detect.indicators.lint import check_indicators, sentence
from muster.plan.finding import Weight


def test_what_is_left_out_is_named_with_its_line() -> None:
    loaded, findings = check_indicators(
        {
            "indicators/feed.csv": b"evil.example.com\n=cmd()\n",
            "indicators/torn.json": b"{",
            "rules/a.yml": b"title: A",
            "indicators/README.md": b"ours",
        }
    )
    assert [(one.file, one.line, one.weight) for one in findings] == [
        ("indicators/feed.csv", 2, Weight.NOTE),
        ("indicators/torn.json", 1, Weight.HOLE),
    ]
    assert "a formula" in findings[0].what
    assert sentence(loaded) == "Indicators: 1 in 2 lists (domain 1); 2 entries left out."


def test_of_many_the_first_are_named_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lint, loading):
        monkeypatch.setattr(module, "NAMED", 2)
    _, findings = check_indicators({"indicators/a.csv": b"evil.example.com\n" + b"=x\n" * 5})
    assert findings[0].what == "3 more entries of the lists are left out."
    assert len(findings) == 3


def test_a_plan_without_lists_has_nothing_to_say() -> None:
    loaded, findings = check_indicators({"rules/a.yml": b""})
    assert (sentence(loaded), findings) == ("", ())
