"""Reading route of the metrics: times with n, reality and each drill by itself."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.metrics import Metrics, MetricsView
from muster.web.who import api_caller, muster_of

Signed = Annotated[Caller, Depends(api_caller)]
Add = Callable[[str, Verb, str, Callable[..., Any]], None]


def add_metrics(add: Add) -> None:
    """Adds it; `add` takes path, verb, line of help and function."""

    def metrics(
        request: Request, caller: Signed, since: Annotated[str, Query(max_length=40)] = ""
    ) -> MetricsView:
        muster = muster_of(request)
        found = Metrics(muster.reading, muster.world, muster.door.ledger, muster.clock)
        return found.measured(caller, since or None)

    add("/metrics", Verb.SEE, "Times of incidents with n, reality and each drill by itself.", metrics)
