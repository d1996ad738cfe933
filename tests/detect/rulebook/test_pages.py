"""Documents of rule files with the lines of their keys."""

from muster.detect.rulebook.pages import pages
from tests.detect.rulebook.book import RULE


def test_each_document_knows_its_lines() -> None:
    first, second = pages({"rules/a.yml": f"# words\n{RULE}---\n{RULE}".encode()})
    assert (first.number, first.line("title"), first.line("level"), first.line("none")) == (1, 2, 17, 2)
    assert (second.number, second.line("id"), second.text("author")) == (2, 20, "Ann")


def test_pipelines_torn_files_and_lists_have_no_documents() -> None:
    files = {"a.pipeline.yml": b"vars: {a: [b]}", "b.yml": b"a: [", "c.yml": b"- a", "d.yml": b"\xff\xfe"}
    assert list(pages(files)) == []


def test_a_filter_is_no_rule() -> None:
    (page,) = pages({"a.yml": b"title: x\nfilter: {rules: any}\n"})
    assert not page.is_rule
