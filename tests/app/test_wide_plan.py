"""A plan of five hundred services: declaring, the plan's page and its holes cost hardly more than with ten."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from muster.store.plan_checkout import create_repository
from tests.app import company as house
from tests.app.company import company
from tests.plan.shop_plan import example

SERVICE = "name: S{0}\nabout: One of many\nowner: jonas-eklund\ncriticality: ordinary\ndepends_on:\n  mail: It writes\n"
MOST_SECONDS = 0.25


def cpu(work: Callable[[], object]) -> float:
    """The least CPU time of three, in seconds."""
    found: list[float] = []
    for _ in range(3):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def test_nobody_waits_for_a_wide_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**example(), **{f"services/s{n}.yaml": SERVICE.format(n).encode() for n in range(500)}}
    first = create_repository(tmp_path / "wide", files, house.NOOR, house.WHEN, "Everything we run")
    monkeypatch.setitem(house._made, "plan", (tmp_path / "wide", first))
    shop = company(tmp_path)
    noor = shop.who("noor")
    assert cpu(shop.declared) < MOST_SECONDS
    code = shop.declared()
    for path in ("plan", "holes", f"incidents/{code}"):
        assert shop.stage.get(path, noor).status_code == 200
        assert cpu(lambda path=path: shop.stage.get(path, noor)) < MOST_SECONDS, path
    shop.stage.close()
