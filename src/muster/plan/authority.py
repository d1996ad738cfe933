"""The authority register: which decision, who may take it, who else, and by what criteria (r3 GV.RR-02; r2 2.3.1)."""

from pydantic import Field

from muster.plan.part import Id, Line, Part
from muster.plan.roles import Roles

NEEDED = (
    "disconnect", "shut-down", "disable-account", "pay", "call-police", "notify-authority", "notify-customers",
    "speak-to-press", "spend", "close",
)  # fmt: skip


class Authority(Part):
    """One decision. who and alternates are roles; the first who can be reached decides."""

    decision: Line
    who: tuple[Id, ...] = Field(min_length=1)
    alternates: tuple[Id, ...] = ()
    criteria: tuple[Line, ...] = Field(min_length=1)
    limit: Line | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles that may decide, in order."""
        return tuple(dict.fromkeys((*self.who, *self.alternates)))


class Decider(Part):
    """A person who may decide, and as which role."""

    person: str
    role: str


class AuthorityRegister(Part):
    """The file authority.yaml."""

    decisions: dict[Id, Authority]

    def who_may(self, decision: str, roles: Roles) -> tuple[Decider, ...]:
        """Everybody who may take a decision, in the order in which they are asked; nobody when it is unknown."""
        found: dict[str, Decider] = {}
        entry = self.decisions.get(decision)
        for role in entry.roles if entry else ():
            for person in roles.holders(role):
                found.setdefault(person, Decider(person=person, role=role))
        return tuple(found.values())
