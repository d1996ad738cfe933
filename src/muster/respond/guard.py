"""The guard against overreaction: what an action would do, weighed, with reasons and a milder alternative (PB-7).

Severity is not asked: it buys people and attention, never fewer checks on what destroys (states and metrics, 2.2).
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from muster.respond.posture import Posture, Stance

MANY_DEPENDENTS = 3
MANY_TARGETS = 10


class TargetKind(StrEnum):
    """What is acted on."""

    SERVICE = "service"
    HOST = "host"
    ACCOUNT = "account"


class EvidenceEffect(StrEnum):
    """What an action does to evidence on its target."""

    NONE = "none"
    CHANGES = "changes"
    DESTROYS = "destroys"


class Level(IntEnum):
    """How much stands against an action: nothing, a word to say, or a decision that somebody must take."""

    GO = 0
    WARN = 1
    HOLD = 2


class Ground(StrEnum):
    """Each kind of reason, so that they can be counted."""

    NO_EVIDENCE = "no evidence"
    BLAST = "blast radius"
    CRITICAL = "critical service"
    UNKNOWN = "unknown to the plan"
    OUR_CHANNEL = "we talk by it"
    TIPS_OFF = "tips off the attacker"
    FINAL = "cannot be undone"
    MASS = "many at once"
    NO_END = "no end"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the guard looks at. decision: the line of the authority register, e.g. disconnect.

    dependents: services that fail with the target. critical: those of them, and the target, without which the
    company stands still. known: whether the plan knows the target. ours: the responders talk by it. evidence:
    captured of this target and sound. second_person: somebody else than the proposer has agreed. count: how many
    targets of this sort at once. ends: an end was set for it.
    """

    decision: str
    target: str
    kind: TargetKind
    evidence_effect: EvidenceEffect = EvidenceEffect.NONE
    evidence: bool = False
    dependents: frozenset[str] = frozenset()
    critical: frozenset[str] = frozenset()
    known: bool = True
    ours: bool = False
    stance: Stance = field(default_factory=Stance)
    tips_off: bool = False
    undo: bool = True
    second_person: bool = False
    count: int = 1
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against it, in a sentence for people."""

    level: Level
    ground: Ground
    sentence: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the guard says: the reasons, the gravest first, and what could be done instead."""

    reasons: tuple[Reason, ...]
    milder: str | None

    @property
    def level(self) -> Level:
        """How much stands against it."""
        return max((reason.level for reason in self.reasons), default=Level.GO)

    @property
    def held(self) -> bool:
        """Whether it is held back until somebody decides."""
        return self.level is Level.HOLD

    def line(self) -> str:
        """All reasons in one line."""
        return " ".join(reason.sentence for reason in self.reasons)


def weigh(situation: Situation) -> Weighed:
    """Weighs an action. Adding a dependent, or taking away evidence, never makes the answer milder."""
    found = (
        *_evidence(situation),
        *_reach(situation),
        *_attacker(situation),
        *_undoing(situation),
    )
    reasons = tuple(sorted(found, key=lambda reason: -reason.level))
    return Weighed(reasons, _milder(situation, reasons[0]) if reasons else None)


def _evidence(it: Situation) -> list[Reason]:
    if it.evidence or it.evidence_effect is EvidenceEffect.NONE:
        return []
    sentence = f"No evidence was captured of {it.target}, and this {it.evidence_effect} it."
    return [Reason(Level.HOLD, Ground.NO_EVIDENCE, sentence)]


def _reach(it: Situation) -> list[Reason]:
    found: list[Reason] = []
    if it.ours:
        found.append(Reason(Level.HOLD, Ground.OUR_CHANNEL, f"We talk by {it.target} ourselves."))
    if it.critical:
        names = ", ".join(sorted(it.critical))
        found.append(Reason(Level.HOLD, Ground.CRITICAL, f"The company stands still without {names}."))
    if it.dependents:
        level = Level.HOLD if len(it.dependents) >= MANY_DEPENDENTS else Level.WARN
        names = ", ".join(sorted(it.dependents))
        found.append(Reason(level, Ground.BLAST, f"These fail with it: {names}."))
    if not it.known:
        # A laptop is in no plan; a service that is in none may carry anything.
        level = Level.HOLD if it.kind is TargetKind.SERVICE else Level.WARN
        found.append(Reason(level, Ground.UNKNOWN, f"The plan does not know what depends on {it.target}."))
    if it.count > 1:
        level = Level.HOLD if it.count >= MANY_TARGETS else Level.WARN
        found.append(Reason(level, Ground.MASS, f"It hits {it.count} targets at once."))
    return found


def _attacker(it: Situation) -> list[Reason]:
    if not it.tips_off or not it.stance.quiet:
        return []
    why = (
        "we only watch for now"
        if it.stance.posture is Posture.WATCH
        else "the eviction has not begun, and a part of it warns them"
    )
    return [Reason(Level.HOLD, Ground.TIPS_OFF, f"The attacker will notice, and {why}.")]


def _undoing(it: Situation) -> list[Reason]:
    found: list[Reason] = []
    if not it.undo:
        level = Level.WARN if it.second_person else Level.HOLD
        more = "" if it.second_person else ", and no second person has agreed"
        found.append(Reason(level, Ground.FINAL, f"It cannot be undone{more}."))
    elif not it.ends:
        found.append(Reason(Level.WARN, Ground.NO_END, "Nothing says when it is undone."))
    return found


_SMALLER = {
    "disconnect": "Cut off one host, or the attacker's address alone, and leave the rest running.",
    "shut-down": "Disconnect it and leave it running: its memory stays, and it is back in a minute.",
    "disable-account": "End its sessions and change its password; the account itself goes on.",
}


def _milder(it: Situation, gravest: Reason) -> str:
    smaller = _SMALLER.get(it.decision, "Do it to the smallest part first, and look.")
    match gravest.ground:
        case Ground.NO_EVIDENCE:
            return f"Save memory and logs of {it.target} first; then this is free to go."
        case Ground.BLAST | Ground.CRITICAL | Ground.UNKNOWN:
            return smaller
        case Ground.OUR_CHANNEL:
            return "Move the call to the second place first."
        case Ground.TIPS_OFF:
            return "Watch and save evidence; do this together with the rest when the eviction begins."
        case Ground.FINAL:
            return "Ask a second person to approve it, or take a step that can be undone."
        case Ground.MASS:
            return "Begin with the privileged and the known bad ones; the rest in stages."
        case Ground.NO_END:
            return "Set when it ends."
