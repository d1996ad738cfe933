"""Who may do and see what: default deny, secrets without back doors, and the rule as data equal to the function."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.access.may import (
    AllOf,
    Allow,
    Always,
    AnyOf,
    Deny,
    LaneIs,
    Member,
    Never,
    SecrecyIn,
    Thing,
    TypeIn,
    may,
    new_thing,
    visible,
)
from muster.access.verbs import VERBS, Standing, Target, Use, Verb
from muster.core.ids import StreamType
from muster.core.labels import Secrecy
from muster.core.people import NOBODY, SERVER, Actor, Duty, Role, Scope
from tests.access.world import ADA, ANA, BEN, CARO, account_id

INC, SIG, ACC = StreamType.INCIDENT, StreamType.SIGNAL, StreamType.ACCOUNTS
OPEN = new_thing(INC, "real")
ACCOUNTS = new_thing(ACC, "real")
STRANGER = Actor(NOBODY)
MUSTER = Actor(SERVER)


def incident(secrecy: Secrecy = Secrecy.OPEN, *people: Actor, commanded: bool = False) -> Thing:
    return Thing(INC, "real", secrecy, frozenset(one.account for one in people), commanded)


def token(account: Actor, *scopes: Scope, lane: str = "real") -> Actor:
    return Actor(account.account, account.duties, scopes=frozenset(scopes), lane=lane)


def allowed(actor: Actor, verb: Verb, thing: Thing = OPEN, *roles: Role) -> bool:
    return isinstance(may(actor, roles, verb, thing), Allow)


def hidden(actor: Actor, verb: Verb, thing: Thing) -> bool:
    answer = may(actor, (), verb, thing)
    return isinstance(answer, Deny) and not answer.visible


def refused(actor: Actor, verb: Verb, thing: Thing, *roles: Role) -> str:
    answer = may(actor, roles, verb, thing)
    assert isinstance(answer, Deny)
    assert answer.visible
    return answer.reason


def test_a_stranger_may_only_report() -> None:
    assert may(STRANGER, (), Verb.REPORT, new_thing(SIG, "real")) == Allow()
    for verb, facts in VERBS.items():
        if verb is not Verb.REPORT:
            kind = ACC if facts.target is Target.ACCOUNTS else INC
            answer = may(STRANGER, (), verb, new_thing(kind, "real"))
            assert isinstance(answer, Deny), verb
            assert not answer.visible, verb
    answer = may(STRANGER, (), Verb.DECLARE, OPEN)
    assert answer == Deny("Sign in first.", visible=False)


def test_a_stranger_reports_in_the_lane_of_the_link_only() -> None:
    assert hidden(STRANGER, Verb.REPORT, new_thing(SIG, "drill:1"))


def test_everybody_with_an_account_sees_what_is_open_and_may_declare_and_report() -> None:
    assert allowed(CARO, Verb.SEE)
    assert allowed(CARO, Verb.DECLARE)
    assert allowed(CARO, Verb.REPORT, new_thing(SIG, "real"))
    assert allowed(CARO, Verb.READ_ACCOUNTS)
    assert "responder" in refused(CARO, Verb.LOG, OPEN)


def test_a_report_goes_where_the_reporter_does_not_see() -> None:
    assert allowed(CARO, Verb.REPORT, Thing(SIG, "real", Secrecy.NAMED))
    assert hidden(CARO, Verb.DECLARE, Thing(SIG, "real", Secrecy.TEAM))


def test_responders_see_what_is_for_the_team_and_do_the_work() -> None:
    team = incident(Secrecy.TEAM)
    assert hidden(CARO, Verb.SEE, team)
    for verb, facts in VERBS.items():
        if facts.standing is Standing.RESPONDER and facts.target in (Target.INCIDENT, Target.STREAM):
            assert may(ANA, (), verb, team) == Allow(), verb
    for verb in (Verb.ACKNOWLEDGE, Verb.DISMISS, Verb.ATTACH, Verb.HITS, Verb.SIGNAL):
        assert allowed(ANA, verb, Thing(SIG, "real", Secrecy.TEAM)), verb
    assert allowed(ANA, Verb.POST_EVENTS)
    assert allowed(ANA, Verb.READ_RULES)
    assert not allowed(CARO, Verb.POST_EVENTS)


def test_what_is_for_named_people_does_not_exist_for_others_whatever_their_duty() -> None:
    secret = incident(Secrecy.NAMED, CARO)
    for actor in (ANA, ADA):
        for verb, facts in VERBS.items():
            if facts.target in (Target.INCIDENT, Target.STREAM, Target.NEW_INCIDENT) or verb is Verb.SEE:
                assert hidden(actor, verb, secret), verb
    assert allowed(CARO, Verb.SEE, secret)
    assert allowed(ANA, Verb.LOG, incident(Secrecy.NAMED, ANA))


def test_administrators_have_no_back_door_to_secrets() -> None:
    assert hidden(ADA, Verb.SEE, incident(Secrecy.TEAM))
    assert allowed(ADA, Verb.INVITE, ACCOUNTS)
    for kind in (ACC, StreamType.ACCESS, StreamType.LOG):
        assert allowed(ADA, Verb.SEE, Thing(kind, "real", Secrecy.TEAM))
        assert hidden(ANA, Verb.SEE, Thing(kind, "real", Secrecy.TEAM))


def test_who_is_offered_a_role_sees_the_incident_of_the_team() -> None:
    assert allowed(CARO, Verb.ACCEPT, incident(Secrecy.TEAM, CARO))


def test_any_responder_commands_while_there_is_no_commander() -> None:
    for verb, facts in VERBS.items():
        if facts.standing is Standing.COMMAND:
            assert may(ANA, (), verb, incident()) == Allow(), verb
            assert "commander" in refused(ANA, verb, incident(commanded=True)), verb
            assert may(ANA, (Role.COMMANDER,), verb, incident(commanded=True)) == Allow(Role.COMMANDER), verb
            assert may(ANA, (Role.DEPUTY,), verb, incident(commanded=True)) == Allow(Role.DEPUTY), verb
            for role in set(Role) - {Role.COMMANDER, Role.DEPUTY}:
                assert not allowed(ANA, verb, incident(commanded=True), role), (verb, role)
            assert not allowed(CARO, verb, incident()), verb


def test_only_the_commander_lowers_the_severity_and_the_deputy_while_there_is_none() -> None:
    lower = Verb.LOWER_SEVERITY
    assert "Only the commander" in refused(ANA, lower, incident())
    assert may(ANA, (Role.COMMANDER,), lower, incident(commanded=True)) == Allow(Role.COMMANDER)
    assert may(ANA, (Role.DEPUTY,), lower, incident()) == Allow(Role.DEPUTY)
    assert not allowed(ANA, lower, incident(commanded=True), Role.DEPUTY)
    assert not allowed(ANA, lower, incident(), Role.SCRIBE)


def test_the_first_held_role_that_allows_the_verb_is_named() -> None:
    thing = incident(commanded=True)
    assert may(ANA, (Role.SCRIBE, Role.DEPUTY), Verb.CLOSE, thing) == Allow(Role.DEPUTY)
    assert may(ANA, (Role.SCRIBE, Role.DEPUTY), Verb.LOG, thing) == Allow(Role.SCRIBE)
    assert may(ANA, (Role.SCRIBE,), Verb.SEVERITY, thing) == Allow(None)
    assert may(CARO, (Role.SCRIBE,), Verb.SEE, thing) == Allow(Role.SCRIBE)


def test_a_scribe_without_a_duty_writes_but_does_not_rate() -> None:
    writes = {
        Verb.LOG,
        Verb.FACT,
        Verb.ASSUME,
        Verb.QUESTION,
        Verb.SETTLE,
        Verb.SUMMARY,
        Verb.REDACT,
        Verb.READ_EVIDENCE,
    }
    for verb, facts in VERBS.items():
        if facts.standing is Standing.RESPONDER and facts.target in (Target.INCIDENT, Target.STREAM):
            assert allowed(CARO, verb, OPEN, Role.SCRIBE) is (verb in writes), verb
            assert may(CARO, (Role.COMMANDER,), verb, OPEN) == Allow(Role.COMMANDER)


def test_no_role_gives_an_account_verb() -> None:
    assert not allowed(CARO, Verb.INVITE, ACCOUNTS, Role.COMMANDER)
    assert not allowed(CARO, Verb.FIRST, ACCOUNTS, Role.COMMANDER)
    assert "Muster itself" in refused(ADA, Verb.FIRST, ACCOUNTS)


@pytest.mark.parametrize(
    ("scope", "verbs"),
    [
        (Scope.POST_EVENTS, {Verb.POST_EVENTS}),
        (Scope.REPORT_SIGNALS, {Verb.SIGNAL}),
        (Scope.REPORT_HITS, {Verb.HITS, Verb.READ_RULES}),
    ],
)
def test_a_narrow_token_does_its_one_thing_only(scope: Scope, verbs: set[Verb]) -> None:
    for holder in (CARO, ANA, ADA):
        for verb, facts in VERBS.items():
            kind = (
                ACC if facts.target is Target.ACCOUNTS else SIG if facts.target is Target.NEW_SIGNAL else INC
            )
            kind = SIG if facts.target is Target.SIGNAL else kind
            assert allowed(token(holder, scope), verb, new_thing(kind, "real")) is (verb in verbs), verb
    assert refused(token(ANA, scope), Verb.READ_ACCOUNTS, OPEN) == (
        "The scope of this token does not allow it. Use a token made for it."
    )


def test_a_narrow_token_posts_into_its_own_lane_only() -> None:
    detector = token(CARO, Scope.REPORT_HITS, lane="drill:7")
    assert allowed(detector, Verb.HITS, new_thing(SIG, "drill:7"))
    assert hidden(detector, Verb.HITS, new_thing(SIG, "real"))


def test_a_persons_token_does_what_the_person_does_save_for_accounts() -> None:
    mine = token(ANA, Scope.PERSON)
    assert allowed(mine, Verb.LOG)
    assert allowed(mine, Verb.SEE, incident(Secrecy.TEAM))
    assert allowed(mine, Verb.READ_ACCOUNTS)
    admin = token(ADA, Scope.PERSON)
    for verb, facts in VERBS.items():
        if facts.target is Target.ACCOUNTS:
            assert refused(admin, verb, ACCOUNTS) == (
                "Accounts and tokens are changed by a signed-in person on the page Accounts, never by a token."
            )
    both = token(CARO, Scope.PERSON, Scope.REPORT_HITS)
    assert allowed(both, Verb.HITS, new_thing(SIG, "real"))
    assert allowed(both, Verb.DECLARE)


def test_nobody_acts_or_sees_outside_their_lane() -> None:
    drill = new_thing(INC, "drill:1")
    for verb, facts in VERBS.items():
        if facts.target not in (Target.ACCOUNTS, Target.NONE) or verb is Verb.SEE:
            assert hidden(ANA, verb, drill), verb
    in_drill = Actor(ANA.account, ANA.duties, lane="drill:1")
    assert allowed(in_drill, Verb.LOG, drill)
    assert allowed(in_drill, Verb.TOKEN, ACCOUNTS)


def test_muster_itself_does_few_things_and_decides_nothing() -> None:
    mine = {
        Verb.FIRST,
        Verb.PROGRAM,
        Verb.PROGRAM_TOKEN,
        Verb.REVOKE,
        Verb.RESET_LINK,
        Verb.SEE,
        Verb.EXPORT,
        Verb.READ_ACCOUNTS,
        Verb.READ_EVIDENCE,
        Verb.READ_RULES,
    }
    for verb, facts in VERBS.items():
        kind = ACC if facts.target is Target.ACCOUNTS else SIG
        kind = INC if facts.target in (Target.INCIDENT, Target.NEW_INCIDENT) else kind
        assert allowed(MUSTER, verb, new_thing(kind, "drill:1")) is (verb in mine), verb
    assert refused(MUSTER, Verb.CLOSE, OPEN) == "Muster does not do this by itself. A person decides it."


def test_a_verb_for_one_type_finds_nothing_of_another() -> None:
    assert hidden(ANA, Verb.LOG, new_thing(SIG, "real"))
    assert hidden(ANA, Verb.ACKNOWLEDGE, OPEN)
    assert hidden(ADA, Verb.INVITE, OPEN)
    assert hidden(MUSTER, Verb.FIRST, OPEN)
    assert hidden(ANA, Verb.REDACT, new_thing(ACC, "real"))


def test_every_denial_says_why_and_what_is_next() -> None:
    for verb, facts in VERBS.items():
        for kind in StreamType:
            for actor in (STRANGER, CARO, ANA, ADA, MUSTER):
                answer = may(actor, (), verb, Thing(kind, "real", Secrecy.TEAM, commanded=True))
                if isinstance(answer, Deny):
                    assert answer.reason.endswith("."), facts
                    assert answer.visible or len(answer.reason) < 40


def test_what_is_hidden_reads_the_same_whatever_the_cause() -> None:
    hidden_answers = {
        may(ANA, (), Verb.LOG, incident(Secrecy.NAMED)),
        may(ANA, (), Verb.LOG, new_thing(INC, "drill:1")),
        may(ANA, (), Verb.LOG, new_thing(SIG, "real")),
    }
    assert hidden_answers == {Deny("There is no such thing here.", visible=False)}


ACCOUNT_IDS = st.sampled_from([account_id("ana"), account_id("ben"), NOBODY, SERVER])
LANES = st.sampled_from(["real", "drill:1", "drill:2"])
ACTORS = st.builds(
    Actor,
    account=ACCOUNT_IDS,
    duties=st.frozensets(st.sampled_from(Duty)),
    scopes=st.none() | st.frozensets(st.sampled_from(Scope)),
    lane=LANES,
)
THINGS = st.builds(
    Thing,
    type=st.sampled_from(StreamType),
    lane=LANES,
    secrecy=st.sampled_from(Secrecy),
    people=st.frozensets(ACCOUNT_IDS),
    commanded=st.booleans(),
)
ROLES = st.lists(st.sampled_from(Role), max_size=3).map(tuple)


@given(ACTORS, ROLES, THINGS)
def test_the_rule_as_data_is_the_rule(actor: Actor, roles: tuple[Role, ...], thing: Thing) -> None:
    assert visible(actor).admits(thing) is isinstance(may(actor, roles, Verb.SEE, thing), Allow)


@given(ACTORS, ROLES, st.sampled_from(Verb), THINGS)
def test_nothing_is_done_to_what_is_not_seen(
    actor: Actor, roles: tuple[Role, ...], verb: Verb, thing: Thing
) -> None:
    target = VERBS[verb].target
    if target in (Target.INCIDENT, Target.SIGNAL, Target.STREAM) and not visible(actor).admits(thing):
        answer = may(actor, roles, verb, thing)
        assert isinstance(answer, Deny)
        narrow = actor.scopes is not None and Scope.PERSON not in actor.scopes
        assert not answer.visible or narrow or actor.account == SERVER


@given(ACTORS, ROLES, st.sampled_from(Verb), THINGS)
def test_a_token_never_adds_to_what_its_account_may_but_its_own_narrow_verb(
    actor: Actor, roles: tuple[Role, ...], verb: Verb, thing: Thing
) -> None:
    if actor.scopes is None or VERBS[verb].use is Use.INSIDE:
        return
    free = Actor(actor.account, actor.duties, lane=actor.lane)
    if isinstance(may(actor, roles, verb, thing), Allow) and verb not in (
        Verb.POST_EVENTS,
        Verb.SIGNAL,
        Verb.HITS,
        Verb.READ_RULES,
    ):
        assert isinstance(may(free, roles, verb, thing), Allow)


def test_expressions_admit_what_they_say() -> None:
    thing = incident(Secrecy.TEAM, BEN)
    assert Always().admits(thing)
    assert not Never().admits(thing)
    assert TypeIn(frozenset({INC})).admits(thing)
    assert not TypeIn(frozenset({SIG})).admits(thing)
    assert LaneIs("real").admits(thing)
    assert not LaneIs("drill:1").admits(thing)
    assert SecrecyIn(frozenset({Secrecy.TEAM})).admits(thing)
    assert not SecrecyIn(frozenset({Secrecy.OPEN})).admits(thing)
    assert Member(BEN.account).admits(thing)
    assert not Member(ANA.account).admits(thing)
    assert AllOf((Always(), LaneIs("real"))).admits(thing)
    assert not AllOf((Always(), Never())).admits(thing)
    assert AnyOf((Never(), Always())).admits(thing)
    assert not AnyOf(()).admits(thing)
