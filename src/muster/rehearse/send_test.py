"""A test message to somebody, through the same door as everything else: a channel that nobody tried is a guess."""

from muster.access.command import Command, Line, MaybeLine, Rule
from muster.access.known import plan_known
from muster.access.verbs import Verb
from muster.core.errors import NotFound, Refused
from muster.core.ids import PLAN_STREAM
from muster.record.context import Context
from muster.record.decision import JSON, Decision, Known
from muster.record.entry import Draft
from muster.record.lane import REAL
from muster.record.state import States, StreamState
from muster.rehearse.clock import refuse_in_drill
from muster.respond import summons
from muster.respond.calling import Way
from muster.respond.effects import EffectAsked

WEBHOOK = "webhook:"


class SendTest(Command):
    """Send a test message. person: somebody of the plan; or a mail address, or `webhook:NAME`. channel: this one only."""

    person: Line
    channel: MaybeLine = None


def send_test(states: States, command: SendTest, context: Context, known: Known) -> Decision:
    """effect.asked on the plan, for each way to reach the person. Raises NotFound, Refused."""
    refuse_in_drill(context.actor.lane)
    found = [way for way in ways_of(command.person, known) if command.channel in (None, way.channel)]
    if not found:
        raise NotFound(
            "There is no way to reach somebody of this name.",
            "person",
            "Name somebody of the plan, or a mail address.",
        )
    if len(found) > 20:
        raise Refused("These are too many at once.", "person", "Name the channel too.")
    seq = states.get(PLAN_STREAM, StreamState(PLAN_STREAM)).seq + 1
    drafts = tuple(
        Draft(
            PLAN_STREAM,
            EffectAsked(
                effect=context.id("test", number),
                channel=way.channel,
                to=(way.address,),
                subject="Muster: a test message",
                text="This is a test of how Muster reaches you. Nothing is to be done.\n",
                payload={"occasion": "test"},
            ),
            lane=REAL,
        )
        for number, way in enumerate(found)
    )
    asked: list[JSON] = [
        {"stream": PLAN_STREAM, "seq": seq + number, "channel": way.channel}
        for number, way in enumerate(found)
    ]
    return Decision(drafts, {"asked": asked})


def ways_of(person: str, known: Known) -> tuple[Way, ...]:
    """The ways to somebody: of the plan, or what was typed is an address itself."""
    in_force = plan_known(known).in_force
    found = in_force.people.people.get(person) if in_force else None
    if found is not None:
        return summons.ways_of(found)
    if person.startswith(WEBHOOK):
        return (Way(channel=person, address=person.removeprefix(WEBHOOK)),)
    return (Way(channel="mail", address=person),) if "@" in person else ()


def _reads(_command: SendTest) -> tuple[str, ...]:
    return (PLAN_STREAM,)


RULES = (Rule(Verb.SEND_TEST, SendTest, send_test, reads=_reads),)
