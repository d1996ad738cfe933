"""Reporting something odd without an account, and asking with the receipt what became of it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.views import ReceiptView
from muster.core.errors import MusterError
from muster.respond.signal import Outcome, SignalState
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried, fields_of
from muster.web.pages.frame import Frame, anybody
from muster.web.who import intake_caller

_STANDS = {
    SignalState.NEW.value: "Your report arrived. Nobody has looked at it yet.",
    SignalState.ACKNOWLEDGED.value: "Somebody is looking at your report.",
    SignalState.ATTACHED.value: "Your report belongs to an incident that people are working on.",
    SignalState.DISMISSED.value: "Your report was looked at, and it is settled.",
}
_OUTCOMES = {
    Outcome.FALSE_ALARM.value: "It turned out to be a false alarm. Reporting it was right.",
    Outcome.DUPLICATE.value: "Somebody else had reported the same before; it is being handled there.",
    Outcome.POLICY_MATTER.value: "It is a policy matter and was handed on.",
    Outcome.VULNERABILITY.value: "It is a vulnerability and is being handled as one.",
    Outcome.NOT_OURS.value: "It is not ours to handle.",
}


def words(view: ReceiptView) -> tuple[str, ...]:
    """Where a report stands, in plain words."""
    stands = _STANDS.get(view.state, f"Your report is {view.state}.")
    outcome = _OUTCOMES.get(view.outcome or "")
    return (stands, outcome) if outcome else (stands,)


@dataclass(frozen=True)
class _Intake:
    frame: Frame

    def ask(self, request: Request) -> Response:
        return self._page(request, NOTHING_TRIED, "")

    def _page(self, request: Request, tried: Tried, receipt: str) -> Response:
        return self.frame.page(
            "report_odd.html", anybody(request), tried=tried, title="Report something odd", receipt=receipt
        )

    def _counted(self, request: Request) -> Caller:
        """Who asks; somebody without an account has a quota. Raises TooMany."""
        muster, me = self.frame.muster, intake_caller(request)
        if not me.actor.signed_in:
            muster.reports.take(me.source, muster.monotonic())
        return me

    def take(self, request: Request, form: PostedForm) -> Response:
        try:
            me = self._counted(request)
            answer = self.frame.muster.doing.do(Verb.REPORT, fields_of(Verb.REPORT, form, {}), me, form.key)
        except MusterError as error:
            return self._page(request, Tried("report", form, error), "")
        return self._page(request, NOTHING_TRIED, str(answer["receipt"]))

    def ask_receipt(self, request: Request) -> Response:
        return self._receipt(request, NOTHING_TRIED, None)

    def _receipt(self, request: Request, tried: Tried, view: ReceiptView | None) -> Response:
        return self.frame.page(
            "receipt.html",
            anybody(request),
            tried=tried,
            title="What became of a report",
            found=view,
            words=words(view) if view else (),
        )

    def show_receipt(self, request: Request, form: PostedForm) -> Response:
        try:
            self._counted(request)
            view = self.frame.muster.reading.receipt(form.one("receipt"))
        except MusterError as error:
            return self._receipt(request, Tried("receipt", form, error), None)
        return self._receipt(request, NOTHING_TRIED, view)


def routes(frame: Frame) -> APIRouter:
    """/report and /receipt."""
    pages = _Intake(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/report")(pages.ask)
    router.post("/report")(pages.take)
    router.get("/receipt")(pages.ask_receipt)
    router.post("/receipt")(pages.show_receipt)
    return router
