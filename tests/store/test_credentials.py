"""Sessions, password hashes, token secrets and links are kept by hash and end when they should."""

from datetime import timedelta

from sqlalchemy import text

from muster.store import credentials
from muster.store.credentials import hashed
from tests.store.world import START, World

SECRET = "a secret of many bits"
LATER = START + timedelta(hours=12)


def with_session(world: World, secret: str = SECRET, who: str = "ada") -> str:
    account = world.people[who].actor.account
    world.database.write(
        lambda connection: credentials.add_session(
            connection,
            secret=secret,
            session=f"s-{secret}",
            account=account,
            began=START,
            expires=LATER,
            device="d",
        )
    )
    return account


def test_a_session_is_known_by_its_secret_until_it_ends(world: World) -> None:
    account = with_session(world)
    with world.database.read() as connection:
        known = credentials.by_session(connection, SECRET, START)
        assert known is not None
        assert (known.account, known.name, known.duties) == (account, "Ada", ("administrator", "responder"))
        assert credentials.by_session(connection, SECRET, LATER) is None
        assert credentials.by_session(connection, "another", START) is None


def test_no_secret_is_kept_itself(world: World) -> None:
    with_session(world)
    assert world.rows("SELECT count(*) FROM sessions WHERE id_hash = :h", h=hashed(SECRET)) == [(1,)]
    assert world.rows("SELECT count(*) FROM sessions WHERE id_hash = :h", h=SECRET) == [(0,)]


def test_a_session_that_is_ended_is_gone_and_others_stay(world: World) -> None:
    account = with_session(world)
    with_session(world, "second")
    assert world.database.write(
        lambda connection: credentials.end_session(connection, account, f"s-{SECRET}")
    )
    assert not world.database.write(
        lambda connection: credentials.end_session(connection, "other", "s-second")
    )
    with world.database.read() as connection:
        assert credentials.by_session(connection, SECRET, START) is None
        assert "s-second" in {row.session for row in credentials.sessions_of(connection, account, START)}


def test_a_disabled_account_has_no_session(world: World) -> None:
    with_session(world, who="ben")
    world.change("UPDATE accounts SET state = 'disabled' WHERE sign_in = 'ben'")
    with world.database.read() as connection:
        assert credentials.by_session(connection, SECRET, START) is None
        assert credentials.password_hash(connection, "ben") is None
        assert credentials.password_hash(connection, "ada") is not None


def test_a_link_is_used_once_and_a_newer_one_ends_it(world: World) -> None:
    for secret in ("one", "two"):
        world.database.write(
            lambda connection, secret=secret: credentials.add_link(
                connection, secret=secret, purpose="reset", account="a", expires=LATER
            )
        )
    with world.database.read() as connection:
        assert credentials.find_link(connection, "one", START) is None
        assert credentials.find_link(connection, "two", START) == ("reset", "a")
        assert credentials.find_link(connection, "two", LATER) is None
    assert world.database.write(lambda connection: credentials.use_link(connection, "two"))
    assert not world.database.write(lambda connection: credentials.use_link(connection, "two"))


def test_what_has_ended_is_removed(world: World) -> None:
    with_session(world)
    world.database.write(lambda connection: credentials.forget_ended(connection, LATER + timedelta(days=400)))
    with world.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 0


def test_a_token_is_known_until_it_is_revoked(world: World) -> None:
    made = world.do("ada", "token", name="script", scope="person")
    with world.database.read() as connection:
        known = credentials.by_token(connection, str(made["secret"]))
    assert known is not None
    assert (known.name, known.scope, known.session) == ("Ada", "person", None)
    world.do("ada", "revoke", token=made["token"])
    with world.database.read() as connection:
        assert credentials.by_token(connection, str(made["secret"])) is None
    assert world.rows("SELECT count(*) FROM token_secrets WHERE token = :t", t=made["token"]) == [(0,)]
