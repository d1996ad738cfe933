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
from pydantic import BaseModel, ValidationError

from muster.rehearse.shop import RULES, night_of, story_of
from muster.web.report import (
    DRAWN_AT_MOST,
    Holder,
    Known,
    RecordPart,
    ReportData,
    ReportedSignal,
    ReportedTime,
    SeverityChange,
    TimelineEntry,
    drawn_marks,
    lasting,
    policy,
    report,
    style,
    table_rows,
)

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
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


@cache
def sample(seed: int = 1) -> ReportData:
    """The night of the shop, told as a report."""
    tale = story_of(seed, START)
    names = {person.key: person.name for person in tale.people}
    events = [event for event in night_of(seed, START) if event.step]
    signals = [
        ReportedSignal(
            code=f"SIG-{number:05d}",
            title=rule.removesuffix(".yml").replace("_", " ").capitalize(),
            rule=rule,
            author="Muster",
            outcome="duplicate" if "opened" in rule else "incident",
            count=sum(event.step is step for event in events),
            first=min(event.at for event in events if event.step is step),
            last=max(event.at for event in events if event.step is step),
        )
        for number, (rule, step) in enumerate(RULES.items(), 31)
    ]
    entries: list[TimelineEntry] = []
    known: dict[str, list[Known]] = {"fact": [], "assume": [], "question": []}
    severities: list[SeverityChange] = []
    for seq, beat in enumerate((beat for beat in tale.beats if "signal" not in beat.fields or beat.makes), 0):
        at = START + beat.at
        words = [
            beat.fields.get(name) for name in ("what", "text", "reason", "summary") if name in beat.fields
        ]
        text = str(words[0]) if words else f"{beat.verb} {beat.fields.get('role', '')}"
        who = names[beat.who]
        entries.append(
            TimelineEntry(
                seq=seq,
                at=at,
                recorded_at=at,
                stated="happened_at" in beat.fields,
                kind=beat.verb,
                who=who,
                role="commander" if beat.who == "commander" else "scribe",
                text=text,
                milestone=beat.verb in ("declare", "severity", "state", "close"),
            )
        )
        if beat.verb in known:
            source = str(beat.fields.get("source", ""))
            status = {"fact": "confirmed", "assume": "became a fact", "question": "answered"}[beat.verb]
            answer = (
                "34 150 customers: name, address, orders. No payment data." if beat.verb == "question" else ""
            )
            known[beat.verb].append(
                Known(text=text, status=status, who=who, at=at, source=source, answer=answer)
            )
        if beat.verb == "severity":
            level = "SEV2" if "Lowered" in text else "SEV1"
            severities.append(SeverityChange(at=at, severity=level, who=who, reason=text))
    declared = next(START + beat.at for beat in tale.beats if beat.verb == "declare")
    times = (
        ReportedTime(name="Time to acknowledge", start="first signal", end="acknowledged", value=timedelta(seconds=189), n=1),
        ReportedTime(name="Time to declare", start="detected", end="declared", value=timedelta(minutes=5, seconds=9), n=1),
        ReportedTime(name="Dwell time", start="started (est.)", end="detected", value=None, n=0),
    )  # fmt: skip
    return ReportData(
        code="INC-7Q4KM2",
        what="The customer portal on PORTAL-02 runs commands that came in by a web request",
        state="closed",
        lane="drill:6F0C2A",
        severity="SEV1",
        severity_history=tuple(severities),
        declared_at=declared,
        declared_by="Robin Vale",
        roles=(
            Holder(role="commander", who="Noor Lindgren", since=declared + timedelta(minutes=3)),
            Holder(role="scribe", who="Robin Vale", since=declared + timedelta(minutes=4)),
        ),
        summary=next(str(beat.fields["text"]) for beat in reversed(tale.beats) if beat.verb == "summary"),
        how_learned="own-detection",
        plan="builtin-1",
        made_at=START + timedelta(days=2),
        entries=tuple(entries),
        facts=tuple(known["fact"]),
        assumptions=tuple(known["assume"]),
        questions=tuple(known["question"]),
        signals=tuple(signals),
        times=times,
        record=RecordPart(
            origin="muster.invalid/5d0f7c2e91aa",
            entries=len(entries),
            head=sha256(b"head").hexdigest(),
            verify_with="muster verify INC-7Q4KM2.zip --key muster-key.txt",
        ),
    )


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
            changed[name] = tuple(type(item).model_construct(**_rebuilt(item, text)) for item in value)
        else:
            changed[name] = text if isinstance(value, str) else value
    return changed


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
    for part in (data.record.origin, data.record.head, data.record.verify_with, data.lane):
        assert part in page
    assert "No effect left Muster" in page


def test_unknown_stays_the_word_and_n_is_shown() -> None:
    page = report(sample())
    row = page[page.index("Dwell time") :]
    assert '<td class="number">unknown</td><td class="number">0</td>' in row[: row.index("</tr>")]


def test_times_are_machine_readable_and_utc() -> None:
    page = report(sample())
    assert '<time datetime="2026-11-24T01:25:34Z">24 Nov 2026, 01:25:34 UTC</time>' in page


def test_a_stated_time_says_when_it_was_recorded() -> None:
    rows = table_rows(sample())
    assert any("time stated; recorded 24 Nov 2026" in row.remark for row in rows)


def test_the_table_is_in_the_order_of_time() -> None:
    data = sample()
    rows = table_rows(data)
    assert len(rows) == len(data.signals) + len(data.entries)
    assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_a_long_incident_is_drawn_by_its_milestones_and_told_in_full() -> None:
    data = sample()
    line = data.entries[3].model_copy(update={"milestone": False})
    many = data.model_copy(
        update={"entries": (*(line.model_copy(update={"seq": n}) for n in range(400)), *data.entries)}
    )
    marks = drawn_marks(many)
    assert len(marks) == DRAWN_AT_MOST
    milestones = [entry.text for entry in data.entries if entry.milestone]
    assert set(milestones) <= {mark.text for mark in marks}
    page = report(many)
    assert f"Drawn: {DRAWN_AT_MOST} of {len(table_rows(many))}" in page


def test_an_empty_incident_teaches_instead_of_gaping() -> None:
    data = sample().model_copy(
        update=dict.fromkeys(
            ("entries", "facts", "assumptions", "questions", "signals", "times", "severity_history", "roles"),
            (),
        )
        | {"summary": ""}
    )
    page = report(data)
    for sentence in (
        "No fact was recorded.",
        "No question was asked.",
        "No summary was written.",
        "a person declared it",
    ):
        assert sentence in page


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "unknown"),
        (timedelta(), "0 s"),
        (timedelta(seconds=189), "3 min 9 s"),
        (timedelta(days=1, hours=4, minutes=3), "1 d 4 h"),
        (timedelta(seconds=-61), "-1 min 1 s"),
    ],
)
def test_lasting(value: timedelta | None, words: str) -> None:
    assert lasting(value) == words


@pytest.mark.parametrize("name", ["state", "extra"])
def test_the_data_is_strict(name: str) -> None:
    with pytest.raises(ValidationError):
        ReportData.model_validate(sample().model_dump() | {name: None})


def test_it_stays_small() -> None:
    assert len(report(sample()).encode()) < 100_000


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
        for name in ("ink", "quiet", "systems", "people"):
            words = re.findall(rf"--{name}: (#[0-9a-f]{{6}})", style())[scheme]
            low, high = sorted((_luminance(ground), _luminance(words)))
            assert (high + 0.05) / (low + 0.05) >= 7, (ground, name)
