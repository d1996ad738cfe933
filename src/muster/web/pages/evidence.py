"""Evidence of a signal: as readable lines that link nowhere, and as a download that no browser runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.app.caller import Caller
from muster.app.views import EvidenceView, SignalView
from muster.core.errors import MusterError, NotFound
from muster.web.api import download
from muster.web.pages.frame import Frame
from muster.web.pages.readable_events import ShownEvent, shown_events
from muster.web.who import page_caller

_MOST_CHARACTERS = 60_000


@dataclass(frozen=True)
class Lines:
    """Evidence as it is shown. cut: whether something was left out; the download holds everything."""

    text: str
    cut: bool


def readable(data: bytes, events: Sequence[int] = (), most: int = _MOST_CHARACTERS) -> Lines:
    """The events as lines `field: value`, led by their number in the batch. What is no JSON object stays as it is."""
    parts: list[str] = []
    length = 0
    rows = [row for row in data.decode("utf-8", "backslashreplace").split("\n") if row.strip()]
    for place, row in enumerate(rows):
        number = events[place] if place < len(events) else place
        part = f"event {number}\n{_event(row)}"
        length += len(part) + 2
        if length > most:
            left = part[: max(0, most - length + len(part))] if not parts else ""
            return Lines("\n\n".join([*parts, left] if left else parts), cut=True)
        parts.append(part)
    return Lines("\n\n".join(parts), cut=False)


def _event(row: str) -> str:
    try:
        pairs = json.loads(row, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return row
    if not isinstance(pairs, _Pairs):
        return row
    try:
        return "\n".join(_flat(pairs, ""))
    except RecursionError:
        return row


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object in order, with those that come twice."""


def _flat(value: object, path: str) -> list[str]:
    if isinstance(value, _Pairs):
        return [line for name, inner in value for line in _flat(inner, f"{path}.{name}" if path else name)]
    if isinstance(value, list):
        items = cast("list[object]", value)
        if all(isinstance(item, str | bool) or item is None for item in items):
            return [f"{path}: {', '.join(_plain(item) for item in items)}"]
        return [line for place, item in enumerate(items) for line in _flat(item, f"{path}[{place}]")]
    return [f"{path}: {_plain(value)}"]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


@dataclass(frozen=True)
class First:
    """The first evidence of a signal, or what keeps it from being read."""

    evidence: EvidenceView
    events: tuple[ShownEvent, ...]
    cut: bool = False
    fault: str = ""


def first_events(frame: Frame, me: Caller, view: SignalView) -> First | None:
    """The first evidence of a signal, for its page; None when there is none, or it is not for this reader."""
    if not view.evidence or not me.responds:
        return None
    first = view.evidence[0]
    try:
        data = frame.muster.reading.evidence(me, view.signal.signal, first.sha256)
    except MusterError as error:
        return First(first, (), fault=error.line())
    return First(first, *shown_events(data, first.events, first.why))


@dataclass(frozen=True)
class _Evidence:
    frame: Frame

    def download(self, request: Request, code: str, sha256: str) -> Response:
        data = self.frame.muster.reading.evidence(page_caller(request), code, sha256)
        return download(data, f"evidence-{sha256[:16]}.jsonl", "application/octet-stream")

    def lines(self, request: Request, code: str, sha256: str) -> Response:
        me = page_caller(request)
        view = self.frame.muster.reading.signal(me, code)
        found = next((item for item in view.evidence if item.sha256 == sha256), None)
        if found is None:
            raise NotFound("There is no such evidence.", code, "Open the signal and follow its link.")
        data = self.frame.muster.reading.evidence(me, code, sha256)
        return self.frame.page(
            "evidence.html",
            me,
            title=f"Evidence of {view.signal.signal}",
            signal=view.signal,
            evidence=found,
            lines=readable(data, found.events),
            size=len(data),
        )


def routes(frame: Frame) -> APIRouter:
    """/signals/CODE/evidence/SHA256 and its lines."""
    pages = _Evidence(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/signals/{code}/evidence/{sha256}")(pages.download)
    router.get("/signals/{code}/evidence/{sha256}/lines")(pages.lines)
    return router
