"""Tokens: everybody makes their own, administrators make those of programs, and revoking works at once."""

import pytest
from pydantic import ValidationError

from muster.access.accounts import ACCOUNTS, Token, TokenMinted
from muster.access.inviting import AddProgram, Disable, Invite
from muster.access.may import Allow, Deny
from muster.access.rules import FOLDS, RULES
from muster.access.tokens import MintToken, Revoke, mint, revoke
from muster.access.verbs import Verb
from muster.core.errors import NotFound, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import SERVER, Actor, Scope
from muster.record.decision import NOTHING_KNOWN
from tests.access.world import ADA, ANA, BEN, CARO, World, refusal


@pytest.fixture
def world() -> World:
    made = World(RULES, FOLDS)
    made.people(ADA, ANA, CARO)
    return made


def tokens(world: World) -> dict[str, Token]:
    return world.state(ACCOUNTS_STREAM).slice(ACCOUNTS).tokens


def minted(world: World, command: MintToken, actor: Actor) -> str:
    token = world.do(command, actor).answer["token"]
    assert isinstance(token, str)
    return token


def program(world: World) -> str:
    account = world.do(AddProgram(name="Detector", sign_in="detector"), ADA).answer["account"]
    assert isinstance(account, str)
    return account


def test_everybody_makes_a_token_for_themselves(world: World) -> None:
    token = minted(world, MintToken(name="laptop"), CARO)
    assert tokens(world)[token] == Token(account=CARO.account)
    body = world.last(ACCOUNTS_STREAM).body
    assert isinstance(body, TokenMinted)
    assert (body.name, body.scope, body.lane) == ("laptop", Scope.PERSON, "real")


def test_the_answer_names_token_and_account(world: World) -> None:
    answer = world.do(MintToken(name="laptop"), CARO).answer
    assert answer["account"] == CARO.account
    assert set(answer) == {"token", "account"}


def test_tokens_of_programs_and_of_their_scopes_are_an_administrators(world: World) -> None:
    detector = program(world)
    for command in (
        MintToken(name="x", scope=Scope.REPORT_HITS, account=detector),
        MintToken(name="x", scope=Scope.POST_EVENTS),
        MintToken(name="x", account=CARO.account),
    ):
        assert (
            world.rule_of(command).permission_for(command, world.states, NOTHING_KNOWN) is Verb.PROGRAM_TOKEN
        )
        assert isinstance(world.allowed(command, ANA), Deny)
        assert isinstance(world.allowed(command, ADA), Allow)
    assert (
        world.rule_of(MintToken(name="x")).permission_for(MintToken(name="x"), world.states, NOTHING_KNOWN)
        is Verb.TOKEN
    )


def test_a_token_of_a_program_in_a_drill(world: World) -> None:
    detector = program(world)
    command = MintToken(name="x", scope=Scope.REPORT_HITS, account=detector, lane="drill:7")
    token = minted(world, command, Actor(SERVER))
    assert tokens(world)[token] == Token(account=detector, scope=Scope.REPORT_HITS, lane="drill:7")


def test_a_program_gets_no_persons_token(world: World) -> None:
    with pytest.raises(Refused, match="no person's token"):
        world.do(MintToken(name="x", account=program(world)), ADA)


def test_nobody_makes_a_token_for_another_person(world: World) -> None:
    with pytest.raises(Refused, match="made by that person"):
        world.do(MintToken(name="x", account=CARO.account, scope=Scope.POST_EVENTS), ADA)
    assert minted(world, MintToken(name="x", account=ADA.account, scope=Scope.POST_EVENTS), ADA)


def test_no_token_for_who_is_unknown_or_not_in_use(world: World) -> None:
    with pytest.raises(NotFound):
        world.do(MintToken(name="x", account=BEN.account), ADA)
    invited = world.do(Invite(name="Ben", sign_in="ben"), ADA).answer["account"]
    with pytest.raises(Refused, match="not in use"):
        world.do(MintToken(name="x"), Actor(str(invited)))
    world.do(Disable(account=CARO.account, reason="x"), ADA)
    with pytest.raises(Refused, match="not in use"):
        world.do(MintToken(name="x"), CARO)


@pytest.mark.parametrize("lane", ["drill", "drill:", "unreal", ""])
def test_a_lane_is_real_or_a_drill(lane: str) -> None:
    with pytest.raises(ValidationError):
        MintToken(name="x", lane=lane)


def test_a_lane_that_is_none_is_explained() -> None:
    with pytest.raises(
        ValidationError,
        match=r"Value error, is no lane: leave it out for real, or name a drill like drill:ID \[",
    ):
        MintToken(name="x", lane="unreal")
    assert MintToken(name="x", lane="drill:1").lane == "drill:1"


def test_the_holder_an_administrator_and_muster_revoke_a_token(world: World) -> None:
    for actor in (CARO, ADA, Actor(SERVER)):
        token = minted(world, MintToken(name="laptop"), CARO)
        assert world.do(Revoke(token=token), actor).answer == {"token": token}
        assert token not in tokens(world)


def test_the_token_of_somebody_else_looks_as_if_there_were_none(world: World) -> None:
    token = minted(world, MintToken(name="laptop"), CARO)
    with pytest.raises(NotFound) as others:
        world.do(Revoke(token=token), ANA)
    with pytest.raises(NotFound) as nothing:
        world.do(Revoke(token="0" * 32), ANA)
    assert str(others.value) == str(nothing.value)
    assert others.value.where == "token"
    assert others.value.mend.endswith("list.")
    assert token in tokens(world)


def test_without_accounts_there_is_nothing_to_mint_or_revoke(world: World) -> None:
    with pytest.raises(NotFound):
        mint({}, MintToken(name="x"), world.context(ANA), NOTHING_KNOWN)
    with pytest.raises(NotFound):
        revoke({}, Revoke(token="0" * 32), world.context(ANA), NOTHING_KNOWN)


def test_what_people_read_when_it_is_refused(world: World) -> None:
    detector = program(world)
    invited = Actor(str(world.do(Invite(name="Ben", sign_in="ben"), ADA).answer["account"]))
    told = [
        refusal(world, MintToken(name="x", account=BEN.account), ADA),
        refusal(world, MintToken(name="x", account=detector), ADA),
        refusal(world, MintToken(name="x", account=CARO.account), ADA),
        refusal(world, MintToken(name="x"), invited),
        refusal(world, Revoke(token="0" * 32), ADA),
    ]
    assert told == [
        "account: There is no such account. Choose one from the list of accounts.",
        "scope: A program has no person's token. Choose the one thing that the program does.",
        "account: A token for a person is made by that person. Ask them to make it.",
        "account: This account is not in use. Enable it, or let its link be used first.",
        "token: There is no such token. It may be revoked already: look at the list.",
    ]


def test_a_token_is_a_new_random_id(world: World) -> None:
    context = world.context(CARO)
    decision = mint(world.states, MintToken(name="x"), context, NOTHING_KNOWN)
    assert decision.answer["token"] == context.id("token")
