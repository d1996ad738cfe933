"""Who was called for what, who was silent, and who answered when: of the incident and of its signals."""

from collections.abc import Iterator
from datetime import datetime

from muster.app.looking_back.past import Lines, Past
from muster.app.views import View
from muster.core.time import from_stored
from muster.record.entry import Entry
from muster.respond.calling import CallAcknowledged, CallAsked, CallUnanswered


class Called(View):
    """One person who was called, and until when their answer was waited for. silent: the next one was called instead."""

    seq: int
    person: str
    at: datetime
    until: datetime
    silent: bool


class Call(View):
    """All who were called for one occasion, until somebody was on it. given_up: the whole list was silent, again and again."""

    stream: str
    occasion: str
    about: str
    people: tuple[Called, ...]
    answered_at: datetime | None
    answered_by: str
    given_up: bool

    @property
    def until(self) -> datetime:
        """Until when the last one's answer was waited for."""
        return self.people[-1].until

    @property
    def silent(self) -> tuple[str, ...]:
        """Who was called and did not answer in their time."""
        return tuple(one.person for one in self.people if one.silent)


def calls(past: Past) -> tuple[Call, ...]:
    """Every call, in the order in which they began."""
    found = [call for lines in (past, *past.signals.values()) for call in _calls(past, lines)]
    return tuple(sorted(found, key=lambda call: (call.people[0].at, call.stream, call.people[0].seq)))


def _calls(past: Past, lines: Lines) -> Iterator[Call]:
    chains: dict[int, list[Entry]] = {}
    root_of: dict[int, int] = {}
    for entry in lines.of(CallAsked):
        former = next((ref.seq for ref in entry.header.refs if ref.rel == "due"), None)
        root = entry.header.seq if former is None else root_of.get(former, entry.header.seq)
        root_of[entry.header.seq] = root
        chains.setdefault(root, []).append(entry)
    for chain in chains.values():
        found = _call(past, lines, chain)
        if found is not None:
            yield found


def _call(past: Past, lines: Lines, chain: list[Entry]) -> Call | None:
    people: list[Called] = []
    last: CallAsked | None = None
    for entry in chain:
        body = lines.body(entry.header.seq, CallAsked)
        if body is None:
            continue
        last, until = body, from_stored(body.until)
        answer = _answer(lines, entry)
        people.append(
            Called(
                seq=entry.header.seq,
                person=_person(past, entry, body),
                at=lines.written(entry),
                until=until,
                silent=lines.written(answer) >= until
                if answer
                else entry is not chain[-1] or past.now >= until,
            )
        )
    if last is None:
        return None
    answer = _answer(lines, chain[-1])
    given_up = any(one.header.kind == CallUnanswered.kind for one in lines.about(chain[-1].header.seq, "due"))
    return Call(
        stream=chain[0].header.stream,
        occasion=last.occasion,
        about=last.about,
        people=tuple(people),
        answered_at=lines.written(answer) if answer else None,
        answered_by=past.who(answer) if answer else "",
        given_up=given_up,
    )


def _answer(lines: Lines, entry: Entry) -> Entry | None:
    ends = lines.about(entry.header.seq, "due")
    return next((one for one in ends if one.header.kind == CallAcknowledged.kind), None)


def _person(past: Past, entry: Entry, body: CallAsked) -> str:
    person = body.people[body.place].person
    in_force = past.in_force(entry)
    known = in_force.people.people.get(person) if in_force else None
    return known.name if known else person
