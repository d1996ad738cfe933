"""The hosts of a signal with what the plan in force says of them, and what that does to its severity."""

import pytest

from muster.app.plan_versions import version_of
from muster.app.world import Snapshot
from muster.cli_files import example
from muster.plan.services import Service
from muster.record.context import PlanCommits
from tests.app.stage import Stage
from tests.app.test_reading import hits


@pytest.fixture
def planned(stage: Stage) -> Stage:
    """The example company's plan is in force."""
    world = stage.muster.world
    world._read, world._at = Snapshot(PlanCommits("c", "c"), version_of("c", example())), 2.0**60
    return stage


def report(stage: Stage, *hosts: str, more: int = 0, rows: tuple[int, ...] = (0,)) -> str:
    named = [{"name": host, "count": 2} for host in hosts]
    sent = hits(assets=named, more_assets=more, rows=rows)
    return str(
        stage.muster.evidence.report_hits(sent, stage.people["ana"].caller, None)["signals"][0]["signal"]
    )


def known(stage: Stage) -> dict[str, Service]:
    return dict(stage.muster.world.services())


def test_a_host_is_joined_with_its_service_and_the_critical_one_comes_first(planned: Stage) -> None:
    services = known(planned)
    critical = next(name for name, one in services.items() if one.is_critical and one.hosts)
    host = f"{services[critical].hosts[0].upper()}.corp.example"
    signal = report(planned, "a-stranger", host)
    report(planned, host.lower(), rows=(1,))
    view = planned.muster.reading.signal(planned.people["ana"].caller, signal)
    first, second = view.assets
    assert (first.name, first.count, first.service, first.criticality) == (host, 4, critical, "critical")
    assert (first.service_name, first.owner) == (services[critical].name, services[critical].owner)
    assert (second.name, second.service, second.owner, second.criticality) == ("a-stranger", None, None, None)
    assert not view.more_assets
    # Medium by the rule's level; one step graver by the plan.
    assert view.signal.severity == "SEV2"


def test_what_the_plan_does_not_know_weighs_nothing(planned: Stage) -> None:
    signal = report(planned, *(f"h{number}" for number in range(20)), more=1)
    report(planned, "h20", rows=(1,))
    view = planned.muster.reading.signal(planned.people["ana"].caller, signal)
    assert (len(view.assets), view.more_assets, view.signal.severity) == (20, True, "SEV3")


def test_without_a_plan_hosts_are_named_all_the_same(stage: Stage) -> None:
    view = stage.muster.reading.signal(stage.people["ana"].caller, report(stage, "h1"))
    assert [(one.name, one.service) for one in view.assets] == [("h1", None)]
