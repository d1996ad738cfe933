"""Who calls: the actor for the rules, and what only the edge knows about it."""

from dataclasses import dataclass

from muster.core.people import NOBODY, Actor, Duty, Through


@dataclass(frozen=True, slots=True)
class Caller:
    """A request's actor, with its name for people and the address that it came from.

    session, token: which of the account's sessions or tokens was used, by id.
    """

    actor: Actor
    name: str = "nobody"
    source: str = ""
    session: str | None = None
    token: str | None = None

    @property
    def responds(self) -> bool:
        """Whether the account has the duty of a responder (for what a page offers; `may` decides)."""
        return Duty.RESPONDER in self.actor.duties

    @property
    def administers(self) -> bool:
        """Whether the account has the duty of an administrator (for what a page offers; `may` decides)."""
        return Duty.ADMINISTRATOR in self.actor.duties


def nobody(source: str, through: Through = Through.INTAKE) -> Caller:
    """Somebody without an account."""
    return Caller(Actor(NOBODY, through=through), source=source)
