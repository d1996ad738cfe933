"""Which of pySigma's complaints keep a rule from loading."""

import pytest
from sigma.exceptions import SigmaDateError, SigmaModifierError, SigmaTypeError

from muster.detect.rule import NotLoadable, Reason
from muster.detect.sigma_faults import one_line, remarks


def test_what_is_said_about_a_rule_is_a_remark() -> None:
    assert remarks([SigmaDateError("no\ndate")]) == ("no date",)


@pytest.mark.parametrize(
    ("fault", "reason"), [(SigmaModifierError("m"), Reason.MODIFIER), (SigmaTypeError("t"), Reason.INVALID)]
)
def test_what_touches_its_meaning_is_not(fault: Exception, reason: Reason) -> None:
    with pytest.raises(NotLoadable) as no:
        remarks([fault])
    assert no.value.reason is reason


def test_text_of_strangers_is_one_harmless_line() -> None:
    assert one_line("a\nb\x1b[31m\u202e") == "a b\\x1b[31m\\u202e"
    assert len(one_line("x" * 999)) == 200
