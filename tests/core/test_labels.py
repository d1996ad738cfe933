"""Labels: which severity is worse, and the words that stand on things."""

from muster.core.labels import Pap, Secrecy, Severity, Tlp


def test_sev1_is_the_worst() -> None:
    assert [level.rank for level in Severity] == [1, 2, 3, 4, 5]
    assert Severity.SEV1.worse_than(Severity.SEV2)
    assert not Severity.SEV2.worse_than(Severity.SEV2)
    assert not Severity.SEV5.worse_than(Severity.SEV1)


def test_the_words_are_those_of_their_standards() -> None:
    assert {label.value for label in Tlp} == {
        "TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR",
    }  # fmt: skip
    assert {label.value for label in Pap} == {"PAP:RED", "PAP:AMBER", "PAP:GREEN", "PAP:CLEAR"}
    assert [label.value for label in Secrecy] == ["open", "team", "named"]
