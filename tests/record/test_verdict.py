"""Findings name their place in words."""

from muster.record.verdict import Finding, Flaw


def test_a_finding_names_an_entry_a_leaf_a_file_or_the_whole():
    def finding(**place: object) -> Finding:
        return Finding(Flaw.CHANGED, "It was changed.", "Look.", **place)  # type: ignore[arg-type]

    assert finding(stream="INC-A", seq=0).where() == "INC-A seq 0"
    assert finding(stream="INC-A", seq=5, leaf=9).where() == "INC-A seq 5"
    assert finding(stream="INC-A").where() == "INC-A"
    assert finding(leaf=0).where() == "leaf 0"
    assert finding(file="blobs/ab").where() == "blobs/ab"
    assert finding().where() == ""
    assert finding(leaf=3).line() == "leaf 3: It was changed. Look."
    assert finding().line() == "It was changed. Look."
