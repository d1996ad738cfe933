"""Entries of some kinds out of many streams: those and no others, in order, with what is erased left without a body."""

from pathlib import Path

from muster.access.verbs import Verb
from muster.app.registry import KINDS
from muster.store.entries_of_kinds import counted, entries_of_kinds
from tests.app.stage import peopled


def test_those_kinds_and_no_others_in_order(tmp_path: Path, database_url: str) -> None:
    stage = peopled(tmp_path, database=database_url)
    ana, ben = stage.people["ana"], stage.people["ben"]
    words = '"kind":"role.accepted" in a text is no kind'
    one, other = (str(stage.do(Verb.DECLARE, ana, what=words)["incident"]) for _ in range(2))
    for text in ("first", words):
        stage.do(Verb.LOG, ana, incident=one, text=text)
    stage.do(Verb.OFFER, ana, incident=other, role="commander", to=ana.account)
    stage.do(Verb.REDACT, ana, stream=one, seq=0, reason="A password")
    stage.do(Verb.ERASE, ben, stream=one, seq=0)
    with stage.muster.door.ledger.database.read() as connection:
        found = entries_of_kinds(connection, [one, other], {"incident.declared", "role.accepted"}, KINDS)
        assert {stream: [entry.header.kind for entry in entries] for stream, entries in found.items()} == {
            one: ["incident.declared"],
            other: ["incident.declared", "role.accepted"],
        }
        assert found[one][0].body is None
        assert found[other][0].body is not None
        assert counted(connection, [one]) == len(stage.entries(stream=one))
        assert (counted(connection, []), entries_of_kinds(connection, [], {"x"}, KINDS)) == (0, {})
    stage.close()
