"""The report: complete, inert, harmless with hostile text in every field, and the same in the drawing as in words."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from pydantic import BaseModel

from muster.app.looking_back.past import Past
from muster.app.looking_back.whole import looking_back
from muster.core.time import TimeSource
from muster.learn.times import milestones, times
from muster.web.report import LANES, policy, report, style, table_rows
from muster.web.report_data import (
    Known,
    RecordPart,
    ReportData,
    ReportedSignal,
    ReportedTime,
    TimelineEntry,
)
from muster.web.report_drawn import DRAWN_AT_MOST
from tests.app.looking_back.night import INCIDENT, LANE, Telling, night, past

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "{{ 7 * 7 }}{% raw %}",
    "a\x00b\x1b[31mred\x07",
    "user\u202etxt.exe\u2066\u2069",
    "\ud800 lone",
    "line\u2028end\u2029\x85",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} 漢字 " * 6,
    "&lt;b&gt; &amp;",
    "]]><!--",
    "https://203.0.113.7/x?a=1&b=2",
    "x" * 1000,
    "",
)


def told(seen: Past, **more: object) -> ReportData:
    """The report of what can be looked back on, with the appendices that the app adds."""
    known = milestones(seen.entries, [lines.entries for lines in seen.signals.values()])
    fields: dict[str, object] = {
        "code": INCIDENT,
        "what": "The portal runs strange commands",
        "state": "closed",
        "lane": LANE,
        "severity": "SEV1",
        "summary": "Data of customers was taken.",
        "how_learned": "own monitoring",
        "plan": "c" * 40,
        "made_at": datetime(2026, 12, 1, tzinfo=UTC),
        "now": seen.now,
        "entries": tuple(
            TimelineEntry(
                seq=one.header.seq,
                at=one.header.happened.at,
                written_at=seen.written(one),
                stated=one.header.happened.source is TimeSource.STATED,
                kind=one.header.kind,
                who=seen.who(one),
                role=one.header.role or "",
                text=seen.text(one.header.seq),
            )
            for one in seen.entries
        ),
        "facts": (
            Known(
                seq=20, text="Three requests", status="stands", who="Ana", at=seen.now, source="the web log"
            ),
        ),
        "assumptions": (Known(seq=21, text="The known hole", status="stands", who="Ana", at=seen.now),),
        "questions": (
            Known(
                seq=22,
                text="How far?",
                status="answered by Ana",
                who="Ben",
                at=seen.now,
                answer="The database.",
            ),
        ),
        "signals": tuple(
            ReportedSignal(
                code=code,
                title="Shell of a web server",
                rule="shell.yml",
                author="Muster",
                outcome="incident",
                count=3,
                first=lines.entries[0].header.happened.at,
                last=lines.entries[-1].header.happened.at,
            )
            for code, lines in seen.signals.items()
        ),
        "times": tuple(
            ReportedTime(
                name=one.measure.name,
                start=one.measure.start.value,
                end=one.measure.end.value,
                value=one.took,
                n=one.n,
            )
            for one in times(known)
        ),
        "record": RecordPart(
            origin="muster.invalid/5d0f7c2e91aa",
            fingerprint="abcd " * 16,
            entries=len(seen.entries),
            unreadable=2,
            head=sha256(b"head").hexdigest(),
            verify_with="muster verify INC-7Q4KM2.zip --key muster-key.txt",
        ),
        "back": looking_back(seen, known),
    }
    return ReportData.model_validate({**fields, **more})


@cache
def sample() -> ReportData:
    """The night of the portal, told as a report."""
    return told(night().past())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def _rebuilt(model: BaseModel, text: str) -> dict[str, Any]:
    """The model with the text in every field of text, unvalidated: a lone surrogate must do no harm either."""
    changed: dict[str, Any] = {}
    for name, value in model:
        if isinstance(value, BaseModel):
            changed[name] = type(value).model_construct(**_rebuilt(value, text))
        elif isinstance(value, tuple):
            changed[name] = tuple(_hostile(item, text) for item in value)
        else:
            changed[name] = _hostile(value, text)
    return changed


def _hostile(item: Any, text: str) -> Any:
    """Enums are words of ours: nobody writes them."""
    if isinstance(item, BaseModel):
        return type(item).model_construct(**_rebuilt(item, text))
    return text if type(item) is str else item


def test_it_is_one_file_that_loads_and_runs_nothing() -> None:
    reader = _read(report(sample()))
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base", "a", "use"} & set(
        reader.tags
    )
    names = {name for name, _ in reader.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "href", "xlink:href", "style", "srcset", "action"}
    assert reader.tags.count("style") == 1


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    page = report(sample())
    sheet = page[page.index("<style>") + 7 : page.index("</style>")]
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    assert policy() == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    content = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert content
    assert unescape(content[1]) == policy()
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "</" not in style()
    assert "url(" not in style()
    assert "@import" not in style()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_field_is_only_text(text: str) -> None:
    data = ReportData.model_construct(**_rebuilt(sample(), text))
    page = report(data)
    calm = _read(report(sample()))
    reader = _read(page)
    assert set(reader.tags) <= set(calm.tags)
    assert {name for name, _ in reader.attributes} == {name for name, _ in calm.attributes}
    assert page.count("</style>") == 1
    page.encode()
    for character in "\x00\x1b\x07\x85\u202e\u2066\u2028\u2029\ud800":
        assert character not in page
    if text:
        assert "{{" not in text or "{{ 7 * 7 }}" in page


def test_everything_is_said() -> None:
    data = sample()
    page = unescape(report(data))
    for entry in data.entries:
        assert entry.text in page
    for one in (*data.facts, *data.assumptions, *data.questions):
        assert one.text in page
        assert one.source in page
    for signal in data.signals:
        assert signal.code in page
        assert signal.rule in page
    for part in (
        data.record.origin,
        data.record.head,
        data.record.verify_with,
        data.record.fingerprint,
        data.lane,
    ):
        assert part.strip() in page


def _section(page: str, name: str) -> str:
    start = page.index(f'<section aria-labelledby="{name}">')
    inline = re.sub(
        r"</?(?:time|bdi|strong|span|em)\b[^>]*>", "", page[start : page.index("</section>", start)]
    )
    return unescape(re.sub(r"<[^>]+>", " ", inline))


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_its_parts_stand_in_the_order_of_a_boards_questions() -> None:
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", report(sample()))

    assert heads == [
        "1. In one paragraph",
        "2. Times against targets",
        "3. The incident in pictures",
        "4. What was known when",
        "5. What the plan said and what was done",
        "6. Actions, and the guard",
        "7. Disclosure",
        "8. Recovery",
        "9. What it taught",
        "10. People and roles",
        "11. The record behind this report",
        "Appendix A. Facts, assumptions, questions",
        "Appendix B. Signals",
        "Appendix C. Times between milestones",
        "Appendix D. The whole log",
    ]


def test_its_figures_are_those_of_the_entries() -> None:
    """The night by hand, minute by minute, against what the page says."""
    page = report(sample())
    opening, targets = _plain(_section(page, "summary")), _plain(_section(page, "targets"))

    assert "declared 24 Nov 2026, 01:25:00 UTC by Ana; the first signal came 24 Nov, 01:20:00" in opening
    assert "closed 27 Nov 2026, 04:05:00 UTC, after 3 d 2 h" in opening
    assert "SEV1, from 24 Nov, 01:28:00 on; it ended as SEV1. Ben commanded." in opening
    assert "Contained: 24 Nov, 02:30:00. Eradicated: unknown." in opening
    assert "27 Nov, 02:10:00 24 Nov, 02:50:00" in opening
    for row in (
        "within 15 min by 24 Nov, 01:43:00 9 min 24 Nov, 01:37:00 ✓ kept",
        "within 1 h by 24 Nov, 03:11:00 44 min 24 Nov, 02:55:00 ✓ kept",
        "within 3 h by 24 Nov, 05:07:00 1 h 53 min 24 Nov, 04:00:00 ✓ kept",
        "within 3 d by 27 Nov, 02:10:00 40 min 24 Nov, 02:50:00",
        "within 3 d by 27 Nov, 02:40:00 3 d 1 h 27 Nov, 04:00:00 ✗ missed",
        "Briefs at SEV1 severity.yaml:100 within 1 h unknown a brief is spoken and leaves no entry unknown",
    ):
        assert row in targets


def test_the_action_that_the_guard_held_back_is_shown_with_its_answer_then() -> None:
    guard = _plain(_section(report(sample()), "guarded"))

    assert "Held back cut off customer-portal" in guard
    assert "holds it back No evidence was captured of customer-portal, and this changes it." in guard
    assert "Milder Save memory and logs of customer-portal first; then this is free to go." in guard
    assert guard.index("Held back") < guard.index("nothing stands against it")


def test_a_deviation_stands_out_with_its_reason_and_the_line_of_the_plan() -> None:
    steps = _plain(_section(report(sample()), "followed"))

    assert "The plan was left 1 time." in steps
    assert "Plan left: left out. Counsel is on the way." in steps
    assert re.search(r"playbooks/web-intrusion\.yaml:\d+; legal", steps)


def test_the_sentence_that_was_flagged_and_the_hash_of_the_approved_words_are_shown() -> None:
    outside = _plain(_section(report(sample()), "outside"))
    statement = sample().back.statements[0]  # pyright: ignore[reportOptionalMemberAccess] - the sample has one

    assert "sentence 2 flagged" in outside
    assert "It said: Which data? names Now: Which data? names and numbers" in outside
    assert f"approved by Dora, exactly {statement.last.sha256}" in outside
    assert "1 d" not in outside or "before it was due" in outside


def test_the_hole_becomes_a_line_of_the_plan_before_and_after_that_a_drill_tested() -> None:
    taught = _plain(_section(report(sample()), "taught"))
    before = _plain(_section(report(told(night(tested=False).past())), "taught"))

    assert taught.index("No rule reads the sign-ins.") < taught.index("Watch the sign-ins")
    assert "every: 60 every: 30 tested by DRL-HGV31S" in taught
    assert "every: 60 every: 30 untested" in before


@pytest.mark.parametrize("lane", ["real", "drill:DRL-2A16PE"])
def test_reality_and_drills_are_told_apart_on_top(lane: str) -> None:
    page = report(sample().model_copy(update={"lane": lane}))
    found = LANES[lane.partition(":")[0]]

    assert found.sentence in page
    assert f'<strong class="word">{found.word}</strong>' in page
    assert f"<title>{found.word} {INCIDENT}: " in page
    # Each sheet of paper of a drill says that it is one.
    assert f'<body class="of-{found.word.lower()}">' in page
    assert ".of-drill { page: drill; }" in style()
    assert _plain(_section(page, "summary")).startswith(f"1. In one paragraph {found.word}, declared")


def test_words_that_are_gone_are_counted() -> None:
    assert "2 entries of" in _plain(_section(report(sample()), "summary"))


def test_unknown_stays_the_word_and_n_is_shown() -> None:
    page = report(sample())
    row = page[page.index(">dwell time<") :]
    assert re.search(r">unknown</td><td[^>]*>0</td>", row[: row.index("</tr>")])


def test_times_are_machine_readable_and_utc() -> None:
    assert '<time datetime="2026-11-24T01:25:00Z">24 Nov 2026, 01:25:00 UTC</time>' in report(sample())


def test_a_stated_time_says_when_it_was_written_by_the_same_clock() -> None:
    remarks = [row.remark for row in table_rows(sample()) if row.seq == 0]
    assert remarks == ["incident.declared, time stated; written 24 Nov 2026, 01:25:00 UTC"]


def test_the_table_is_in_the_order_of_time() -> None:
    data = sample()
    rows = table_rows(data)
    assert len(rows) == len(data.signals) + len(data.entries)
    assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_a_long_incident_says_what_is_not_drawn() -> None:
    data = sample()
    signal = data.signals[0]
    apart = timedelta(minutes=2)
    many = tuple(signal.model_copy(update={"first": signal.first + apart * number}) for number in range(300))
    page = report(data.model_copy(update={"signals": many}))

    assert f"Drawn: {DRAWN_AT_MOST} of 3" in page


def test_an_empty_incident_teaches_instead_of_gaping() -> None:
    empty = told(
        past(Telling()),
        facts=(),
        assumptions=(),
        questions=(),
        signals=(),
        times=(),
        summary="",
        how_learned="",
    )
    page = report(empty)
    for sentence in (
        "No summary was written.",
        "Nobody outside was told anything",
        "Nothing was rated, chosen or decided.",
        "No playbook was followed.",
        "No action on a system was proposed.",
        "No statement was drafted.",
        "No service was noted as lost.",
        "No hole in detection was found.",
        "No lesson was noted.",
        "Nobody took a role.",
        "Nobody was called.",
        "No fact was recorded.",
        "No question was asked.",
        "a person declared it",
    ):
        assert sentence in page, sentence


def test_an_incident_that_goes_on_says_so() -> None:
    seen = night()
    page = report(told(past(Telling(entries=seen.told.entries[: seen.seqs["filed"]])), state="recovering"))
    assert "It has not ended: it is recovering." in page
    assert "not filed" in page


def test_it_stays_small() -> None:
    assert len(report(sample()).encode()) < 160_000


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_seven_to_one(scheme: int) -> None:
    colours = {
        name: re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style())[scheme] for name in ("paper", "raised")
    }
    for ground in colours.values():
        for name in ("ink", "quiet", "systems", "people", "kept", "missed"):
            words = re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style())[scheme]
            low, high = sorted((_luminance(ground), _luminance(words)))
            assert (high + 0.05) / (low + 0.05) >= 7, (ground, name)
