"""A team's own plan from a few answers: its people, its services, and findings for all that was not said."""

from datetime import UTC, datetime

import pytest

from muster.core.errors import BadInput
from muster.plan.blank import own_plan, read_answers, slug
from muster.plan.finding import hindering, problems
from muster.plan.lint import check
from muster.plan.load import load
from tests.plan.shop_plan import NOW, example

ANSWERS = """
company: Fjord Books
domains: [fjord.test]
people:
  - {name: Zoë Lund, title: Engineer, phone: "+47 555 0101", mail: zoe@fjord.test}
  - {name: Bo Dahl, phone: "+47 555 0102", mail: bo@fjord.test}
services:
  - {name: Web shop, owner: Bo Dahl, needs: [Database]}
  - {name: Database, owner: Zoë Lund}
  - {name: Wiki, owner: Bo Dahl, critical: false}
call: https://meet.fjord.test/incident
second: Signal group "paper"
"""

PLAYBOOKS = tuple(
    f"playbooks/{name}.yaml" for name in ("ransomware-or-data-theft", "stolen-credentials", "web-intrusion")
)


def made(answers: str = ANSWERS) -> dict[str, bytes]:
    return dict(own_plan(example(), read_answers(answers.encode(), "answers.yaml"), NOW.date()))


def test_it_loads_and_what_is_left_to_do_is_about_the_teams_own_services_and_contacts() -> None:
    found = problems(check(made(), NOW))
    assert {one.rule for one in found} == {
        "example-address", "never-rehearsed", "no-components", "no-fix-path", "no-log", "no-offline-copy", "no-recovery",
    }  # fmt: skip
    assert {one.file for one in found} == {
        "contacts.yaml",
        *PLAYBOOKS,
        "services/database.yaml",
        "services/web-shop.yaml",
    }
    assert len(found) == 14
    assert hindering(found) == (), "a team may put it in force on its first evening"


def test_it_was_reviewed_on_the_day_it_was_written_and_claims_no_rehearsal() -> None:
    plan = load(made()).plan
    assert plan is not None
    assert plan.pinned.policy.reviewed_on == NOW.date()
    assert [drill.last_held for drill in plan.in_force.drills.values()] == [None]
    assert not any(playbook.last_rehearsed for playbook in plan.pinned.playbooks.values())


def test_nothing_of_the_example_company_is_left() -> None:
    for path, data in made().items():
        for word in (
            b"Harbour",
            b"Nordwind",
            b"nordwind",
            b"noor",
            b"Robin",
            b"PORTAL-0",
            b"customer-portal",
        ):
            assert word not in data, (path, word)


def test_roles_are_dealt_to_the_team_and_nobody_commands_and_writes() -> None:
    plan = load(made()).plan
    assert plan is not None
    roles = plan.in_force.roles.roles
    assert (roles["commander"].primary, roles["scribe"].primary) == ("zoe-lund", "bo-dahl")
    assert all(set(role.holders) == {"zoe-lund", "bo-dahl"} for role in roles.values())
    assert plan.in_force.calling.rota["commander"].on_call(datetime(2026, 11, 24, tzinfo=UTC)) == "zoe-lund"
    assert plan.in_force.reaches_somebody


def test_with_many_people_too() -> None:
    names = "".join(f'  - {{name: P{n}, phone: "1{n}", mail: p{n}@fjord.test}}\n' for n in range(30))
    found = problems(check(made(ANSWERS.replace("services:", names + "services:")), NOW))
    assert {one.file for one in found} == {
        "contacts.yaml",
        *PLAYBOOKS,
        "services/database.yaml",
        "services/web-shop.yaml",
    }


def test_who_gave_no_phone_is_found() -> None:
    found = problems(check(made(ANSWERS.replace('phone: "+47 555 0102", ', "")), NOW))
    assert "one-channel" in {one.rule for one in found if one.file == "people.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("company: Fjord Books\n", "", "answers.yaml:1", "`company` is missing."),
        ("owner: Zoë Lund", "owner: Nobody", "answers.yaml:1", "does not fit"),
        ("needs: [Database]", "needs: [Databse]", "answers.yaml:1", "does not fit"),
        ("Bo Dahl, phone", "Zoe Lund, phone", "answers.yaml:1", "does not fit"),
        ("call:", "cal:", "answers.yaml:11", "`cal` is not known here."),
        ("people:", "people: &a", "answers.yaml:4", "Anchors"),
        (ANSWERS, "- a\n", "answers.yaml:1", ""),
    ],
)
def test_answers_that_do_not_fit_are_refused_with_their_line(
    old: str, new: str, where: str, what: str
) -> None:
    with pytest.raises(BadInput) as refused:
        made(ANSWERS.replace(old, new))
    assert refused.value.where == where
    assert what in refused.value.what


def test_ids_from_names() -> None:
    assert [slug(name) for name in ("Zoë Lund", "  A/B  ", "李", "x" * 99)] == [
        "zoe-lund",
        "a-b",
        "x1",
        "x" * 60,
    ]
