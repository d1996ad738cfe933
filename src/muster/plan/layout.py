"""Which file or folder of the plan holds what, in which half, and which requirement asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from muster.plan.authority import AuthorityRegister
from muster.plan.calling import Calling
from muster.plan.contacts import Contacts
from muster.plan.definitions import Definitions
from muster.plan.drills import PlannedDrill
from muster.plan.facts import Facts
from muster.plan.ignores import Ignore
from muster.plan.obligations import Obligation
from muster.plan.part import Part
from muster.plan.people import People
from muster.plan.plan import Half
from muster.plan.playbooks import Playbook
from muster.plan.policy import Policy
from muster.plan.required import Required
from muster.plan.roles import Roles
from muster.plan.services import Service
from muster.plan.severity_table import SeverityPart
from muster.plan.talking import Talking
from muster.plan.templates import Template

RULES = "rules/"
INDICATORS = "indicators/"
TESTS = (".test.yaml", ".test.yml")
FREE = ("README.md", "LICENSE", "docs/", ".")
"""Files that are no part of the plan and may lie beside it: a reader's guide, and what begins with a dot."""


@dataclass(frozen=True, slots=True)
class Place:
    """One part: the field of its half, the file (or the folder, which ends with a slash), and what it is for people.

    may_lack: a plan without it is whole.
    """

    field: str
    path: str
    model: type[Part]
    half: Half
    clause: str
    title: str
    may_lack: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it holds many files, each a thing whose id is the file's name."""
        return self.path.endswith("/")

    @property
    def suffix(self) -> str:
        """How its files end."""
        return ".md" if self.field in ("policy", "templates") else ".yaml"

    def file(self, name: str) -> str:
        """The file of one thing in a folder."""
        return f"{self.path}{name}{self.suffix}"


_PINNED, _IN_FORCE = Half.PINNED, Half.IN_FORCE

PLACES: tuple[Place, ...] = (
    Place("policy", "policy.md", Policy, _PINNED, "PRE-01", "the policy: mission, scope, approval, metrics, roadmap"),
    Place("definitions", "definitions.yaml", Definitions, _PINNED, "PRE-04", "what we call an incident, with examples"),
    Place("severity", "severity.yaml", SeverityPart, _PINNED, "PRE-01", "the severity table"),
    Place("facts", "facts.yaml", Facts, _PINNED, "PRE-16", "the facts that we ask for, and who answers"),
    Place("required", "required.yaml", Required, _PINNED, "PRE-01", "what must be there before an incident moves on"),
    Place("playbooks", "playbooks/", Playbook, _PINNED, "PRE-13", "playbooks"),
    Place("obligations", "obligations/", Obligation, _PINNED, "PRE-17", "obligations to tell somebody by a time"),
    Place("templates", "templates/", Template, _PINNED, "PRE-16", "message templates"),
    Place("people", "people.yaml", People, _IN_FORCE, "PRE-07", "people and how to reach them"),
    Place("contacts", "contacts.yaml", Contacts, _IN_FORCE, "PRE-07", "contacts outside"),
    Place("roles", "roles.yaml", Roles, _IN_FORCE, "PRE-05", "roles, who holds them and who steps in"),
    Place("calling", "calling.yaml", Calling, _IN_FORCE, "PRE-07", "who is called, and who next"),
    Place("talking", "talking.yaml", Talking, _IN_FORCE, "PRE-01", "where we talk"),
    Place("authority", "authority.yaml", AuthorityRegister, _IN_FORCE, "PRE-06", "who may decide what"),
    Place("services", "services/", Service, _IN_FORCE, "PRE-11", "services"),
    Place("drills", "drills/", PlannedDrill, _IN_FORCE, "PRE-01", "planned drills"),
    Place("ignores", "ignores/", Ignore, _IN_FORCE, "DET-07", "what is kept back of the hits of a rule", may_lack=True),
)  # fmt: skip
BY_FIELD: Mapping[str, Place] = {place.field: place for place in PLACES}


def place_of(path: str) -> Place | None:
    """The part that a file belongs to."""
    for place in PLACES:
        if path == place.path:
            return place
        inside = path.removeprefix(place.path)
        if place.is_folder and inside != path and "/" not in inside and inside.endswith(place.suffix):
            return place
    return None


def name_in(place: Place, path: str) -> str:
    """The id of the thing that a file of a folder holds."""
    return path.rpartition("/")[2].removesuffix(place.suffix)


def is_rule(path: str) -> bool:
    """Whether the file is a Sigma rule of the plan, a filter, a correlation or a pipeline."""
    return path.startswith(RULES) and path.endswith((".yml", ".yaml")) and not path.endswith(TESTS)


def is_rule_test(path: str) -> bool:
    """Whether the file lies beside a rule of the plan and says which events it must match, and which not."""
    return path.startswith(RULES) and path.endswith(TESTS)


def is_indicators(path: str) -> bool:
    """Whether the file is a list of indicators of the plan, or a warning list."""
    return path.startswith(INDICATORS) and path.endswith((".csv", ".json"))


def is_free(path: str) -> bool:
    """Whether the file may lie beside the plan without being part of it."""
    return path.startswith(FREE) or "/." in path


def half_of(path: str) -> Half | None:
    """To which half a file belongs; None for what is no part of the plan."""
    if is_rule(path) or is_rule_test(path) or is_indicators(path):
        return Half.IN_FORCE
    place = place_of(path)
    return place.half if place else None
