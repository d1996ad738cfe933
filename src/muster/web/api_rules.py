"""Reading routes of the rulebook: rules with what came of them, and the coverage seen firing."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.indicator_book import IndicatorsView
from muster.app.log_sources import RegisterView
from muster.app.rulebook import CoveredView, RulesView
from muster.web.who import api_caller, muster_of

Signed = Annotated[Caller, Depends(api_caller)]
Add = Callable[[str, Verb, str, Callable[..., Any]], None]


def add_rules(add: Add) -> None:
    """Adds them; `add` takes path, verb, line of help and function."""

    def rulebook(request: Request, caller: Signed) -> RulesView:
        return muster_of(request).rulebook.all(caller)

    def coverage(request: Request, caller: Signed) -> tuple[CoveredView, ...]:
        return muster_of(request).rulebook.covered(caller)

    def layer(request: Request, caller: Signed) -> Mapping[str, object]:
        return muster_of(request).rulebook.layer(caller)

    def log_sources(request: Request, caller: Signed) -> RegisterView:
        return muster_of(request).log_sources.register(caller)

    add(
        "/log-sources",
        Verb.SEE,
        "Log sources, planned and seen, with rate, lag, last seen and holes.",
        log_sources,
    )

    def indicators(request: Request, caller: Signed, value: str = "") -> IndicatorsView:
        return muster_of(request).indicators.all(caller, value)

    add(
        "/indicators",
        Verb.SEE,
        "Lists of indicators in force: counts, left out, fired; and where a value stands.",
        indicators,
    )
    add(
        "/rulebook",
        Verb.SEE,
        "Rules in force: loaded or not, tests, what fired, false alarms with n.",
        rulebook,
    )
    add("/coverage", Verb.SEE, "Techniques seen firing, reality and drills apart.", coverage)
    add("/coverage/layer", Verb.SEE, "The same as a layer for the ATT&CK Navigator.", layer)
