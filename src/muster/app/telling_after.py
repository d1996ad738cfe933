"""Entries of disclosure, of learning and of the plan told to people: their headings and sentences."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from muster.app.telling_work import short

Names = Mapping[str, str]
Tree = dict[str, Any]

TITLES: Mapping[str, str] = {
    "fact.answered": "Question of the plan answered",
    "scope.declared": "Scope of an obligation",
    "anchor.recorded": "What starts a clock",
    "anchor.withdrawn": "What started a clock, taken back",
    "obligation.filed": "Notice filed",
    "receipt.kept": "Receipt",
    "obligation.delayed": "Notice held back",
    "statement.drafted": "Statement drafted",
    "statement.checked": "Statement checked",
    "statement.approved": "Statement approved",
    "statement.sent": "Statement sent",
    "review.scheduled": "Review scheduled",
    "review.held": "Review held",
    "cause.found": "Cause",
    "cause.withdrawn": "Cause withdrawn",
    "causes.not-sought": "No causes are sought",
    "lesson.noted": "Lesson noted",
    "lesson.taken": "Lesson taken",
    "lessons.none": "No lesson",
    "lesson.agreed": "Lesson agreed",
    "lesson.diffed": "Lesson written as a change of the plan",
    "lesson.approved": "Change of the plan approved",
    "lesson.tested": "Change of the plan tested",
    "lesson.dropped": "Lesson dropped",
    "plan.approved": "Plan approved",
}


def _people(accounts: Iterable[str], names: Names) -> str:
    return ", ".join(names.get(account, "somebody") for account in accounts)


def _anchor(tree: Tree, _names: Names) -> str:
    return f"{tree['anchor']}, for {tree['obligation']}" if tree["obligation"] else str(tree["anchor"])


def _drafted(tree: Tree, _names: Names) -> str:
    text = "\n\n".join(str(sentence["text"]) for sentence in tree["sentences"])
    return f"For: {tree['audience']}. {tree['subject']}\n\n{text}"


def _checked(tree: Tree, _names: Names) -> str:
    return f"To mend: {', '.join(tree['problems'])}" if tree["problems"] else "Nothing to mend."


def _sent(tree: Tree, _names: Names) -> str:
    return f"to {tree['effects']} recipient{'s' * (tree['effects'] != 1)}"


def _scheduled(tree: Tree, names: Names) -> str:
    lead = f", led by {names.get(str(tree['lead']), 'somebody')}" if tree["lead"] else ""
    return f"by {short(tree['due'])}{lead}"


def _cause(tree: Tree, _names: Names) -> str:
    return f"{tree['cause']}{' (an opinion: no evidence yet)' if tree['opinion'] else ''}: {tree['text']}"


def _diffed(tree: Tree, _names: Names) -> str:
    return ", ".join(f"{line['file']}:{line['line']}" for line in tree["lines"])


SENTENCES: Mapping[str, Callable[[Tree, Names], str]] = {
    "fact.answered": lambda tree, _names: f"{tree['fact']}: {tree['answer']}",
    "scope.declared": lambda tree, _names: f"{tree['obligation']} is for us: {tree['ours']}",
    "anchor.recorded": _anchor,
    "obligation.filed": lambda tree, _names: f"{tree['obligation']}/{tree['stage']}",
    "obligation.delayed": lambda tree, _names: (
        f"{tree['obligation']}/{tree['stage']}, until {short(tree['until'])}"
    ),
    "statement.drafted": _drafted,
    "statement.checked": _checked,
    "statement.sent": _sent,
    "review.scheduled": _scheduled,
    "review.held": lambda tree, names: f"with {_people(tree['people'], names)}",
    "cause.found": _cause,
    "lesson.agreed": lambda tree, names: (
        f"{names.get(str(tree['owner']), 'somebody')}, by {short(tree['due'])}"
    ),
    "lesson.diffed": _diffed,
    "lesson.approved": lambda tree, _names: f"commit {tree['commit'][:12]}",
    "lesson.tested": lambda tree, _names: f"by {tree['drill']}: {', '.join(tree['lines'])}",
    "plan.approved": lambda tree, _names: f"commit {tree['commit'][:12]}",
}
