"""Evidence as people see it."""

from muster.app import custody_view
from muster.app.custody_view import ExhibitView
from muster.core.people import Actor
from muster.respond.custody import AcceptEvidence, OfferEvidence, ReceiveEvidence, VerifyEvidence
from tests.access.world import ANA, BEN
from tests.app.looking import looking
from tests.respond.work_scene import WorkScene

SHA = "ab" * 32


def received(scene: WorkScene, incident: str, **more: object) -> int:
    fields = {
        "incident": incident,
        "sha256": SHA,
        "size": 12,
        "name": "memory",
        "place": "web-1",
        "of": ["web-1"],
    }
    return int(scene.answer(ReceiveEvidence.model_validate(fields | more))["evidence"])


def seen(scene: WorkScene, incident: str, who: Actor = ANA, **more: object) -> tuple[ExhibitView, ...]:
    return custody_view.view(looking(scene, incident, scene.told(incident), who, **more)).exhibits  # pyright: ignore[reportArgumentType] - tests pass what fits


def test_who_holds_it_and_to_whom_it_is_offered() -> None:
    scene = WorkScene()
    incident = scene.declared()
    seq = received(scene, incident, text="From the disk")
    (one,) = seen(scene, incident)
    assert (one.seq, one.name, one.place, one.collector, one.text) == (
        seq,
        "memory",
        "web-1",
        "Ana",
        "From the disk",
    )
    assert (one.sha256, one.size, one.of) == (SHA, 12, ("web-1",))
    assert (one.holder, one.mine, one.offered, one.damaged) == ("Ana", True, "", False)
    scene.do(OfferEvidence(incident=incident, evidence=seq, to=BEN.account, expected=1), ANA)
    (offered,) = seen(scene, incident, BEN)
    assert (offered.offered, offered.for_me, offered.mine, offered.version) == ("Ben", True, False, 2)
    scene.do(AcceptEvidence(incident=incident, evidence=seq, expected=2), BEN)
    assert seen(scene, incident)[0].holder == "Ben"


def test_evidence_that_does_not_verify_is_marked() -> None:
    scene = WorkScene()
    incident = scene.declared()
    seq = received(scene, incident)
    scene.blobs[SHA] = ""
    scene.do(VerifyEvidence(incident=incident, evidence=seq), ANA)
    assert seen(scene, incident)[0].damaged


def test_what_is_hidden_of_it_stays_hidden_and_its_hash_stays() -> None:
    scene = WorkScene()
    incident = scene.declared()
    seq = received(scene, incident, name="hunter2")
    (one,) = seen(scene, incident, hidden={seq + 1})
    assert (one.name, one.sha256) == ("(hidden)", SHA)
    assert "hunter2" not in one.model_dump_json()


def test_of_much_evidence_the_newest_is_shown() -> None:
    scene = WorkScene()
    incident = scene.declared()
    for _ in range(custody_view.MOST + 2):
        received(scene, incident)
    view = custody_view.view(looking(scene, incident, scene.told(incident)))
    assert (len(view.exhibits), view.more) == (custody_view.MOST, 2)
    assert len(custody_view.needs(scene.state(incident))) == 2 * custody_view.MOST
