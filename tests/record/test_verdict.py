"""Findings name their place in words."""

from dataclasses import replace

from muster.record.verdict import Finding, Flaw, Verdict


def test_a_finding_names_an_entry_a_leaf_a_file_or_the_whole():
    def finding(**place: object) -> Finding:
        return Finding(Flaw.CHANGED, "It was changed.", "Look.", **place)

    assert finding(stream="INC-A", seq=0).where() == "INC-A seq 0"
    assert finding(stream="INC-A", seq=5, leaf=9).where() == "INC-A seq 5 (leaf 9)"
    assert finding(stream="INC-A").where() == "INC-A"
    assert finding(file="checkpoint 3", leaf=2).where() == "checkpoint 3"
    assert finding(leaf=0).where() == "leaf 0"
    assert finding(file="blobs/ab").where() == "blobs/ab"
    assert finding().where() == ""
    assert finding(leaf=3).line() == "leaf 3: It was changed. Look."
    assert finding().line() == "It was changed. Look."


GOOD = Verdict((), 0, "o", 9, 3, 2, 9, 1, "ab12", True)


def test_a_good_verdict_in_one_line():
    assert GOOD.ok
    assert GOOD.headline() == "verified, signed by ab12, which is pinned"
    assert replace(GOOD, pinned=False).headline() == "consistent with itself, signed by ab12, not pinned"
    assert replace(GOOD, sealed=7).unsealed == 2
    assert replace(GOOD, sealed=7).headline() == "verified, signed by ab12, which is pinned; 2 not yet sealed"
    unsigned = replace(GOOD, fingerprint="", pinned=False, sealed=0)
    assert unsigned.headline() == "consistent with itself, no checkpoint could be checked; 9 not yet sealed"


def test_a_bad_verdict_names_the_first_finding():
    one = Finding(Flaw.CHANGED, "It was changed.", "Look.", stream="INC-A", seq=5)
    bad = replace(GOOD, findings=(one,), found=1)
    assert not bad.ok
    assert bad.headline() == "does not verify: INC-A seq 5: It was changed. Look."
    several = replace(GOOD, findings=(one, one), found=7)
    assert several.headline() == "does not verify: INC-A seq 5: It was changed. Look. (and 6 more)"
