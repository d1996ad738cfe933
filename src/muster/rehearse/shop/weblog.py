"""Lines of the portal's access log, with the field names of W3C logs that rules for web servers use."""

from dataclasses import dataclass
from datetime import UTC, datetime

from muster.rehearse.shop.cast import PORTAL, Machine
from muster.rehearse.shop.event import Telemetry


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: an address and a program."""

    address: str
    agent: str
    account: str = "-"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the portal answered."""

    status: int
    size: int
    took: int


def line(
    at: datetime, machine: Machine, visitor: Visitor, request: str, answer: Answer, referer: str = "-"
) -> Telemetry:
    """One line. The request is `METHOD /path?query`."""
    utc = at.astimezone(UTC)
    method, _, target = request.partition(" ")
    stem, _, query = target.partition("?")
    return {
        "@timestamp": utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z",
        "logsource.category": "webserver",
        "Computer": machine.full,
        "date": utc.strftime("%Y-%m-%d"),
        "time": utc.strftime("%H:%M:%S"),
        "s-ip": machine.address,
        "s-port": 443,
        "cs-host": PORTAL,
        "cs-method": method,
        "cs-uri-stem": stem,
        "cs-uri-query": query or "-",
        "cs-username": visitor.account,
        "c-ip": visitor.address,
        "cs-version": "HTTP/1.1",
        "cs-user-agent": visitor.agent,
        "cs-referer": referer,
        "sc-status": answer.status,
        "sc-bytes": answer.size,
        "time-taken": answer.took,
    }
