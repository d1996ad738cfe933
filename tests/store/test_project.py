"""From entries to the rows of lists: what people see in them after the story of the small world."""

from muster.access.verbs import Verb
from tests.store.world import World


def test_an_incident_is_listed_as_it_stands(world: World) -> None:
    row = world.rows(
        "SELECT what, state, secrecy, summary, commander, lane FROM incidents WHERE stream = :s",
        s=world.incident,
    )
    ben = world.people["ben"].actor.account
    assert row == [
        ("mimikatz on two web servers", "declared", "open", "two web servers, contained", ben, "real")
    ]


def test_signals_are_listed_with_their_outcome(world: World) -> None:
    found = dict(world.rows("SELECT stream, state FROM signals"))
    assert found[world.signals["hits"]] == "attached"
    assert found[world.signals["webhook"]] == "dismissed"
    assert found[world.signals["report"]] == "new"
    waiting = {row[0] for row in world.rows("SELECT stream FROM groups")}
    assert world.signals["report"] in waiting
    assert world.signals["hits"] not in waiting


def test_facts_and_their_endings_are_rows(world: World) -> None:
    facts = world.rows("SELECT standing, text FROM facts WHERE stream = :s ORDER BY seq", s=world.incident)
    assert facts == [
        ("fact", "two hosts are hit"), ("assumption", "they came by VPN"), ("question", "which account?"),
    ]  # fmt: skip
    assert world.rows("SELECT ending, source FROM settlements") == [("confirmed", "VPN log")]


def test_hidden_and_erased_entries_are_told_apart(world: World) -> None:
    found = world.rows("SELECT seq, state FROM hidden WHERE stream = :s ORDER BY seq", s=world.incident)
    assert found == [(5, "erased"), (6, "hidden")]


def test_members_come_and_go_with_secrecy(world: World) -> None:
    caro, ben = world.people["caro"].actor.account, world.people["ben"].actor.account
    assert world.rows("SELECT account FROM members WHERE stream = :s", s=world.secret) == [(caro,)]
    world.do("caro", Verb.RESTRICT, stream=world.secret, secrecy="named", people=[ben], expected=1)
    found = {row[0] for row in world.rows("SELECT account FROM members WHERE stream = :s", s=world.secret)}
    assert found == {caro, ben}


def test_accounts_and_tokens_follow_their_entries(world: World) -> None:
    world.do("ada", Verb.DISABLE, account=world.people["caro"].actor.account, reason="left")
    assert world.rows("SELECT state FROM accounts WHERE sign_in = 'caro'") == [("disabled",)]
    assert world.rows("SELECT state FROM tokens WHERE name = 'laptop'") == [("revoked",)]
    assert world.verified().findings == ()
