"""The plan as people read it: whom accounts may be tied to, and what is told when the repository is gone."""

import shutil
from pathlib import Path

import pytest

from muster.core.errors import MusterError
from tests.app.company import Company, company


@pytest.fixture
def shop(tmp_path: Path) -> Company:
    return company(tmp_path)


def test_accounts_are_tied_to_people_of_the_plan_in_force(shop: Company) -> None:
    view, noor = shop.stage.muster.plan, shop.who("noor").caller
    assert ("noor-lindgren", "Noor Lindgren") in view.people(noor)
    shop.committed(people__yaml=b"people: {}\n")
    assert ("noor-lindgren", "Noor Lindgren") in view.people(noor), "the newest commit is not in force"


def test_before_the_first_approval_to_people_of_the_plan_that_waits(tmp_path: Path) -> None:
    shop = company(tmp_path, approved=False)
    view, noor = shop.stage.muster.plan, shop.who("noor").caller
    assert ("claire-fontaine", "Claire Fontaine") in view.people(noor)
    shop.committed(people__yaml=b"people: [")
    assert view.people(noor) == (), "a plan that cannot be read names nobody"
    shutil.rmtree(shop.place)
    assert view.people(noor) == ()


def test_without_the_repository_what_was_approved_is_still_read_and_the_reason_is_told(shop: Company) -> None:
    view, noor = shop.stage.muster.plan, shop.who("noor").caller
    before = view.version(noor, shop.first)
    shutil.rmtree(shop.place)
    now = view.now(noor)
    assert now.repository_problem
    assert "\n" not in now.repository_problem
    assert (now.commit, now.company, now.head) == (shop.first, "Harbour Goods", None)
    after = view.version(noor, shop.first)
    assert (after.sha256, after.findings) == (before.sha256, before.findings)
    assert (after.subject, after.author) == ("An approved version", "Claire")
    with pytest.raises(MusterError):
        view.version(noor, "head")


def test_problems_and_holes_are_counted_apart(shop: Company) -> None:
    view, noor = shop.stage.muster.plan, shop.who("noor").caller
    old = shop.committed({"people.yaml#/people/noor-lindgren/verified": "2025-01-01"})
    version = view.version(noor, old)
    assert (version.problems, version.holes) == (0, 1)
    assert sorted(one.weight for one in version.findings) == ["hole", "note"]
    shop.approve(old)
    assert view.now(noor).commit == old, "a number that grew old keeps nobody from approving"
