"""How somebody looks at an incident of a scene: the same that the app reads, made from a scene's entries."""

from collections.abc import Collection

from muster.app.caller import Caller
from muster.app.look import Look, Words
from muster.core.people import Actor
from muster.respond.ground import Told
from tests.access.world import ADA, ANA, BEN, CARO, World

NAMES = {ANA.account: "Ana", BEN.account: "Ben", CARO.account: "Caro", ADA.account: "Ada"}


def words(scene: World, stream: str, hidden: Collection[int] = ()) -> Words:
    """All entries of a stream."""
    return Words({one.header.seq: one for one in scene.entries.get(stream, [])}, hidden)


def looking(scene: World, incident: str, told: Told, who: Actor = ANA, hidden: Collection[int] = ()) -> Look:
    """How this person looks at the incident now."""
    entries = scene.entries[incident]
    facts = {one.header.seq: str(getattr(one.body, "text", "")) for one in entries if one.body}
    state, read = scene.state(incident), words(scene, incident, hidden)
    return Look(state, told, read, NAMES, scene.now, Caller(who), facts)
