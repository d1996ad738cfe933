"""Reading routes of the plan: what is in force, versions of the repository, lines, lessons."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.holes import HoleView
from muster.app.log_sources import HoleKind, LogHole
from muster.app.plan_view import ChangeView, LessonView, PlanView, VersionView
from muster.web.who import api_caller, muster_of

Signed = Annotated[Caller, Depends(api_caller)]
Add = Callable[[str, Verb, str, Callable[..., Any]], None]


def add_plan(add: Add) -> None:
    """Adds them; `add` takes path, verb, line of help and function."""

    def plan(request: Request, caller: Signed) -> PlanView:
        return muster_of(request).plan.now(caller)

    def version(request: Request, caller: Signed, commit: str) -> VersionView:
        return muster_of(request).plan.version(caller, commit)

    def lines(
        request: Request, caller: Signed, beginning: Annotated[str, Query(max_length=400)] = ""
    ) -> tuple[ChangeView, ...]:
        return muster_of(request).plan.lines(caller, beginning)

    def lessons(request: Request, caller: Signed) -> tuple[LessonView, ...]:
        return muster_of(request).plan.lessons(caller)

    def holes(request: Request, caller: Signed) -> tuple[HoleView | LogHole, ...]:
        muster = muster_of(request)
        more = (one for one in muster.log_sources.register(caller).holes if one.kind is not HoleKind.NO_RULE)
        return (*muster.holes.now(caller), *more)

    add(
        "/holes",
        Verb.SEE,
        "Log sources that no rule reads or that are silent, rules that miss fields, do not load or raise.",
        holes,
    )
    add("/plan", Verb.SEE, "The plan in force, and what waits for approval.", plan)
    add(
        "/plan/versions/{commit}",
        Verb.SEE,
        "One version of the plan's repository; `head` is the newest.",
        version,
    )
    add("/plan/lines", Verb.SEE, "The lines of the plan in force by their ids.", lines)
    add("/lessons", Verb.SEE, "List lessons, newest first.", lessons)
