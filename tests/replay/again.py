"""Decides every written command again, in a process of its own, and compares with what stands in the record.

Run as `python -m tests.replay.again COMMANDS SQLITE-FILE`; prints one JSON object.
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from muster.app.registry import FOLDS, KINDS, RULES
from muster.record.canonical import canonical
from muster.record.entry import header_of
from muster.record.state import StreamState, fold
from muster.store import schema
from muster.store.database import Database, sqlite_url
from muster.store.read_stream import StoredEntry, read_stream
from tests.replay.written import Asked, from_line


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


def state_at(record: dict[str, list[StoredEntry]], stream: str, seq: int) -> StreamState:
    """The state of a stream as it was after the entry with this number, folded anew."""
    entries = record.get(stream, [])[: seq + 1]
    return fold(stream, ((item.entry, item.leaf) for item in entries), FOLDS)


def compare(asked: Asked, record: dict[str, list[StoredEntry]], tally: Tally) -> None:
    """Decides one command again and compares header by header and body by body, less `prev` and `body_hash`."""
    assert tally.verbs is not None
    assert tally.differences is not None
    states = {stream: state_at(record, stream, seq) for stream, seq in asked.seqs.items()}
    decision = RULES[asked.verb].decide(states, asked.command, asked.context, asked.known)
    at = {stream: state.seq for stream, state in states.items()}
    for number, draft in enumerate(decision.drafts):
        seq = at[draft.stream] = at.get(draft.stream, -1) + 1
        kept = record[draft.stream][seq]
        before = states.get(draft.stream) or StreamState(draft.stream)
        made = header_of(
            draft,
            asked.context,
            seq=seq,
            number=number,
            lane=before.lane or draft.lane or asked.context.actor.lane,
            pinned=draft.pinned or before.pinned or asked.context.plans.pinned,
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
    for line in commands.read_text().splitlines():
        compare(from_line(line), record, tally)
    database.close()
    sys.stdout.write(json.dumps(vars(tally), default=sorted))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
