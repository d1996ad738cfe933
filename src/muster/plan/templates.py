"""Message templates: words agreed in a calm hour, with places for facts (SP 800-61 r2, 2.3.4; SAMM O-IM 2-B).

A place is `{{ fact-id }}`. Nothing else is understood: no conditions, no code, so a template can only be filled.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from muster.plan.part import Id, Line, Part, Reviewed, Text

PLACE = re.compile(r"\{\{\s*([^{}\n]{0,80}?)\s*\}\}")


class Audience(StrEnum):
    """For whom a message is."""

    PUBLIC = "public"
    CUSTOMER = "customer"
    REGULATOR = "regulator"
    INTERNAL = "internal"


class MessageStage(StrEnum):
    """Which message it is in the row of messages."""

    FIRST = "first"
    UPDATE = "update"
    FINAL = "final"


class Filled(Part):
    """A template with facts put in; it may leave the house only when nothing is missing."""

    subject: str
    text: str
    missing: tuple[str, ...] = ()


class Template(Reviewed):
    """The file templates/ID.md. approved_by: roles of which one approves each message made from it."""

    title: Line
    audience: Audience
    stage: MessageStage
    language: Line = "en"
    subject: Line
    approved_by: tuple[Id, ...] = Field(min_length=1)
    facts: tuple[Id, ...] = ()
    text: Text

    @property
    def places(self) -> tuple[str, ...]:
        """The facts named in subject and text, each once, in the order of reading."""
        return tuple(dict.fromkeys(PLACE.findall(f"{self.subject}\n{self.text}")))

    def fill(self, facts: Mapping[str, str]) -> Filled:
        """The message with these facts; a place without a fact stays as it is and is named as missing."""
        wanted = dict.fromkeys((*self.facts, *self.places))
        return Filled(
            subject=_filled(self.subject, facts),
            text=_filled(self.text, facts),
            missing=tuple(fact for fact in wanted if not facts.get(fact)),
        )


def _filled(text: str, facts: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: facts.get(place[1]) or place[0], text)
