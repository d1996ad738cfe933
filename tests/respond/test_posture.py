"""The posture is set by command, with a reason; only an eviction begins."""

import pytest

from muster.access.may import Deny
from muster.core.errors import Conflict, Refused
from muster.respond.posture import POSTURE, Posture, PostureSet, SetPosture, Stance
from tests.access.world import ANA, BEN, entry, erased
from tests.respond.work_scene import WorkScene


def posture(incident: str, to: Posture, expected: int, *, begun: bool = False) -> SetPosture:
    return SetPosture(
        incident=incident, posture=to, begun=begun, reason="They are deep in", expected=expected
    )


def test_it_is_set_by_command_with_a_reason() -> None:
    scene = WorkScene()
    incident = scene.declared()
    scene.commanded(incident, ANA)
    watch = posture(incident, Posture.WATCH, 0)
    assert isinstance(scene.allowed(watch, BEN), Deny)
    assert scene.answer(watch, ANA) == {"posture": Posture.WATCH, "version": 1}
    assert scene.kinds(incident)[-2:] == ["posture.set", "reason.given"]
    with pytest.raises(Conflict, match="changed this posture first"):
        scene.do(watch, ANA)
    with pytest.raises(Refused, match="Only an eviction begins"):
        scene.do(posture(incident, Posture.WATCH, 1, begun=True), ANA)


@pytest.mark.parametrize(
    ("stance", "quiet"),
    [
        (Stance(), False),
        (Stance(posture=Posture.WATCH), True),
        (Stance(posture=Posture.EVICTION), True),
        (Stance(posture=Posture.EVICTION, begun=True), False),
    ],
)
def test_when_the_attacker_must_not_notice(stance: Stance, quiet: bool) -> None:
    assert stance.quiet is quiet


def test_a_withheld_posture_changes_nothing() -> None:
    one = entry(PostureSet(posture=Posture.WATCH))
    assert POSTURE.evolve(POSTURE.empty, one).posture is Posture.WATCH
    assert POSTURE.evolve(POSTURE.empty, erased(one)) == POSTURE.empty
