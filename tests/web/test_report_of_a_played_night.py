"""The report of the demo's whole night: its figures are those of the entries, and it tells the end that came later."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from muster.app.whole_incident import WholeIncident
from muster.record.entry import Entry
from muster.rehearse.clock import lane_of
from muster.respond.guard import Level
from muster.web.report import report
from muster.web.reporting import data_of
from tests.app.played import in_lane, played

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WholeIncident, list[Entry], str, str]]:
    town = played(tmp_path_factory.mktemp("night"))
    first, again = town.whole(1)
    assert again is not None
    incident = first.player.made_by_name("incident")
    claire = in_lane(town.town.clients["claire-fontaine"].caller, lane_of(first.drill))
    whole = town.stage.muster.incidents.gather(claire, incident)
    yield whole, town.stage.entries("", incident), report(data_of(whole)), again.drill
    town.stage.close()


def _first(entries: list[Entry], kind: str, **fields: object) -> Entry:
    return next(
        one
        for one in entries
        if one.header.kind == kind
        and all(getattr(one.body, name, None) == value for name, value in fields.items())
    )


def test_every_time_of_the_opening_is_that_of_its_entry(
    night: tuple[WholeIncident, list[Entry], str, str],
) -> None:
    whole, entries, page, _ = night
    opening = whole.back.opening
    closed = _first(entries, "incident.closed").header.happened.at
    declared = _first(entries, "severity.rated").header.happened.at

    assert (opening.declared_at, opening.ended_at) == (declared, closed)
    assert opening.lasted == closed - declared
    assert opening.contained == _first(entries, "milestone.claimed").header.happened.at
    assert opening.commanders == ("Noor Lindgren",)
    for at in (declared, closed):
        assert f"{at:%H:%M:%S} UTC" in page


def test_targets_are_the_differences_of_entries(
    night: tuple[WholeIncident, list[Entry], str, str],
) -> None:
    whole, entries, _, _ = night
    found = {one.name.partition(":")[0]: one for one in whole.back.targets}
    rated = _first(entries, "severity.rated", overridden=False, rule="sev1-acting")
    commander = _first(entries, "role.accepted", role="commander")
    filed, aware = _first(entries, "obligation.filed"), _first(entries, "anchor.recorded")

    assert (
        found["Commander, from the rating SEV1 on"].took
        == commander.header.happened.at - rated.header.happened.at
    )
    notice = found["Notice of a personal data breach to the supervisory authority"]
    assert notice.took == filed.header.happened.at - aware.header.happened.at
    assert notice.verdict.value == "kept"


def test_the_guard_is_asked_anew_and_says_what_the_scribe_wrote_down(
    night: tuple[WholeIncident, list[Entry], str, str],
) -> None:
    whole, entries, page, _ = night
    held = whole.back.actions[0]
    log = str(getattr(_first(entries, "log.written").body, "text", ""))

    assert held.guard is not None
    assert (held.held, held.guard.level) == (True, Level.HOLD.name.lower())
    for sentence in (*held.guard.reasons, held.guard.milder):
        assert sentence in log
        assert sentence in unescape(page)


def test_the_hole_the_changed_lines_and_the_second_drill_are_in_it(
    night: tuple[WholeIncident, list[Entry], str, str],
) -> None:
    whole, _, page, again = night
    (hole,) = whole.back.taught.holes
    (lesson,) = whole.back.taught.lessons

    assert hole.text in unescape(page)
    assert lesson.tested_by == (again,)
    assert {line.tested_by for line in lesson.lines} == {again}
    assert len(re.findall(f"tested by {again}", page)) >= len(lesson.lines)
