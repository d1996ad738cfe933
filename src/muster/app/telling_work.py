"""Entries of work told to people: tasks, decisions, evidence, milestones, services, posture, actions and runs."""

from collections.abc import Callable, Mapping
from typing import Any

Names = Mapping[str, str]
Tree = dict[str, Any]

TITLES: Mapping[str, str] = {
    "work.corrected": "Words corrected",
    "task.given": "Task given",
    "task.assigned": "Task assigned",
    "task.accepted": "Task taken up",
    "task.reported": "Task reported",
    "task.done": "Task done",
    "task.dropped": "Task dropped",
    "decision.asked": "Decision asked for",
    "decision.put": "Decision put to",
    "decision.made": "Decision",
    "decision.withdrawn": "Decision no longer asked for",
    "evidence.received": "Evidence received",
    "evidence.described": "Evidence described",
    "evidence.offered": "Evidence offered",
    "evidence.accepted": "Evidence accepted",
    "evidence.verified": "Evidence verified",
    "evidence.accessed": "Evidence looked into",
    "milestone.claimed": "Milestone",
    "milestone.revoked": "Milestone revoked",
    "attacker.seen-again": "Attacker seen again",
    "service.lost": "Service lost",
    "service.restored": "Service restored",
    "posture.set": "Posture",
    "action.proposed": "Action proposed",
    "action.approved": "Action approved",
    "action.started": "Action started",
    "action.done": "Action done",
    "action.failed": "Action failed",
    "action.verified": "Action verified",
    "action.undone": "Action undone",
    "action.made-permanent": "Action made permanent",
    "action.withdrawn": "Action withdrawn",
    "run.started": "Playbook begun",
    "step.offered": "Step offered",
    "step.started": "Step taken",
    "step.done": "Step done",
    "step.failed": "Step failed",
    "step.waiting": "Step waits",
    "step.approved": "Step agreed to",
    "step.skipped": "Step left out",
    "step.compensated": "Step undone",
    "run.ended": "Playbook ended",
    "incident.repinned": "Put under another plan",
}


def short(at: object) -> str:
    """A stored time to the minute, for a sentence."""
    text = str(at or "")
    return f"{text[:10]} {text[11:16]} UTC" if text else "no set time"


def _assigned(tree: Tree, names: Names) -> str:
    to = names.get(str(tree["owner"]), "somebody")
    former = f", from {names.get(str(tree['former']), 'somebody')}" if tree["former"] else ""
    warned = " Hands-on work for the commander: nobody leads meanwhile." if tree["to_commander"] else ""
    return f"{to}{former}; due {short(tree['due'])}, reported every {tree['every']} minutes.{warned}"


def _asked(tree: Tree, _names: Names) -> str:
    options = f" Options: {'; '.join(tree['options'])}." if tree["options"] else ""
    return f"{tree['text']}{options}"


def _put(tree: Tree, names: Names) -> str:
    to = names.get(str(tree["to"]), "somebody") if tree["to"] else f"the {tree['role']}"
    return f"{to}, by {short(tree['by'])}"


def _made(tree: Tree, _names: Names) -> str:
    under = f" Under: {tree['authority']}." if tree["authority"] else ""
    against = f" Objections: {tree['objections']}" if tree["objections"] else ""
    return f"{tree['text']}\nBecause: {tree['reason']}{under}{against}"


def _received(tree: Tree, _names: Names) -> str:
    about = f" of {', '.join(tree['of'])}" if tree["of"] else ""
    return f"{tree['size']} bytes{about}, SHA-256 {tree['sha256']}"


def _described(tree: Tree, names: Names) -> str:
    collector = names.get(str(tree["collector"]), str(tree["collector"]))
    more = f"\n{tree['text']}" if tree["text"] else ""
    return f"{tree['name']}, from {tree['place']}, collected by {collector}{more}"


def _verified(tree: Tree, _names: Names) -> str:
    if tree["equal"]:
        return "The bytes are what was received."
    return "The bytes are not what was received." if tree["found"] else "The bytes are gone."


def _restored(tree: Tree, _names: Names) -> str:
    early = ", before something that it needs" if tree["early"] else ""
    backup = f", from a copy of {short(tree['backup_taken'])}" if tree["backup_taken"] else ""
    return f"{tree['service']}{early}{backup}"


def _posture(tree: Tree, _names: Names) -> str:
    return f"{tree['posture']}; the eviction begins now" if tree["begun"] else str(tree["posture"])


def _proposed(tree: Tree, _names: Names) -> str:
    undo = f"Undone by: {tree['undo']}" if tree["undo"] else "It cannot be undone."
    return f"{tree['action']} {tree['target']}: {tree['purpose']}\nHarm: {tree['harm']}\n{undo}"


def _offered(tree: Tree, names: Names) -> str:
    to = names.get(str(tree["to"]), "somebody") if tree["to"] else "nobody"
    instead = f" (nobody is {tree['role']})" if tree["unfilled"] else f" ({tree['role']})"
    until = f", until {short(tree['until'])}" if tree["until"] else ""
    return f"{tree['step']}: {to}{instead}{until}"


def _done(tree: Tree, _names: Names) -> str:
    choice = f": {tree['choice']}" if tree["choice"] else ""
    return f"{tree['step']}{choice}{' (by time, by nobody)' if tree['by_time'] else ''}"


def _step(tree: Tree, _names: Names) -> str:
    return str(tree["step"])


def _ended(tree: Tree, _names: Names) -> str:
    times = tree["deviations"]
    left = "the plan was not left" if not times else f"the plan was left {times} time{'s' * (times > 1)}"
    return f"{tree['outcome']}; {left}"


SENTENCES: Mapping[str, Callable[[Tree, Names], str]] = {
    "task.assigned": _assigned,
    "decision.asked": _asked,
    "decision.put": _put,
    "decision.made": _made,
    "evidence.received": _received,
    "evidence.described": _described,
    "evidence.offered": lambda tree, names: f"to {names.get(str(tree['to']), 'somebody')}",
    "evidence.accepted": lambda tree, names: f"from {names.get(str(tree['former']), 'somebody')}",
    "evidence.verified": _verified,
    "evidence.accessed": lambda tree, _names: str(tree["purpose"]),
    "milestone.claimed": lambda tree, _names: str(tree["milestone"]),
    "milestone.revoked": lambda tree, _names: str(tree["milestone"]),
    "service.lost": lambda tree, _names: str(tree["service"]),
    "service.restored": _restored,
    "posture.set": _posture,
    "action.proposed": _proposed,
    "action.approved": lambda tree, _names: f"as {tree['role']}, until {short(tree['until'])}",
    "action.started": lambda tree, _names: "without a second person's approval" if tree["alone"] else "",
    "action.done": lambda tree, _names: f"It holds until {short(tree['until'])}." if tree["until"] else "",
    "run.started": lambda tree, _names: str(tree["playbook"]),
    "step.offered": _offered,
    "step.started": _step,
    "step.done": _done,
    "step.failed": _step,
    "step.waiting": lambda tree, _names: f"{tree['step']}, until {short(tree['until'])}",
    "step.approved": lambda tree, _names: f"{tree['step']}, as {tree['role']}",
    "step.skipped": _step,
    "step.compensated": _step,
    "run.ended": _ended,
    "incident.repinned": lambda tree, _names: f"{tree['former'][:12]} before, {tree['commit'][:12]} now",
}
