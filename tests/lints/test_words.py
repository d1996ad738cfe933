"""Every synonym is found where people read, and nowhere else."""

from collections.abc import Callable

import pytest

from lints.words import PATTERNS, SYNONYMS, check

Lines = Callable[..., list[int]]
PAGE = "src/muster/web/templates/room.html"
SAMPLES = (
    "alerts", "a ticket", "close case", "case management", "audit log", "activity logs", "Postmortem", "post-mortem",
    "retrospective", "war room", "runbook", "workflow", "tabletop", "simulation", "the exercise", "action item", "to-do",
    "incident manager", "incident lead", "false positives", "IOC", "press release", "announcement", "remediation",
    "blockchain", "blacklist", "whitelist",
)  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_synonym_is_found_on_a_page(sample: str, lines: Lines) -> None:
    assert lines(check, PAGE, f"<p>\n  Look: {sample}!\n</p>\n") == [2]


def test_no_pattern_is_without_a_sample() -> None:
    assert len(PATTERNS) == len(SYNONYMS)
    assert [pattern.pattern for pattern in PATTERNS if not any(map(pattern.search, SAMPLES))] == []


@pytest.mark.parametrize(
    "innocent",
    [
        '<p role="alert" class="ticket">in any case, the worst case of all; this case where</p>',
        "{# alert #}{% if alert %}{{ ticket }}{% endif %}",
        "<script>alert(1)</script><style>.alert{}</style>",
        "<p>alertness, upper case, casework, exercise caution, everybody exercises</p>",
    ],
)
def test_markup_code_and_other_meanings_are_innocent(innocent: str, lines: Lines) -> None:
    assert lines(check, PAGE, innocent) == []


def test_shown_attributes_are_read_too(lines: Lines) -> None:
    assert lines(check, PAGE, '<p>\n<input\n placeholder="New ticket">') == [2]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/muster/cli.py", 'def f():\n    """Close a ticket."""\n'),
        ("src/muster/cli/serve.py", "x\nclick.option('--x', help='a ticket')\n"),
        ("src/muster/respond/command.py", 'class Declare(Command):\n    """Open a ticket."""\n'),
        ("src/muster/respond/command.py", "x\nraise Refused('The ticket is closed.')\n"),
        ("src/muster/respond/command.py", "x\nraise errors.Refused(\n    f'The {x} ticket.'\n)\n"),
    ],
)
def test_help_and_messages_are_read(path: str, text: str, lines: Lines) -> None:
    assert lines(check, path, text) in ([2], [3])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/muster/channels/chat.py", "raise Refused('The ticket is closed.')\n"),
        ("src/muster/detect/rule.py", 'ALERT = "alert"\nclass Rule:\n    """No alert."""\n'),
        ("tests/web/templates/room.html", "<p>alert</p>"),
    ],
)
def test_elsewhere_the_words_are_free(path: str, text: str, lines: Lines) -> None:
    assert lines(check, path, text) == []
