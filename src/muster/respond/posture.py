"""The posture towards the attacker: clean as you go, watch, or one coordinated eviction, and whether it has begun."""

from enum import StrEnum
from typing import ClassVar

from muster.access.command import Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.state import Fold, Slice, States
from muster.respond.incident import still_open
from muster.respond.work import Replacing, Work, as_seen, reasoned


class Posture(StrEnum):
    """How we act while the attacker may be looking (Microsoft, incident response overview)."""

    CLEAN = "clean-as-you-go"
    WATCH = "watch"
    EVICTION = "one coordinated eviction"


class PostureSet(Body):
    """The posture from now on. begun: the eviction is under way; its reason is the next entry."""

    kind: ClassVar[str] = "posture.set"
    posture: Posture
    begun: bool = False


class Stance(Slice):
    """The posture now, and how often it was set."""

    posture: Posture = Posture.CLEAN
    begun: bool = False
    version: int = 0

    @property
    def quiet(self) -> bool:
        """Whether the attacker must not notice anything yet."""
        return self.posture is Posture.WATCH or (self.posture is Posture.EVICTION and not self.begun)


def evolve(stance: Stance, entry: Entry) -> Stance:
    """The posture after one more entry."""
    if not isinstance(entry.body, PostureSet):
        return stance
    return Stance(posture=entry.body.posture, begun=entry.body.begun, version=stance.version + 1)


POSTURE = Fold("posture", Stance(), evolve)
KINDS = kinds_of(PostureSet)
# Entries with no words to hide.
FIXED = (PostureSet,)


class SetPosture(Replacing):
    """Set the posture, with its reason. begun: the coordinated eviction begins now."""

    posture: Posture
    begun: bool = False
    reason: Text


def set_posture(states: States, command: SetPosture, _context: Context, _known: Known) -> Decision:
    """posture.set, reason.given. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    stance = state.slice(POSTURE)
    as_seen(stance.version, command.expected, what="posture", theirs=stance.posture, yours=command.posture)
    if command.begun and command.posture is not Posture.EVICTION:
        raise Refused("Only an eviction begins.", "begun", "Leave it out, or set the posture to eviction.")
    body = PostureSet(posture=command.posture, begun=command.begun)
    drafts = (
        Draft(command.incident, body),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"posture": command.posture, "version": stance.version + 1})


WORK = (Work("posture", "Set how we act towards the attacker.", Standing.COMMAND, SetPosture, set_posture),)
