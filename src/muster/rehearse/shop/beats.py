"""The parts of a script: who does what, when, with which placeholders left open.

The player fills a placeholder, an object with one key, when its beat is due:

    {"$": NAME}            the code of what an earlier beat made under this name ("incident")
    {"$of": "NAME.FIELD"}  a field of the answer that an earlier beat got under this name, the newest one
    {"$signal": RULE}      the code of the signal of this rule file
    {"$version": NAME}     the newest version of a role, "severity", "summary", "state", or a fact made under this name
    {"$account": KEY}      the account of a person of the script
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Value = str | int | bool | None | tuple["Value", ...] | Mapping[str, "Value"]
INCIDENT: Mapping[str, str] = {"$": "incident"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the script; key is their id in the plan. All of them are invented."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Beat:
    """One command: a verb and all its fields. `at` counts from the start of the night.

    makes: the name under which later beats find the answer. refused: it must be refused, and this names the answer.
    """

    at: timedelta
    who: str
    verb: str
    fields: Mapping[str, Value]
    makes: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A script: its people and its beats in the order in which they are played."""

    seed: int
    start: datetime
    people: tuple[Person, ...]
    beats: tuple[Beat, ...]


def signal(rule: str) -> Mapping[str, str]:
    """The signal of a rule file."""
    return {"$signal": rule}


def of(name: str, field: str) -> Mapping[str, str]:
    """A field of the newest answer under a name."""
    return {"$of": f"{name}.{field}"}


def thing(name: str) -> Mapping[str, str]:
    """The number of the entry that an earlier beat made."""
    return of(name, "seq")


def version(name: str) -> Mapping[str, str]:
    """The newest version of a thing."""
    return {"$version": name}


def account(person: Person) -> Mapping[str, str]:
    """The account of a person."""
    return {"$account": person.key}
