"""Times against targets: kept, missed, not due yet, or unknown; never zero for what nobody knows."""

from datetime import timedelta

import pytest

from muster.app.looking_back.past import Past
from muster.app.looking_back.targets import Target, Verdict, targets, verdict
from muster.disclose.owed import ObligationFiled
from muster.learn.review import ReviewHeld
from muster.learn.times import milestones
from muster.respond.roles import RoleAccepted
from tests.app.looking_back.night import START, night, past, without


def of(seen: Past) -> dict[str, Target]:
    known = milestones(seen.entries, [lines.entries for lines in seen.signals.values()])
    return {one.name.partition(":")[0]: one for one in targets(seen, known)}


def test_the_targets_of_the_night() -> None:
    found = {name: (one.verdict, one.within, one.took) for name, one in of(night().past()).items()}
    minutes = timedelta(minutes=1)

    assert found == {
        "Signals acknowledged": (Verdict.KEPT, 20 * minutes, None),
        "Calls answered by whoever was called first": (Verdict.MISSED, None, None),
        "Commander, from the rating SEV1 on": (Verdict.KEPT, 15 * minutes, 9 * minutes),
        "Briefs at SEV1": (Verdict.UNKNOWN, 60 * minutes, None),
        "Decision asked of Dora": (Verdict.KEPT, 60 * minutes, 44 * minutes),
        "Tasks done by their time": (Verdict.KEPT, None, None),
        "Service order-database works again": (Verdict.KEPT, 180 * minutes, 113 * minutes),
        "Service customer-portal works again": (Verdict.KEPT, 240 * minutes, 127 * minutes),
        "Notice of a personal data breach to the supervisory authority": (
            Verdict.KEPT, timedelta(days=3), 40 * minutes,
        ),
        "Review held": (Verdict.MISSED, timedelta(days=3), timedelta(days=3, minutes=80)),
    }  # fmt: skip


def test_every_target_of_the_plan_names_its_line() -> None:
    places = [
        one.asked_by for one in of(night().past()).values() if one.asked_by.endswith(tuple("0123456789"))
    ]

    assert any(place.startswith("severity.yaml:") for place in places)
    assert any(place.startswith("obligations/gdpr-art-33.yaml:") for place in places)


@pytest.mark.parametrize(
    ("due", "reached", "now", "found"),
    [
        (5, 5, 9, Verdict.KEPT),
        (5, 6, 9, Verdict.MISSED),
        (5, None, 5, Verdict.OPEN),
        (5, None, 6, Verdict.MISSED),
        (None, 5, 9, Verdict.UNKNOWN),
        (None, None, 9, Verdict.UNKNOWN),
    ],
)
def test_verdict(due: int | None, reached: int | None, now: int, found: Verdict) -> None:
    at = [None if one is None else START + timedelta(minutes=one) for one in (due, reached, now)]

    assert verdict(at[0], at[1], START + timedelta(minutes=now)) is found


def test_what_never_came_is_missed_and_has_no_time() -> None:
    told = without(night().told, ObligationFiled.kind, ReviewHeld.kind, RoleAccepted.kind)
    found = of(past(told))

    for name in ("Commander, from the rating SEV1 on", "Review held"):
        assert (found[name].verdict, found[name].took) == (Verdict.MISSED, None)
    assert found["Notice of a personal data breach to the supervisory authority"].verdict is Verdict.MISSED


def test_without_a_plan_times_are_unknown_and_stay_unknown() -> None:
    found = of(night().past(known=False))

    assert found["Signals acknowledged"].verdict is Verdict.UNKNOWN
    assert found["Commander"].verdict is Verdict.UNKNOWN
    assert all(one.within is None for name, one in found.items() if name.startswith("Service"))


def test_erased_words_of_a_rating_leave_its_target_out() -> None:
    told = night()

    assert "Commander, from the rating SEV1 on" not in of(told.past(erased=frozenset({told.seqs["rated"]})))
