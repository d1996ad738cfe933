"""Which lines of the plan a drill used, as its record shows: steps that were done, severity, calls, clocks, rules.

A line is used when an entry of the drill's lane rests on it. What nobody touched in the drill is not tested by it, nor
is a step that was skipped, nor a line that said something else in the plan that the drill was under.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

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
from muster.respond.runs import RunStarted, StepDone
from muster.respond.severity import SeverityRated
from muster.respond.signal import SignalRaised
from muster.store import schema
from muster.store.append import Ledger
from muster.store.read_stream import read_stream


class Used(NamedTuple):
    """A place of the plan that was used, as the beginning of line ids, and by which version of the plan."""

    place: str
    commit: str


def exercised(ledger: Ledger, drill: str, files: Mapping[str, bytes]) -> frozenset[Used]:
    """What the drill used. files: of the plan in force. Raises BadInput when the code is none."""
    lane = lane_of(parse_code(drill, StreamType.DRILL))
    rules = {path: data for path, data in files.items() if path.startswith("rules/")}
    found: set[Used] = set()
    with ledger.database.read() as connection:
        streams = connection.execute(select(schema.streams.c.stream).where(schema.streams.c.lane == lane))
        for stream in [row.stream for row in streams]:
            runs: dict[int, RunStarted] = {}
            for item in read_stream(connection, stream, ledger.kinds):
                found.update(_used(item.entry, runs, rules))
    return frozenset(found)


def rests_on(line: str, place: str) -> bool:
    """Whether a line of the plan lies in this place."""
    return line == place or line.startswith((f"{place}/", f"{place}#"))


def _used(entry: Entry, runs: dict[int, RunStarted], rules: Mapping[str, bytes]) -> Iterator[Used]:
    """What an entry rests on: of what was agreed, as its stream pinned it; of the world, as it was in force."""
    body, pinned, in_force = entry.body, entry.header.plan.pinned, entry.header.plan.in_force
    match body:
        case RunStarted():
            runs[entry.header.seq] = body
        case StepDone():
            run = runs.get(next((ref.seq for ref in entry.header.refs if ref.rel == "run"), -1))
            if run is not None:
                yield Used(f"playbooks/{run.playbook}.yaml#/steps/{body.step}", run.commit)
        case SeverityRated():
            yield Used(f"severity.yaml#/rules/{body.rule}", pinned)
            yield Used(f"severity.yaml#/levels/{body.severity}", pinned)
        case CallAsked():
            yield Used(f"calling.yaml#/occasions/{body.occasion}", in_force)
        case FactAnswered():
            yield Used(f"facts.yaml#/facts/{body.fact}", pinned)
        case AnchorRecorded(obligation=str(obligation)) | ObligationFiled(obligation=obligation):
            yield Used(f"obligations/{obligation}.yaml", pinned)
        case StatementDrafted(template=str(template)):
            yield Used(f"templates/{template}.md", pinned)
        case ActionProposed():
            yield Used(f"authority.yaml#/decisions/{body.decision}", in_force)
        case ServiceLost() | ServiceRestored():
            yield Used(f"services/{body.service}.yaml", in_force)
        case SignalRaised(rule=rule) if rule is not None:
            yield from (
                Used(path, in_force) for path, data in rules.items() if rule.id and rule.id.encode() in data
            )
        case _:
            return
