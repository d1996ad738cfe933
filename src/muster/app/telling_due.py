"""Entries of effects, calls, timers and drills told to people: their headings and sentences."""

from collections.abc import Callable, Mapping
from typing import Any

Names = Mapping[str, str]
Tree = dict[str, Any]

TITLES: Mapping[str, str] = {
    "effect.asked": "To be sent or done",
    "effect.tried": "Being tried",
    "effect.done": "Done",
    "effect.failed": "Failed",
    "effect.unsure": "Nobody knows whether it happened",
    "effect.settled": "What became of it",
    "call.asked": "Called",
    "call.acknowledged": "Somebody is on it",
    "call.unanswered": "Nobody answered",
    "timer.set": "Timer set",
    "timer.fired": "Timer",
    "timer.cancelled": "Timer cancelled",
    "drill.started": "Drill started",
    "drill.clock": "Clock of the drill",
    "drill.joined": "Joined the drill",
    "drill.left": "Left the drill",
    "drill.ended": "Drill ended",
}


def _asked(tree: Tree, _names: Names) -> str:
    return f"{tree['sort']} by {tree['channel']}: {tree['subject'] or tree['text']}"


def _tried(tree: Tree, _names: Names) -> str:
    marks = [mark for mark, field in (("may be a repeat", "repeat"), ("dry run", "dry_run")) if tree[field]]
    return f"attempt {tree['attempt']}" + (f" ({', '.join(marks)})" if marks else "")


def _failed(tree: Tree, _names: Names) -> str:
    then = f"next try {tree['next'][:19]}Z" if tree["next"] else "given up"
    return f"{tree['reason']} {then[0].upper()}{then[1:]}."


def _unsure(tree: Tree, _names: Names) -> str:
    return f"Attempt {tree['attempt']} broke off. Find out whether it happened, and say so."


def _called(tree: Tree, _names: Names) -> str:
    whom = tree["people"][tree["place"]]["person"]
    return f"{whom} ({tree['occasion']}), until {tree['until'][:19]}Z"


def _timer(tree: Tree, _names: Names) -> str:
    return f"{tree['purpose']}, {tree['due'][:19]}Z"


def _clock(tree: Tree, _names: Names) -> str:
    speed = f"{tree['n']}/{tree['d']} of the wall clock's speed" if tree["n"] else "it stands"
    return f"{tree['cause']}: {tree['t'][:19]}Z, {speed}"


SENTENCES: Mapping[str, Callable[[Tree, Names], str]] = {
    "effect.asked": _asked,
    "effect.tried": _tried,
    "effect.done": lambda tree, _names: str(tree["answer"]),
    "effect.failed": _failed,
    "effect.unsure": _unsure,
    "effect.settled": lambda tree, _names: str(tree["became"]),
    "call.asked": _called,
    "call.unanswered": lambda tree, _names: f"The whole list was called {tree['turns']} times.",
    "timer.set": _timer,
    "timer.fired": _timer,
    "drill.started": lambda tree, _names: f"{tree['exercise']} (seed {tree['seed']})",
    "drill.clock": _clock,
}
