"""Figures and dates of a text against the answered facts: what no fact says must not stand in a letter (N9).

Only counts of things that incidents are measured by, and whole dates, are compared; other figures (telephones,
articles, versions) are no claims about the incident.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from muster.disclose.clock import UNKNOWN
from muster.plan.finding import Finding
from muster.plan.templates import PLACE

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{}>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})\.? ?(?:of )?{_MONTH.format('name')},? (?P<y>\d{{4}})\b", re.IGNORECASE),
    re.compile(
        rf"\b{_MONTH.format('name')} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.IGNORECASE
    ),
    re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b"),
)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)")
_FIGURE = r"\d{1,3}(?:[,.\u2019'\u00a0\u202f ]\d{3})+|\d+"
_THING = (
    r"people|persons?|individuals?|customers?|users?|accounts?|records?|orders?|cards?|addresses|passwords?|patients?"
    r"|employees|members|subscribers|passengers|students|invoices|files|messages|documents|systems|servers|machines|computers"
)
_COUNT = re.compile(
    rf"(?<![\w.,:+-])(?P<figure>{_FIGURE})\s+(?:[a-z]+\s+){{0,2}}?(?:{_THING})\b", re.IGNORECASE
)
_ANY_FIGURE = re.compile(rf"(?<![\w.,:+-])(?:{_FIGURE})(?!\w)")
_DAY = timedelta(days=1)


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with the answers put into its places, line by line; a place that nobody can fill stays."""
    return PLACE.sub(lambda place: _one_line(facts.get(place[1], UNKNOWN)) or place[0], text)


def _one_line(answer: str) -> str:
    return "" if answer == UNKNOWN else " ".join(answer.split())


def agreeing(text: str, facts: Mapping[str, str], file: str = "text") -> tuple[Finding, ...]:
    """Each count and each date that no answered fact says, with its line."""
    answers = [answer for answer in facts.values() if answer != UNKNOWN]
    figures = {_number(found[0]) for answer in answers for found in _ANY_FIGURE.finditer(answer)}
    days = {day for answer in answers for day in _days_of(answer)}
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        for count in _COUNT.finditer(_undated(line)):
            if _number(count["figure"]) not in figures:
                mend = "Compare it with the facts; answer the question, or mend the figure."
                found.append(_finding(file, number, "count-no-fact", f"No fact says “{count[0]}”.", mend))
        for said, day in _dates(line):
            if day not in days:
                mend = "Compare it with the facts; answer the question, or mend the date."
                found.append(
                    _finding(file, number, "date-no-fact", f"No fact names the date “{said}”.", mend)
                )
    return tuple(found)


def _finding(file: str, line: int, rule: str, what: str, mend: str) -> Finding:
    return Finding(file=file, line=line, rule=rule, what=what, mend=mend, clause="COM-02")


def _undated(line: str) -> str:
    """Without its dates: the year before a word is no count of anything."""
    for pattern in _DATES:
        line = pattern.sub(lambda found: "-" * len(found[0]), line)
    return line


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _dates(text: str) -> Iterator[tuple[str, date]]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            name = parts.get("name")
            month = int(parts["m"]) if name is None else _MONTHS.index(name[:3].lower()) + 1
            try:
                yield found[0], date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                continue


def _days_of(answer: str) -> Iterator[date]:
    """The dates of an answer; an instant is a date in every zone, so its neighbours within a day's turn count too."""
    yield from (day for _, day in _dates(answer))
    for found in _INSTANT.finditer(answer):
        try:
            at = datetime.fromisoformat(found[0])
        except ValueError:
            continue
        utc = (at - (at.utcoffset() or timedelta(0))).replace(tzinfo=None)
        yield from {(utc - _DAY / 2).date(), utc.date(), (utc + timedelta(hours=14)).date()}
