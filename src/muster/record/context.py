"""The context of a command: all that a rule may know beside the states (design, "The rules are pure")."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from muster.core.people import Actor


@dataclass(frozen=True, slots=True)
class PlanCommits:
    """Both plans by commit: in force (what the world is) and pinned (what was agreed)."""

    in_force: str
    pinned: str


@dataclass(frozen=True, slots=True)
class Context:
    """Actor, now, plans, and the ids to use.

    now: the server's wall clock, aware, UTC. lane_now: the lane's clock where it is another (a drill's). seed: 32 random bytes drawn for this one command; it is never
    stored, so that a secret derived from it (a receipt) cannot be derived again from what is stored.
    """

    actor: Actor
    now: datetime
    plans: PlanCommits
    seed: bytes
    lane_now: datetime | None = None

    @property
    def instant(self) -> datetime:
        """The lane's now: when what happens now happens, and from when on something is due."""
        return self.now if self.lane_now is None else self.lane_now

    def id(self, purpose: str, number: int = 0) -> str:
        """An opaque id, 32 hex digits, the same at each asking."""
        return self._drawn(purpose, number).hex()[:32]

    def secret(self, purpose: str) -> bytes:
        """32 secret bytes for this purpose, the same at each asking."""
        return self._drawn(f"secret {purpose}", 0)

    def _drawn(self, purpose: str, number: int) -> bytes:
        return hashlib.sha256(self.seed + b"\0" + f"{purpose}/{number}".encode()).digest()
