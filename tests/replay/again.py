"""Decides every written command again, in a process of its own, and compares with what stands in the record.

Run as `python -m tests.replay.again COMMANDS SQLITE-FILE`; prints one JSON object.
"""

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from muster.app.following import decide_all
from muster.app.registry import FOLDS, KINDS, RULES
from muster.core.time import Moment
from muster.record.canonical import canonical
from muster.record.entry import header_of
from muster.record.state import StreamState, advance
from muster.store import schema
from muster.store.database import Database, sqlite_url
from muster.store.read_stream import StoredEntry, read_stream
from tests.replay.written import Asked, Reader


@dataclass
class Tally:
    """What was compared, and the first differences."""

    commands: int = 0
    headers: int = 0
    bodies: int = 0
    erased: int = 0
    verbs: set[str] | None = None
    differences: list[str] | None = None


def streams_of(database: Database) -> dict[str, list[StoredEntry]]:
    """All entries by stream."""
    with database.read() as connection:
        names = [row.stream for row in connection.execute(select(schema.streams.c.stream))]
        return {name: list(read_stream(connection, name, KINDS)) for name in names}


@dataclass
class Past:
    """The states as they were, folded anew, one entry after the other."""

    record: dict[str, list[StoredEntry]]
    states: dict[str, StreamState] = field(default_factory=dict[str, StreamState])

    def at(self, stream: str, seq: int) -> StreamState:
        """The state of a stream as it was after the entry with this number."""
        state = self.states.get(stream, StreamState(stream))
        assert state.seq <= seq, "commands stand in the order in which they were decided"
        for item in self.record.get(stream, [])[state.seq + 1 : seq + 1]:
            state = advance(state, item.entry, item.leaf, FOLDS)
        self.states[stream] = state
        return state


def compare(asked: Asked, past: Past, tally: Tally) -> None:
    """Decides one command again and compares header by header and body by body, less `prev` and `body_hash`."""
    assert tally.verbs is not None
    assert tally.differences is not None
    record = past.record
    states = {stream: past.at(stream, seq) for stream, seq in asked.seqs.items()}
    decision = decide_all(RULES[asked.verb], states, asked.command, asked.context, asked.known, FOLDS)
    at = {stream: state.seq for stream, state in states.items()}
    pinned = {stream: state.pinned for stream, state in states.items()}
    for number, draft in enumerate(decision.drafts):
        seq = at[draft.stream] = at.get(draft.stream, -1) + 1
        kept = record[draft.stream][seq]
        pinned[draft.stream] = draft.pinned or pinned.get(draft.stream)
        before = states.get(draft.stream) or StreamState(draft.stream)
        lane = before.lane or draft.lane or asked.context.actor.lane
        own_clock = draft.happened is not None or lane == asked.context.actor.lane
        made = header_of(
            draft if own_clock else replace(draft, happened=Moment(asked.context.now)),
            asked.context,
            seq=seq,
            number=number,
            lane=lane,
            pinned=pinned.get(draft.stream) or asked.context.plans.pinned,
            role=asked.role.value if asked.role else None,
        )
        if replace(kept.entry.header, prev=None, body_hash="").to_bytes() != made.to_bytes():
            tally.differences.append(f"{asked.verb}: header of {draft.stream} {seq}")
        tally.headers += 1
        if kept.body is None:
            tally.erased += 1
        elif kept.body != canonical(draft.body.tree()):
            tally.differences.append(f"{asked.verb}: body of {draft.stream} {seq}")
        else:
            tally.bodies += 1
    tally.commands += 1
    tally.verbs.add(asked.verb.value)


def main(commands: Path, file: Path) -> None:
    """Replays a whole file of commands."""
    database = Database(sqlite_url(file), read_only=True)
    record = streams_of(database)
    tally = Tally(verbs=set(), differences=[])
    reader, past = Reader.beside(commands), Past(record)
    for line in commands.read_text().splitlines():
        compare(reader.read(line), past, tally)
    database.close()
    sys.stdout.write(json.dumps(vars(tally), default=sorted))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
