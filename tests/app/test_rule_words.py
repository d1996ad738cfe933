"""What a report says of a rule is one line each, and bounded."""

from muster.app.rule_words import MOST_REFERENCES, MOST_TAGS, as_line, asset_words, rule_words
from muster.detect.assets import Asset, Assets
from muster.detect.rule import Level


def test_a_rule_that_says_nothing_goes_by_its_key() -> None:
    words = rule_words("a.yml", None, None, None, None)
    assert (words["rule_id"], words["title"], words["level"], words["author"]) == (
        "a.yml",
        "a.yml",
        "medium",
        "",
    )


def test_tags_licence_and_references_go_along_within_bounds() -> None:
    many = [f"t{number}" for number in range(100)]
    words = rule_words("a", "i", "t", Level.HIGH, "A\nB", ["", *many], "DRL\n1.1", many)
    assert (words["author"], words["license"], words["level"]) == ("A B", "DRL 1.1", "high")
    assert (len(words["tags"]), len(words["references"])) == (MOST_TAGS, MOST_REFERENCES)


def test_a_long_line_keeps_both_ends() -> None:
    line = as_line("a" * 300 + "\0end")
    assert (len(line), line[-3:]) == (200, "end")


def test_hosts_are_said_only_where_there_are_any() -> None:
    assert asset_words(Assets()) == {}
    assert asset_words(Assets((Asset("db1", 2),), 3)) == {
        "assets": [{"name": "db1", "count": 2}],
        "more_assets": 3,
    }
