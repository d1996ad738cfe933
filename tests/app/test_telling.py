"""Entries told to people: every kind has its words, nothing that may not be seen is named."""

import pytest

from muster.app.registry import KINDS
from muster.app.telling import TITLES, told
from muster.core.ids import StreamType
from muster.core.people import NOBODY
from muster.record.body import Body
from muster.respond.incident import IncidentClosed, IncidentDeclared, IncidentSignalAttached
from muster.respond.log import LogWritten
from muster.respond.roles import RoleOffered
from muster.respond.secrecy import SecrecySet
from muster.respond.signal import SignalAttached, SignalDismissed
from tests.access.world import ANA, BEN, entry

NAMES = {ANA.account: "Ana", BEN.account: "Ben"}
NONE: frozenset[str] = frozenset()


def words(body: Body, **more: object) -> str:
    return told(entry(body, **more), NAMES, unseen=NONE).text


def test_every_kind_of_an_incident_or_signal_has_a_heading() -> None:
    elsewhere = ("account.", "token.", "access.", "log.started", "log.restored", "log.key-rotated")
    kinds = {kind for kind in KINDS if not kind.startswith(elsewhere)}
    assert kinds <= set(TITLES), kinds - set(TITLES)
    assert set(TITLES) <= set(KINDS)


def test_who_is_told_by_name() -> None:
    assert told(entry(LogWritten(text="x")), NAMES, unseen=NONE).who == "Ana"
    assert told(entry(LogWritten(text="x"), who=NOBODY), NAMES, unseen=NONE).who == "without account"
    assert told(entry(LogWritten(text="x"), who="server"), NAMES, unseen=NONE).who == "Muster"
    assert told(entry(LogWritten(text="x"), who="f" * 32), NAMES, unseen=NONE).who == "somebody"


def test_the_words_of_some_kinds() -> None:
    assert words(LogWritten(text="Looked")) == "Looked"
    assert words(RoleOffered.model_validate({"role": "scribe", "to": BEN.account})) == "scribe: Ben"
    assert words(SecrecySet.model_validate({"secrecy": "named", "people": [ANA.account, "f" * 32]})) == (
        "named people: Ana, somebody"
    )
    assert words(SecrecySet.model_validate({"secrecy": "open"})) == "open"
    closed = {"summary": "A disk", "how_learned": "staff", "open_questions": 0, "open_assumptions": 0}
    assert words(IncidentClosed.model_validate(closed)) == "A disk (how we learned of it: staff)"
    dismissed = {"outcome": "duplicate", "reason": "Same", "duplicate_of": "SIG-1"}
    assert words(SignalDismissed.model_validate(dismissed)) == "duplicate of SIG-1: Same"


@pytest.mark.parametrize("standing", ["hidden", "erased"])
def test_of_what_is_hidden_only_the_heading_is_told(standing: str) -> None:
    view = told(entry(IncidentDeclared(what="hunter2")), NAMES, standing=standing, note="why", unseen=NONE)
    assert "hunter2" not in view.model_dump_json()
    assert (view.title, view.standing, view.note) == ("Incident declared", standing, "why")


def test_what_one_may_not_see_is_not_named() -> None:
    for body in (SignalAttached(incident="INC-SECRET"), IncidentSignalAttached(signal="INC-SECRET")):
        view = told(entry(body), NAMES, unseen=frozenset({"INC-SECRET"}))
        assert "INC-SECRET" not in view.model_dump_json()
        assert "may not see" in view.model_dump_json()
        assert "INC-SECRET" in told(entry(body), NAMES, unseen=NONE).model_dump_json()


def test_a_kind_without_words_of_its_own_is_never_left_out() -> None:
    class Strange(Body):
        kind = "strange.thing"

    view = told(entry(Strange()), NAMES, unseen=NONE)
    assert (view.title, view.text) == ("strange.thing", "")
    assert StreamType.INCIDENT == "INC"
