"""Tying an account to a person of the plan: by it the plan's roles, authority and calls reach somebody."""

from muster.access.accounts import ACCOUNTS, AccountTied
from muster.access.command import Command, MaybeLine, OpaqueId, Rule
from muster.access.known import plan_known
from muster.access.verbs import Verb
from muster.core.errors import NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States


class Tie(Command):
    """Tie an account to a person of the plan, by their id there. person: left out, the account is nobody's any more."""

    account: OpaqueId
    person: MaybeLine = None


def tie(states: States, command: Tie, _context: Context, known: Known) -> Decision:
    """account.tied. Raises NotFound, Refused."""
    state = states.get(ACCOUNTS_STREAM)
    accounts = ACCOUNTS.empty if state is None else state.slice(ACCOUNTS)
    account = accounts.accounts.get(command.account)
    if account is None:
        raise NotFound("There is no such account.", "account", "Choose one from the list of accounts.")
    person = command.person
    check_person(person, known)
    if account.program:
        raise Refused("A program is no person.", "account", "Choose somebody's own account.")
    if account.person == (person or ""):
        raise Refused("It is so already.", "person", "Nothing is to be done.")
    other = None if person is None else accounts.people().get(person)
    if other not in (None, command.account):
        raise Refused("Another account is tied to this person.", "person", "Untie that one first.")
    draft = Draft(ACCOUNTS_STREAM, AccountTied(account=command.account, person=person))
    return Decision((draft,), {"account": command.account, "person": person})


def check_person(person: str | None, known: Known) -> None:
    """Whether the plan in force knows this person; while none is in force, anybody is taken. Raises NotFound."""
    in_force = plan_known(known).in_force
    if person is not None and in_force is not None and person not in in_force.people.people:
        raise NotFound(
            "The plan in force knows nobody of this id.", "person", "Take the id from people.yaml."
        )


def _stream(_command: Tie) -> tuple[str, ...]:
    return (ACCOUNTS_STREAM,)


RULES = (Rule(Verb.TIE, Tie, tie, _stream),)
