"""A team's own plan from a few answers: what is common to all teams comes from the example, what is theirs from them.

People, services, roles and places to talk are written anew; definitions, severity table, playbooks, obligations,
templates and facts are those of the example, to be read and changed. What the answers leave open the linter finds:
addresses under example.invalid stand for everything that was not said.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any

from pydantic import Field, ValidationError, model_validator
from ruamel.yaml import YAML

from muster.core.errors import BadInput
from muster.plan.complaints import complaints
from muster.plan.layout import BY_FIELD
from muster.plan.part import Line, Part
from muster.plan.roles import Roles
from muster.plan.tree import Tree
from muster.plan.yaml_text import Flaw, read_yaml

EXAMPLE_COMPANY = "Harbour Goods"
_LEFT_OUT = (
    "README.md", "obligations/nordwind-contract.yaml", "templates/nordwind-notice.md", "people.yaml", "talking.yaml",
    "calling.yaml", "roles.yaml",
)  # fmt: skip


class PersonAnswer(Part):
    """Somebody of the team. phone: a number or address that works when your own systems are down."""

    name: Line
    title: Line = "Member of the team"
    phone: Line | None = None
    mail: Line | None = None


class ServiceAnswer(Part):
    """Something you run. owner: the name of a person above. needs: names of other services."""

    name: Line
    owner: Line
    critical: bool = True
    needs: tuple[Line, ...] = ()


class Answers(Part):
    """All answers. call: where you talk; second: where you talk when that is down or watched."""

    company: Line
    domains: tuple[Line, ...] = Field(min_length=1)
    people: tuple[PersonAnswer, ...] = Field(min_length=2)
    services: tuple[ServiceAnswer, ...] = Field(min_length=1)
    call: Line
    second: Line

    @model_validator(mode="after")
    def _names_fit(self) -> "Answers":
        people = {one.name for one in self.people}
        services = {one.name for one in self.services}
        for names in ([slug(one.name) for one in self.people], [slug(one.name) for one in self.services]):
            if len(set(names)) < len(names):
                raise ValueError("two people or two services have the same name")
        for service in self.services:
            if service.owner not in people:
                raise ValueError(f"{service.owner} owns {service.name} and is not among the people")
            if not set(service.needs) <= services:
                raise ValueError(f"{service.name} needs something that is not among the services")
        return self


def read_answers(data: bytes, name: str) -> Answers:
    """Answers from a YAML file. Raises BadInput with its line."""
    try:
        parsed = read_yaml(data)
    except Flaw as flaw:
        raise BadInput(flaw.what, f"{name}:{flaw.line}", flaw.mend) from None
    try:
        return Answers.model_validate(parsed.value)
    except ValidationError as error:
        first = next(complaints(Answers, error))
        raise BadInput(first.what, f"{name}:{parsed.line(first.path)}", first.mend) from None


def own_plan(example: Tree, answers: Answers, today: date) -> Mapping[str, bytes]:
    """The files of a plan for this team."""
    tree = {
        path: _renamed(data, answers)
        for path, data in example.items()
        if path not in _LEFT_OUT and not path.startswith("services/")
    }
    services = {slug(one.name): one for one in answers.services}
    most = [name for name, one in services.items() if one.critical] or list(services)
    for path in [path for path in tree if path.startswith("playbooks/")]:
        tree[path] = _playbook(tree[path].decode(), most).encode()
    for path in [path for path in tree if path.startswith(("playbooks/", "drills/"))]:
        tree[path] = re.sub(
            rb"(?m)^last_(rehearsed|held): .*\n", b"", tree[path]
        )  # nobody here has rehearsed yet
    tree["facts.yaml"] = _without(tree["facts.yaml"], "nordwind-data")
    tree["contacts.yaml"] = _without(tree["contacts.yaml"], "nordwind")
    tree["policy.md"] = re.sub(
        rb"domains:\n(  - .*\n)+", _yaml({"domains": list(answers.domains)}), tree["policy.md"]
    )
    reviewed = f"reviewed_on: {today.isoformat()}\n".encode()
    tree["policy.md"] = re.sub(rb"reviewed_on: .*\n", reviewed, tree["policy.md"])
    tree |= {
        "people.yaml": _yaml({"people": {slug(one.name): _person(one, today) for one in answers.people}}),
        "roles.yaml": _yaml({"roles": _roles(example, [slug(one.name) for one in answers.people])}),
        "calling.yaml": _calling(example, answers, today),
        "talking.yaml": _yaml(_talking(answers)),
        **{BY_FIELD["services"].file(name): _yaml(_service(one)) for name, one in services.items()},
    }
    return dict(sorted(tree.items()))


def slug(name: str) -> str:
    """An id from a name: `Zoë Lund` is `zoe-lund`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "x" + str(len(name))


def _renamed(data: bytes, answers: Answers) -> bytes:
    return data.replace(EXAMPLE_COMPANY.encode(), answers.company.encode())


def _playbook(text: str, services: Sequence[str]) -> str:
    names = f"[{', '.join(services)}]"
    text = re.sub(r"^(  services|    target): \[.*\]$", rf"\1: {names}", text, flags=re.MULTILINE)
    text = re.sub(r"^  (tell-)?nordwind:\n(    .*\n)+", "", text, flags=re.MULTILINE)
    return text.replace("    next: nordwind\n", "    next: demand\n")


def _without(data: bytes, key: str) -> bytes:
    """A file without one entry of its only mapping."""
    return re.sub(rf"^  {key}:\n(    .*\n)+".encode(), b"", data, flags=re.MULTILINE)


def _person(one: PersonAnswer, today: date) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    if one.phone:
        channels["phone"] = {"kind": "phone", "address": one.phone, "outside": True}
    if one.mail:
        channels["mail"] = {"kind": "mail", "address": one.mail}
    if not channels:
        channels["phone"] = {"kind": "phone", "address": f"sip:{slug(one.name)}@phones.example.invalid"}
    return {"name": one.name, "title": one.title, "verified": today.isoformat(), "channels": channels}


def _roles(example: Tree, people: Sequence[str]) -> dict[str, Any]:
    """The example's roles, dealt out in turn; the first two people share command, the last writes."""
    roles = Roles.model_validate(read_yaml(example["roles.yaml"]).value).roles
    dealt: dict[str, Any] = {}
    for number, (name, role) in enumerate(roles.items()):
        first = {"commander": 0, "scribe": -1}.get(name, number) % len(people)
        dealt[name] = {
            "title": role.title,
            "duties": list(role.duties),
            **({"training": list(role.training)} if role.training else {}),
            "primary": people[first],
            "deputies": [people[(first + 1) % len(people)]],
        }
    return dealt


def _calling(example: Tree, answers: Answers, today: date) -> bytes:
    """The example's paths; the rota begins with this week's Monday."""
    value: Any = read_yaml(example["calling.yaml"]).value
    dealt = _roles(example, [slug(one.name) for one in answers.people])
    monday = today - timedelta(days=today.weekday())
    rota = {
        role: {
            "since": f"{monday.isoformat()}T08:00Z",
            "every_days": 7,
            "order": [dealt[role]["primary"], *dealt[role]["deputies"]],
        }
        for role in value["rota"]
    }
    return _yaml({**value, "rota": rota})


def _talking(answers: Answers) -> dict[str, Any]:
    return {
        "call": {"what": "Where we talk", "address": answers.call, "how": "Everybody of the team may join"},
        "room": {"what": "Room in Muster, one for each incident", "address": "the incident's page", "how": "Open it"},
        "second": {
            "what": "Where we talk when the first is down, or may be watched",
            "address": answers.second,
            "how": "It is on the paper card of each role",
            "outside": True,
        },
    }  # fmt: skip


def _service(one: ServiceAnswer) -> dict[str, Any]:
    return {
        "name": one.name,
        "about": "To be written: what it does, and for whom",
        "owner": slug(one.owner),
        "criticality": "critical" if one.critical else "ordinary",
        **({"depends_on": {slug(need): "To be written" for need in one.needs}} if one.needs else {}),
    }


def _yaml(value: Any) -> bytes:
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False
    writer.width = 110
    writer.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    writer.dump(value, text)
    return text.getvalue().encode()
