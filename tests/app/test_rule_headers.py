"""The head of rule documents, read by lines."""

from muster.app.rule_headers import headers
from tests.detect.rulebook.book import RULE


def test_what_a_list_of_rules_shows() -> None:
    (one,) = headers("plan/rules/a.yml", RULE)
    assert (one.title, one.key, one.kind) == ("Shell under the web server", "plan/rules/a.yml", "rule")
    assert (one.fields["level"], one.fields["author"]) == ("high", "Ann")
    assert one.tags == ("attack.execution", "attack.t1059.003")


def test_documents_are_numbered_as_hits_name_them() -> None:
    text = f"# words\n---\n{RULE}---\ntitle: 'Many'  # words\nid: x\ncorrelation:\n  type: event_count\ntags: [attack.t1110, b.c]\n"
    first, second = headers("a.yml", text)
    assert (first.key, second.key, second.kind, second.title) == ("a.yml", "a.yml#2", "correlation", "Many")
    assert second.tags == ("attack.t1110", "b.c")


def test_pipelines_and_torn_files_have_none_and_hostile_words_are_made_harmless() -> None:
    assert list(headers("a.pipeline.yml", "vars:\n  a: [b]\n")) == []
    assert list(headers("a.yml", "a: [")) == []
    (one,) = headers("a.yml", "title: \x1b[31mred\n")
    assert "\x1b" not in one.title


def test_a_title_over_lines_is_shown_by_the_key() -> None:
    (one,) = headers("a.yml", "title: >-\n  Long\nid: x\ndescription: y\n    - no tag\n")
    assert (one.title, one.tags) == ("a.yml", ())
