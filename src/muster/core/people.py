"""People and programs as actors: who acts, by which way, with which duties and roles."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role held in one incident (ICS): command, its staff, and the sections. The highest first."""

    COMMANDER = "commander"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    OPERATIONS = "operations"
    PLANNING = "planning"
    COMMUNICATIONS = "communications"
    LIAISON = "liaison"
    LEGAL = "legal"
    HARM = "harm"
    LOGISTICS = "logistics"
    FINANCE = "finance"


class Duty(StrEnum):
    """What an account may do everywhere: run the installation, or respond to incidents."""

    ADMINISTRATOR = "administrator"
    RESPONDER = "responder"


class Through(StrEnum):
    """By which way a command came in."""

    WEB = "web"
    API = "api"
    DETECTOR = "detector"
    WEBHOOK = "webhook"
    INTAKE = "intake"
    HOST = "host"
    SERVER = "server"


class Scope(StrEnum):
    """What a token may do at most: all that its account may, or one narrow thing for a program."""

    PERSON = "person"
    POST_EVENTS = "post-events"
    REPORT_SIGNALS = "report-signals"
    REPORT_HITS = "report-hits"


NOBODY = "nobody"
SERVER = "server"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `account` is the account's random id, NOBODY (intake) or SERVER (Muster itself).

    scopes: None for a session; for a token what it may do at most.
    lane: fixed for tokens, of the session otherwise.
    """

    account: str
    duties: frozenset[Duty] = frozenset()
    through: Through = Through.API
    scopes: frozenset[Scope] | None = None
    lane: str = "real"

    @property
    def signed_in(self) -> bool:
        """Whether a person or program is known."""
        return self.account not in (NOBODY, SERVER)
