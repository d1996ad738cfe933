"""Who can be given something in an incident: somebody with an active account who may see it."""

from muster.access.accounts import ACCOUNTS, AccountState
from muster.access.may import visible
from muster.core.errors import Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Actor, Role
from muster.record.state import States, StreamState
from muster.respond.roles import ROLES
from muster.respond.secrecy import thing_of


def reads_accounts(_command: object) -> tuple[str, ...]:
    """The stream to load for `check_able`."""
    return (ACCOUNTS_STREAM,)


def check_able(states: States, state: StreamState, account: str, where: str) -> None:
    """Refuses to give something to somebody who could not take it. Raises Refused."""
    accounts = states[ACCOUNTS_STREAM].slice(ACCOUNTS).accounts if ACCOUNTS_STREAM in states else {}
    found = accounts.get(account)
    if found is None or found.program or found.state is not AccountState.ACTIVE:
        raise Refused(
            "Nobody with this account can take anything now.",
            where,
            "Choose somebody with an active account.",
        )
    thing = thing_of(state)
    sees = visible(Actor(account, frozenset(found.duties), lane=thing.lane)).admits(thing)
    if not sees:
        raise Refused(
            "They may not see this incident.", where, "Add them to its people with `restrict` first."
        )


def commands(state: StreamState, account: str) -> bool:
    """Whether this account commands, or stands in for the commander."""
    held = state.slice(ROLES).held_by(account)
    return Role.COMMANDER in held or Role.DEPUTY in held


def commander(state: StreamState) -> str | None:
    """The account of the commander; None while there is none."""
    return state.slice(ROLES).holders.get(Role.COMMANDER)
