"""The parts of a script: who does what, when, with which placeholders left open.

The player fills a placeholder, an object with one key, when its beat is due:

    {"$": NAME}          the code of what an earlier beat made under this name ("incident")
    {"$signal": RULE}    the code of the signal of this rule file; the beat waits until there is one
    {"$thing": NAME}     the number (seq) of the entry by which an earlier beat made a fact, assumption or question
    {"$version": NAME}   the newest version of a thing: a role, "severity", "summary", "state", or a made thing
    {"$account": KEY}    the account of a person of the script
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Value = str | tuple[str, ...] | Mapping[str, "Value"]
INCIDENT: Mapping[str, str] = {"$": "incident"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the script. All of them are invented."""

    key: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Beat:
    """One command: a verb and all its fields. `at` counts from the start of the night.

    makes: the name under which later beats find what this one made: an incident by its code, a thing by its number.
    """

    at: timedelta
    who: str
    verb: str
    fields: Mapping[str, Value]
    makes: str = ""


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


def thing(name: str) -> Mapping[str, str]:
    """The id of a made thing."""
    return {"$thing": name}


def version(name: str) -> Mapping[str, str]:
    """The newest version of a thing."""
    return {"$version": name}


def account(person: Person) -> Mapping[str, str]:
    """The account of a person."""
    return {"$account": person.key}
