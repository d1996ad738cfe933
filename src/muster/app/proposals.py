"""The proposal of the action that a command names, from the record: states hold its hash, entries its words."""

from typing import Any

from sqlalchemy import Connection

from muster.app.registry import proposal_at
from muster.record.body import Kinds
from muster.record.state import StreamState
from muster.respond.actions import ActionProposed
from muster.respond.redaction import REDACTIONS
from muster.store.due import entry_at


def proposals_of(
    connection: Connection, state: StreamState, command: Any, kinds: Kinds
) -> dict[int, ActionProposed]:
    """Action -> its standing proposal, for the action that the command names; empty when its words are gone."""
    at = proposal_at(state, command)
    if at in state.slice(REDACTIONS).hidden:
        return {}
    entry = None if at is None else entry_at(connection, state.stream, at, kinds)
    body = None if entry is None else entry.body
    return {command.action: body} if isinstance(body, ActionProposed) else {}
