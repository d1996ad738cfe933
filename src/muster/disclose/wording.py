"""Outward words checked before they go out: incident confirmed, date and data named, nothing hedged, promised or blamed.

After what readers of real notices could not understand (Zou and others, CHI 2019), and what every good one has:
a plain sentence that it happened, when, and which data of the reader it concerns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from muster.disclose.links import links
from muster.plan.finding import Finding, Weight
from muster.plan.templates import Audience

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_HAPPENED = re.compile(
    r"\b(incident|breach|attack(?:ed|ers?)?|break-in|broke in(?:to)?|intru(?:sion|ders?)|unauthori[sz]ed|ransomware"
    r"|strangers?|stole(?:n)?|copied|leak(?:ed)?|outage|compromised)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(may|might|could|possibly|potential(?:ly)?|allegedly|apparently|perhaps|presumably|suspect(?:ed)?"
    r"|believed? to|appears? to|seems? to|unconfirmed|some customers|certain (?:customers|data|information))\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(\d{{4}}-\d\d-\d\d|\d{{1,2}}\.? ?(?:of )?{_MONTH}\.?,? \d{{4}}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(yesterday|today|tomorrow|recently|last (?:night|week|month)|this (?:morning|week)|a few days ago)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(names?|address(?:es)?|e-?mails?|phone numbers?|passwords?|password hashes|dates? of birth|birth ?dates?"
    r"|(?:credit|payment|bank) ?(?:cards?|details|data|accounts?)|card numbers?|account numbers?|IBANs?"
    r"|orders?|order (?:data|histor(?:y|ies))|invoices?|health|medical|passports?|photos?|messages|source code"
    r"|credentials|no (?:personal|customer) data|no data)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:affect(?:ed|s)?|access(?:ed)?|concern(?:ed|s)?|expos(?:ed|es)|includ(?:ed|es?)|involv(?:ed|es?)|lost|obtain(?:ed)?"
    r"|seen|taken|viewed)\b",
    re.IGNORECASE,
)
_NO_EVIDENCE = re.compile(
    r"\bno (?:evidence|indication|sign|reason to believe)|not aware of any (?:misuse|abuse)\b", re.IGNORECASE
)
_STOCK = re.compile(
    r"abundance of caution|takes? (?:\w+ )?(?:security|privacy) (?:very )?seriously|(?:highly )?sophisticated"
    r"|isolated (?:incident|event)|only a (?:small|limited)|no cause for (?:concern|alarm)|state[- ]of[- ]the[- ]art",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:send|tell|give|enter|confirm|reply with|provide)\b[^.!?\n]{0,40}"
    r"\b(?:password|PIN|card number|social security|national id|passport number)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:100 ?%|(?:completely|fully|totally|entirely|absolutely|perfectly)) (?:secure|safe|protected)\b|\bguarantee[ds]?\b"
    r"|\b(?:never|cannot|can't|will not|won't) (?:ever )?happen again\b|\bun(?:hack|break)able\b"
    r"|\b(?:all|every) (?:of )?(?:your|our) (?:data|systems?) (?:is|are) (?:safe|secure)\b",
    re.IGNORECASE,
)
_PERSON = r"(?:employee|contractor|intern|developer|engineer|administrator|colleague|supplier|vendor|user|customer)s?"
_BLAME = re.compile(
    r"\bhuman error\b|\b(?:careless(?:ness|ly)?|negligen(?:t|ce)|reckless(?:ly|ness)?|incompeten(?:t|ce))\b"
    rf"|\b(?:fault|mistake|error) (?:of|by) (?:an?|our|the|one) (?:\w+ )?{_PERSON}\b"
    rf"|\b{_PERSON}(?:['\u2019]s?)? (?:mistakes?|errors?|fault|failure|failed|forgot|neglected|ignored)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\bTLP[: ]?(?:RED|AMBER(?:\+STRICT)?|GREEN)\b", re.IGNORECASE)
_RED = re.compile(r"\bTLP[: ]?(?:RED|AMBER\+STRICT)\b", re.IGNORECASE)
_TIME = re.compile(r"(?<![:\d.T+-])(?:[01]?\d|2[0-3]):[0-5]\d(?![:\d])")
_ZONE = re.compile(
    r"\b(?:UTC|GMT|BST|[CEW]ES?T|[ECMP][SD]T|AE[SD]T|IST|JST|SGT|(?:[A-Z][a-z]+ )?(?:standard|summer) time)\b"
    r"|\d\dZ\b|[+-]\d\d:\d\d"
)
_LONG = re.compile(r"(?:\S+\s+){25,}\S+")
_WAIVER = re.compile(r"\b(?:arbitration|waive|class action|hold harmless|without admission)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_PLACE = re.compile(r"\{\{[^{}\n]{0,80}\}\}")
_OUTWARD = frozenset({Audience.PUBLIC, Audience.CUSTOMER, Audience.REGULATOR})
_PEOPLE = frozenset({Audience.PUBLIC, Audience.CUSTOMER})


@dataclass(frozen=True, slots=True)
class _Lexicon:
    rule: str
    words: re.Pattern[str]
    audiences: frozenset[Audience]
    what: str
    mend: str
    clause: str
    weight: Weight = Weight.PROBLEM


_LEXICONS = (
    _Lexicon(
        "not-filled",
        _PLACE,
        frozenset(Audience),
        "A place of the template is not filled",
        "Answer its question, or take the sentence out.",
        "PRE-16",
    ),
    _Lexicon(
        "relative-date",
        _RELATIVE,
        _OUTWARD,
        "It says when only for somebody who reads it today",
        "Write the date, and for a time its zone.",
        "COM-03",
    ),
    _Lexicon(
        "no-evidence",
        _NO_EVIDENCE,
        _PEOPLE,
        "Readers take this for safety, and it says only what was looked at",
        "Say which logs there are, for which time, and what they show; else take it out.",
        "COM-03",
    ),
    _Lexicon(
        "stock-phrase",
        _STOCK,
        _PEOPLE,
        "A stock phrase that plays it down",
        "Take it out; say what was done.",
        "COM-03",
    ),
    _Lexicon(
        "asks-for-secrets",
        _ASKS,
        _PEOPLE,
        "It asks for something that nobody should send",
        "Never ask for it; say that we never do.",
        "COM-03",
    ),
    _Lexicon(
        "waiver",
        _WAIVER,
        _PEOPLE,
        "It takes a right away from the reader",
        "Take it out; counsel says it elsewhere if it must be said.",
        "COM-03",
    ),
    _Lexicon(
        "absolute-claim",
        _ABSOLUTE,
        _OUTWARD,
        "Nobody can promise this",
        "Say what was done, and what it covers.",
        "COM-03",
    ),
    _Lexicon(
        "blame",
        _BLAME,
        _OUTWARD,
        "It blames somebody",
        "Say what happened and what we change; who did it explains nothing to the reader.",
        "COM-03",
    ),
    _Lexicon(
        "label",
        _LABEL,
        frozenset({Audience.PUBLIC}),
        "What has this label is not for the public",
        "Take out what it marks, or ask whoever set the label.",
        "COM-04",
    ),
    _Lexicon(
        "label",
        _RED,
        frozenset({Audience.CUSTOMER, Audience.REGULATOR}),
        "What has this label is not for these readers",
        "Take out what it marks, or ask whoever set the label.",
        "COM-04",
    ),
    _Lexicon(
        "time-without-zone",
        _TIME,
        _OUTWARD,
        "A time without its zone is two times",
        "Write the zone: 12:00 UTC.",
        "COM-03",
    ),
    _Lexicon(
        "long-sentence",
        _LONG,
        _PEOPLE,
        "A sentence of more than 25 words",
        "Make two of it.",
        "COM-03",
        Weight.NOTE,
    ),
)
_NEGATED = re.compile(r"\b(?:never|not|nobody|no one|don't)\b", re.IGNORECASE)


def wording(text: str, audience: Audience, file: str = "text") -> tuple[Finding, ...]:
    """What is wrong with the words for these readers, each with its line."""
    lines = text.splitlines()
    found = [
        Finding(
            file=file,
            line=line,
            rule=lexicon.rule,
            what=f"{lexicon.what}: “{_cut(said)}”.",
            mend=lexicon.mend,
            clause=lexicon.clause,
            weight=lexicon.weight,
        )
        for lexicon in _LEXICONS
        if audience in lexicon.audiences
        for line, sentence, said in _hits(text, lexicon.words)
        if not _excused(lexicon.rule, sentence, lines[line - 1])
    ]
    if audience in _OUTWARD:
        found += _missing(text, audience, file)
    return tuple(sorted(found, key=lambda one: (one.line, one.rule)))


def check_text(
    text: str, audience: Audience, own: tuple[str, ...], file: str = "text"
) -> tuple[Finding, ...]:
    """Every finding on a text: its links and its words, in the order of its lines."""
    every = (*links(text, own, file), *wording(text, audience, file))
    return tuple(sorted(every, key=lambda one: (one.line, one.rule, one.what)))


def claims(sentence: str) -> bool:
    """Whether it says something that must rest on a confirmed fact: what happened, when, which data, how many."""
    return any(words.search(sentence) for words in (_HAPPENED, _DATE, _DATA, _FIGURE))


def _excused(rule: str, sentence: str, line: str) -> bool:
    """What looks like a fault and is none: to say that we never ask, and a time whose zone stands in its line."""
    if rule == "asks-for-secrets":
        return bool(_NEGATED.search(sentence))
    return rule == "time-without-zone" and bool(_ZONE.search(line))


def _cut(said: str) -> str:
    return said if len(said) <= 80 else f"{said[:60].rstrip()} ..."


def _hits(text: str, words: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    for line, sentence in _sentences(text):
        for hit in words.finditer(sentence):
            yield line, sentence, hit[0]


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        for sentence in _SENTENCE.findall(line):
            yield number, sentence


def _missing(text: str, audience: Audience, file: str) -> Iterator[Finding]:
    """What must be said at least once, without a hedge."""
    sentences = list(_sentences(text))
    plain = [sentence for _, sentence in sentences if not _HEDGE.search(_undated(sentence))]
    lacking = [
        (
            "not-confirmed",
            _HAPPENED,
            "No sentence says plainly that it happened.",
            "Say it in the first sentences, without `may` or `possibly`.",
        ),
        ("no-date", _DATE, "No sentence names the date.", "Write when it happened, like 24 November 2026."),
        (
            "no-data",
            _DATA,
            "No sentence names the data.",
            "List the kinds of data, or say that no personal data is affected.",
        ),
    ]
    for rule, words, what, mend in lacking:
        if not any(words.search(sentence) for sentence in plain):
            yield Finding(file=file, line=1, rule=rule, what=what, mend=mend, clause="COM-03")
    if audience not in _PEOPLE:
        return
    for line, sentence in sentences:
        hedge = _HEDGE.search(_undated(sentence))
        if hedge and (_HAPPENED.search(sentence) or (_DATA.search(sentence) and _TAKEN.search(sentence))):
            yield Finding(
                file=file,
                line=line,
                rule="hedge",
                what=f"It leaves open whether it happened or whom it concerns: “{hedge[0]}”.",
                mend="Say what is confirmed; what is not, say as not known yet.",
                clause="COM-03",
            )


def _undated(sentence: str) -> str:
    """Without its dates: May is a month too."""
    return _DATE.sub("", sentence)
