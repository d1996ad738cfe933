"""`muster text`, run as people run it: a good letter passes, a bad one is named line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from muster.cli_files import example
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]
GOOD = """Security incident at Harbour Goods

On 24 November 2026 strangers broke into our order database and copied it.
They copied the names, addresses and orders of 12,400 customers. They did not copy passwords.
What you should do: do not answer a mail that asks you to pay again.
Ask us: help@shop.example.invalid
"""
FACTS = "facts:\n  people-count: 12400\n  since-when: 2026-11-24T02:10+01:00\n  next-update:\n"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("plan")
    for name, data in example().items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "facts.yaml").write_text(FACTS)
    file = tmp_path / "letter.txt"
    file.write_text(GOOD)
    return file


def checked(capsys: Capture, *arguments: str | Path, kind: str = "customer") -> tuple[int, list[Any], str]:
    code, out, err = run(capsys, "text", *map(str, arguments), "--kind", kind, "--json")
    found = json.loads(out)
    assert found["ok"] == (code == 0)
    return code, [(one["line"], one["rule"]) for one in found["findings"]], err


@pytest.mark.parametrize("kind", ["public", "customer", "regulator", "internal"])
def test_a_good_letter_passes(capsys: Capture, letter: Path, plan: Path, kind: str) -> None:
    facts = letter.with_name("facts.yaml")
    assert checked(capsys, letter, "--plan", plan, "--facts", facts, kind=kind) == (0, [], "")
    code, out, _ = run(capsys, "text", str(letter), "--kind", kind, "--plan", str(plan))
    assert (code, out) == (0, "Nothing to mend.\n")


def test_a_bad_letter_is_named_line_by_line(capsys: Capture, letter: Path, plan: Path) -> None:
    letter.write_text(
        "Your data may have been affected by an isolated incident.\nSee https://shop-example.test/help now.\n"
    )
    code, out, err = run(capsys, "text", str(letter), "--kind", "customer", "--plan", str(plan))
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[-1] == f"{len(lines) - 1} to mend, 0 to note."
    assert all(line.startswith(str(letter)) for line in lines[:-1])
    found = {(line.split(":")[1], line.rpartition(" [")[2]) for line in lines[:-1]}
    assert ("2", "COM-04]") in found
    assert checked(capsys, letter, "--plan", plan)[1] == [
        (1, "hedge"),
        (1, "no-data"),
        (1, "no-date"),
        (1, "not-confirmed"),
        (1, "stock-phrase"),
        (2, "foreign-link"),
    ]


def test_a_changed_count_and_a_changed_date_are_caught(capsys: Capture, letter: Path, plan: Path) -> None:
    letter.write_text(GOOD.replace("12,400", "12,500").replace("24 November", "25 November"))
    more = ("--plan", plan, "--facts", letter.with_name("facts.yaml"))
    assert checked(capsys, letter, *more) == (1, [(3, "date-no-fact"), (4, "count-no-fact")], "")
    assert checked(capsys, letter, "--plan", plan)[0] == 0


def test_a_template_is_filled_from_the_facts_and_keeps_its_lines(
    capsys: Capture, letter: Path, plan: Path
) -> None:
    template = plan / "templates/customer-first-notice.md"
    lines = template.read_text().splitlines()
    code, found, _ = checked(capsys, template, "--plan", plan, "--facts", letter.with_name("facts.yaml"))
    assert code == 1
    missing = [number for number, rule in found if rule == "not-filled"]
    assert missing
    assert all("{{" in lines[number - 1] for number in missing)
    assert sum(line.count("{{") for line in lines) == len(missing) + 1, "one of its places has an answer"


def test_without_a_plan_no_domain_is_ours_and_it_says_how_to_name_it(capsys: Capture, letter: Path) -> None:
    code, found, err = checked(capsys, letter)
    assert (code, found) == (1, [(6, "foreign-address")])
    assert "--plan DIR" in err
    assert err.count("\n") == 1


def test_a_note_alone_is_no_bad_news(capsys: Capture, letter: Path, plan: Path) -> None:
    letter.write_text(GOOD + "And " + "then we looked " * 9 + "again.\n")
    assert checked(capsys, letter, "--plan", plan)[:2] == (0, [(7, "long-sentence")])


def test_hostile_words_do_nothing_to_the_terminal(capsys: Capture, letter: Path, plan: Path) -> None:
    letter.write_text(f"{GOOD}\x1b[31m\u202e evil.test/\x1b]0;x\x07\n")
    code, out, err = run(capsys, "text", str(letter), "--kind", "public", "--plan", str(plan))
    assert code == 1
    assert not {"\x1b", "\u202e", "\x07"} & set(out + err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("/nowhere/letter.txt", "--kind", "public"),
        ("{letter}",),
        ("{letter}", "--kind", "press"),
        ("{latin}", "--kind", "public"),
        ("{letter}", "--kind", "public", "--plan", "{empty}"),
        ("{letter}", "--kind", "public", "--plan", "/nowhere"),
        ("{letter}", "--kind", "public", "--facts", "/nowhere/facts.yaml"),
        ("{letter}", "--kind", "public", "--facts", "{letter}"),
    ],
)
def test_wrong_use_is_one_line_and_2(
    capsys: Capture, letter: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "latin.txt").write_bytes(b"fine\n\xe9t\xe9\n")
    names = {"letter": letter, "latin": tmp_path / "latin.txt", "empty": tmp_path / "empty"}
    code, out, err = run(capsys, "text", *(part.format(**names) for part in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("muster: ")
    if "{latin}" in arguments:
        assert "latin.txt:2" in err
