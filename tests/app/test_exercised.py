"""What a drill used of the plan: what its record rests on, and by which version of the plan."""

from collections.abc import Iterator
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.exercised import Used, exercised, rests_on
from muster.core.errors import BadInput
from muster.core.people import Actor
from muster.plan.lines import plan_lines
from tests.app.company import Company, company

AUTHORITY = {
    "action": "isolate-host", "decision": "disconnect", "target_kind": "host", "target": "PORTAL-01",
    "purpose": "They lose it", "harm": "Slow",
}  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, str]]:
    """A drill in which somebody does one of everything; and the same things for real, which count for nothing."""
    one = company(tmp_path_factory.mktemp("drill"))
    drill = str(one.do(Verb.START_DRILL, "noor", exercise="A night")["drill"])
    actor = one.who("noor").caller.actor
    inside = Caller(Actor(actor.account, actor.duties, actor.through, None, f"drill:{drill}"))
    incident = str(one.stage.do(Verb.DECLARE, inside, what="Odd")["incident"])

    def do(verb: Verb, **fields: Any) -> dict[str, Any]:
        return one.stage.do(verb, inside, incident=incident, **fields)

    run = do(Verb.RUN, playbook="stolen-credentials")["run"]
    do(Verb.FINISH_STEP, run=run, step="ask-the-owner")
    do(Verb.FINISH_STEP, run=run, step="what-kind", choice="staff")
    do(Verb.SKIP_STEP, run=run, step="save-sessions", reason="Saved before")
    do(Verb.SEVERITY, ratings={"functional": "high"}, expected=1)
    do(Verb.ANSWER_FACT, fact="confirmed", answer="yes", source="The log", expected=0)
    do(Verb.ANCHOR, anchor="aware", obligation="gdpr-art-33")
    do(Verb.PROPOSE, **AUTHORITY)
    do(Verb.LOST, service="mail")
    one.do(Verb.LOST, "noor", incident=one.declared(), service="order-database")
    yield one, drill
    one.stage.close()


def used(played: tuple[Company, str]) -> frozenset[Used]:
    one, drill = played
    return exercised(one.stage.muster.record.ledger, drill, one.version(one.first).files)


def test_each_place_is_one_of_the_plan_and_of_the_version_that_the_drill_was_under(
    played: tuple[Company, str],
) -> None:
    one, _ = played
    lines = plan_lines(one.version(one.first).files)
    found = used(played)
    assert {each.commit for each in found} == {one.first}
    for place, _commit in found:
        assert any(rests_on(line, place) for line in lines), place
    assert {each.place for each in found} >= {
        "playbooks/stolen-credentials.yaml#/steps/ask-the-owner",
        "playbooks/stolen-credentials.yaml#/steps/what-kind",
        "severity.yaml#/rules/sev1-lost-to-all",
        "severity.yaml#/levels/SEV1",
        "facts.yaml#/facts/confirmed",
        "obligations/gdpr-art-33.yaml",
        "authority.yaml#/decisions/disconnect",
        "services/mail.yaml",
    }


def test_what_was_skipped_or_never_reached_or_happened_for_real_is_not_used(
    played: tuple[Company, str],
) -> None:
    places = {each.place for each in used(played)}
    for not_used in ("save-sessions", "end-sessions"):
        assert f"playbooks/stolen-credentials.yaml#/steps/{not_used}" not in places
    assert "services/order-database.yaml" not in places


def test_a_place_is_itself_and_what_lies_in_it() -> None:
    assert rests_on("a.yaml#/x", "a.yaml#/x")
    assert rests_on("a.yaml#/x/y", "a.yaml#/x")
    assert rests_on("a.yaml#/x", "a.yaml")
    assert not rests_on("a.yaml#/xy", "a.yaml#/x")
    assert not rests_on("a.yaml2#/x", "a.yaml")


def test_a_code_that_is_none_and_a_drill_that_is_not_there(played: tuple[Company, str]) -> None:
    ledger = played[0].stage.muster.record.ledger
    with pytest.raises(BadInput):
        exercised(ledger, "nonsense", {})
    other = played[1][:-1] + ("0" if played[1][-1] != "0" else "2")
    with pytest.raises(BadInput):
        exercised(ledger, other, {})
