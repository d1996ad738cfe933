"""Signing in: one text for every reason, links used once, sessions that end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.access.passing import LinkPurpose
from muster.access.verbs import Verb
from muster.app.caller import nobody
from muster.core.errors import BadInput, Denied, NotFound, Refused, TooMany, Unsigned
from muster.core.people import Scope, Through
from tests.app.stage import PASSWORD, Stage, opened, peopled

HERE = nobody("127.0.0.1", Through.WEB)


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


def enter(stage: Stage, name: str, password: str = PASSWORD) -> str:
    return stage.muster.sign_in.with_password(name, password, HERE, "a browser").secret


def test_signing_in_is_an_entry_in_the_same_transaction(either: Stage) -> None:
    secret = enter(either, "  ANA ")
    caller = either.muster.sign_in.by_session(secret, "127.0.0.1")
    assert caller is not None
    assert (caller.name, caller.actor.account) == ("Ana", either.people["ana"].account)
    assert caller.actor.scopes is None
    body = either.entries("access.signed-in")[-1].body
    assert body is not None
    assert body.tree() == {"account": caller.actor.account, "source": "127.0.0.1"}
    (session,) = either.muster.reading.sessions(caller)
    assert session.session == caller.session


@pytest.mark.parametrize(
    "name", ["ana", "nobody-of-that-name", "", "a\0na", "x" * 5000, "'; DROP TABLE x", "\ud800"]
)
def test_every_reason_has_the_same_words(either: Stage, name: str) -> None:
    with pytest.raises(Denied) as refused:
        enter(either, name, "a wrong password, quite")
    assert refused.value.line() == (
        "sign in: Sign-in name and password do not fit. Type them again; an administrator can send a new link."
    )


def test_a_disabled_account_is_told_no_more(stage: Stage) -> None:
    stage.do(Verb.DISABLE, stage.people["ada"], account=stage.people["ana"].account, reason="left")
    with pytest.raises(Denied, match="do not fit"):
        enter(stage, "ana")


def test_failures_are_on_the_record_with_their_true_reason(stage: Stage) -> None:
    for name in ("ana", "ana", "nobody"):
        with pytest.raises(Denied):
            enter(stage, name, "wrong password here")
    bodies = [entry.body.tree() for entry in stage.entries("access.denied") if entry.body]
    assert [(body["reason"], body["count"]) for body in bodies] == [
        ("wrong-password", 1),
        ("unknown-sign-in", 1),
    ]
    assert "wrong password here" not in str(bodies)


def test_guesses_have_a_quota_by_source_and_by_name(tmp_path: Path) -> None:
    stage = opened(tmp_path, quota=True)
    stage.person("ada")
    for _ in range(10):
        with pytest.raises(Denied):
            enter(stage, "ada", "wrong password here")
    with pytest.raises(TooMany) as refused:
        enter(stage, "ada")
    assert refused.value.retry_after >= 1
    with pytest.raises(TooMany):  # the name, from elsewhere
        stage.muster.sign_in.with_password("ada", PASSWORD, nobody("203.0.113.9"), "")
    body = stage.entries("access.denied")[-1].body
    assert body is not None
    assert body.tree()["reason"] == "quota"
    stage.close()


def test_signing_out_and_ending_another_session(either: Stage) -> None:
    one, other = enter(either, "ana"), enter(either, "ana")
    first = either.muster.sign_in.by_session(one, "x")
    second = either.muster.sign_in.by_session(other, "x")
    assert first is not None
    assert second is not None
    either.muster.sign_in.end_session(first, second.session or "")
    assert either.muster.sign_in.by_session(other, "x") is None
    with pytest.raises(NotFound):
        either.muster.sign_in.end_session(first, second.session or "")
    either.muster.sign_in.out(first)
    assert either.muster.sign_in.by_session(one, "x") is None
    either.muster.sign_in.out(either.people["ana"].caller)  # no session: nothing to end


def test_nobody_ends_somebody_else_s_session(stage: Stage) -> None:
    ana = stage.muster.sign_in.by_session(enter(stage, "ana"), "x")
    assert ana is not None
    before = stage.feed
    with pytest.raises(NotFound):
        stage.muster.sign_in.end_session(stage.people["ben"].caller, ana.session or "")
    assert stage.feed == before


def test_the_secret_of_a_session_is_kept_as_a_hash_only(stage: Stage) -> None:
    from sqlalchemy import select

    from muster.store import schema

    secret = enter(stage, "ana")
    with stage.muster.record.ledger.database.read() as connection:
        rows = [tuple(row) for row in connection.execute(select(schema.sessions))]
        passwords = [tuple(row) for row in connection.execute(select(schema.passwords))]
    assert secret not in str(rows)
    assert PASSWORD not in str(passwords)
    assert all("$argon2id$" in row[1] for row in passwords)


def test_an_unknown_token_is_refused_and_noted(stage: Stage) -> None:
    with pytest.raises(Unsigned):
        stage.muster.sign_in.by_token("mst_" + "0" * 64, "198.51.100.1")
    body = stage.entries("access.denied")[-1].body
    assert body is not None
    assert (body.tree()["reason"], body.tree()["source"]) == ("unknown-token", "198.51.100.1")


@pytest.mark.parametrize(
    ("scope", "through"),
    [
        (Scope.PERSON, Through.API),
        (Scope.REPORT_HITS, Through.DETECTOR),
        (Scope.REPORT_SIGNALS, Through.WEBHOOK),
        (Scope.POST_EVENTS, Through.API),
    ],
)
def test_a_token_tells_by_which_way_it_came(stage: Stage, scope: Scope, through: Through) -> None:
    caller = stage.muster.sign_in.by_token(stage.token(stage.people["ada"], scope), "x")
    assert caller.actor.through is through
    assert caller.actor.scopes == frozenset({scope})
    assert caller.token


# --- links ----------------------------------------------------------------------------------------------


def use(stage: Stage, link: str, password: str = "another four plain words", **more: str) -> None:
    stage.muster.sign_in.use_link(link.removeprefix("/link/"), HERE, password=password, **more)


def test_the_first_link_makes_the_administrator_once(tmp_path: Path, database_url: str) -> None:
    stage = opened(tmp_path, database=database_url)
    link = stage.muster.sign_in.make_link(LinkPurpose.FIRST, "", Through.SERVER)
    assert stage.muster.sign_in.link(link) == (LinkPurpose.FIRST, "")
    with pytest.raises(BadInput):
        use(stage, link, name="Ada", sign_in="not a name")
    with pytest.raises(BadInput):
        use(stage, link, password="short", name="Ada", sign_in="ada")
    with pytest.raises(NotFound):  # a fault above gives a link back, but this one was used
        use(stage, "0" * 32, name="Ada", sign_in="ada")
    use(stage, link, name="Ada", sign_in="ada")
    assert enter(stage, "ada", "another four plain words")
    for used in (link, stage.muster.sign_in.make_link(LinkPurpose.FIRST, "", Through.SERVER)):
        with pytest.raises((NotFound, Refused)):
            use(stage, used, name="Eve", sign_in="eve")
    stage.close()


@pytest.mark.parametrize(("purpose", "minutes"), [(LinkPurpose.FIRST, 30), (LinkPurpose.RESET, 24 * 60)])
def test_a_link_ends(stage: Stage, purpose: LinkPurpose, minutes: int) -> None:
    link = stage.muster.sign_in.make_link(purpose, stage.people["ana"].account, Through.SERVER)
    stage.clock.turn(minutes=minutes, seconds=-1)
    assert stage.muster.sign_in.link(link)
    stage.clock.turn(seconds=1)
    with pytest.raises(NotFound):
        stage.muster.sign_in.link(link)
    with pytest.raises(NotFound):
        use(stage, link)


def test_a_new_password_ends_all_sessions(either: Stage) -> None:
    secret = enter(either, "ana")
    use(
        either, either.do(Verb.RESET_LINK, either.people["ada"], account=either.people["ana"].account)["link"]
    )
    assert either.muster.sign_in.by_session(secret, "x") is None
    with pytest.raises(Denied):
        enter(either, "ana")
    assert enter(either, "ana", "another four plain words")


def test_whoever_lost_the_first_link_gets_in_by_the_next_one(either: Stage) -> None:
    ada = either.people["ada"]
    invited = either.do(Verb.INVITE, ada, name="Dora", sign_in="dora")
    again = either.do(Verb.RESET_LINK, ada, account=invited["account"])
    with pytest.raises(NotFound):  # the newer link ends the older one
        use(either, invited["link"])
    use(either, again["link"])
    assert enter(either, "dora", "another four plain words")
    assert either.entries("account.activated")[-1].header.who == invited["account"]


def test_disabling_ends_links_too(stage: Stage) -> None:
    ada = stage.people["ada"]
    invited = stage.do(Verb.INVITE, ada, name="Dora", sign_in="dora")
    stage.do(Verb.DISABLE, ada, account=invited["account"], reason="a mistake")
    stage.do(Verb.ENABLE, ada, account=invited["account"])
    with pytest.raises(NotFound):
        use(stage, invited["link"])


def test_making_a_link_is_an_entry_without_the_link(stage: Stage) -> None:
    link = stage.muster.sign_in.make_link(LinkPurpose.RESET, stage.people["ana"].account, Through.HOST)
    entry = stage.entries("access.link-made")[-1]
    assert entry.body is not None
    assert entry.body.tree() == {"purpose": "reset", "account": stage.people["ana"].account}
    assert (entry.header.who, entry.header.through) == ("server", "host")
    assert link not in str(stage.entries())
