"""Roles of the plan: duties, training, who holds each and who steps in (SAMM O-IM 1-A, 1-B; r3 GV.RR-02; ICS)."""

from muster.plan.part import Id, Line, Part

COMMANDER = "commander"
NEEDED = (COMMANDER, "deputy", "scribe", "communications", "legal")


class RoleHolders(Part):
    """One role. primary and deputies are people; deputies step in, in this order."""

    title: Line
    duties: tuple[Line, ...]
    training: tuple[Line, ...] = ()
    primary: Id
    deputies: tuple[Id, ...] = ()

    @property
    def holders(self) -> tuple[str, ...]:
        """Everybody who may hold it, the primary first, each once."""
        return tuple(dict.fromkeys((self.primary, *self.deputies)))


class Roles(Part):
    """The file roles.yaml."""

    roles: dict[Id, RoleHolders]

    def holders(self, role: str) -> tuple[str, ...]:
        """Who may hold a role; nobody when the plan does not know it."""
        found = self.roles.get(role)
        return found.holders if found else ()
