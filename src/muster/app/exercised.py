"""Which lines of the plan a drill used, as its record shows: steps that were done, severity, calls, clocks, rules.

A line is used when an entry of the drill's lane rests on it. What nobody touched in the drill is not tested by it.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from muster.core.ids import StreamType, parse_code
from muster.disclose.answers import FactAnswered
from muster.disclose.owed import AnchorRecorded, ObligationFiled
from muster.disclose.statement import StatementDrafted
from muster.record.entry import Entry
from muster.rehearse.clock import lane_of
from muster.respond.actions import ActionProposed
from muster.respond.calling import CallAsked
from muster.respond.outages import ServiceLost, ServiceRestored
from muster.respond.runs import RunStarted, StepDone, StepSkipped
from muster.respond.severity import SeverityRated
from muster.respond.signal import SignalRaised
from muster.store import schema
from muster.store.append import Ledger
from muster.store.read_stream import read_stream


def exercised_places(ledger: Ledger, drill: str, files: Mapping[str, bytes]) -> frozenset[str]:
    """The places of the plan that the drill used, as beginnings of line ids. files: of the plan in force. Raises BadInput."""
    lane = lane_of(parse_code(drill, StreamType.DRILL))
    rules = {path: data for path, data in files.items() if path.startswith("rules/")}
    found: set[str] = set()
    with ledger.database.read() as connection:
        streams = connection.execute(select(schema.streams.c.stream).where(schema.streams.c.lane == lane))
        for stream in [row.stream for row in streams]:
            playbooks: dict[int, str] = {}
            for item in read_stream(connection, stream, ledger.kinds):
                found.update(_used(item.entry, playbooks, rules))
    return frozenset(found)


def rests_on(line: str, places: frozenset[str]) -> bool:
    """Whether a line of the plan lies in one of these places."""
    return any(line == place or line.startswith((f"{place}/", f"{place}#")) for place in places)


def _used(entry: Entry, playbooks: dict[int, str], rules: Mapping[str, bytes]) -> Iterator[str]:
    match entry.body:
        case RunStarted() as body:
            playbooks[entry.header.seq] = body.playbook
        case StepDone() | StepSkipped() as body:
            run = next((ref.seq for ref in entry.header.refs if ref.rel == "run"), None)
            if run in playbooks:
                yield f"playbooks/{playbooks[run]}.yaml#/steps/{body.step}"
        case SeverityRated() as body:
            yield f"severity.yaml#/rules/{body.rule}"
            yield f"severity.yaml#/levels/{body.severity}"
        case CallAsked() as body:
            yield f"calling.yaml#/occasions/{body.occasion}"
        case FactAnswered() as body:
            yield f"facts.yaml#/facts/{body.fact}"
        case AnchorRecorded() | ObligationFiled() as body:
            yield f"obligations/{body.obligation}.yaml"
        case StatementDrafted(template=str(template)):
            yield f"templates/{template}.md"
        case ActionProposed() as body:
            yield f"authority.yaml#/decisions/{body.decision}"
        case ServiceLost() | ServiceRestored() as body:
            yield f"services/{body.service}.yaml"
        case SignalRaised(rule=rule) if rule is not None:
            yield from (path for path, data in rules.items() if rule.id and rule.id.encode() in data)
        case _:
            return
