"""The API: one route for each verb of the registry, and the reading beside them. Everything below /api/v1."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from muster.access.verbs import VERBS, Use, Verb
from muster.app.caller import Caller
from muster.app.drills import DrillView, DueView
from muster.app.evidence_intake import SentEvidence
from muster.app.planned_drills import PlannedDrillView, planned_drills
from muster.app.registry import RULES
from muster.app.views import (
    AccountRow,
    IncidentList,
    IncidentView,
    PersonView,
    ReceiptView,
    SignalList,
    SignalView,
    StatusView,
    TokenRow,
)
from muster.core.errors import BadInput
from muster.core.ids import parse_code
from muster.core.people import NOBODY
from muster.plan.ignores import Ignore
from muster.record.canonical import parse
from muster.web.api_metrics import add_metrics
from muster.web.api_plan import add_plan
from muster.web.api_rules import add_rules
from muster.web.csv_log import csv_log
from muster.web.report import policy as report_policy
from muster.web.reporting import report_of
from muster.web.safety import DOWNLOAD_POLICY
from muster.web.who import api_caller, intake_caller, muster_of

MOST_VERB_BYTES = 24 * 1024 * 1024
Signed = Annotated[Caller, Depends(api_caller)]
Anybody = Annotated[Caller, Depends(intake_caller)]
Key = Annotated[str | None, Header(alias="Idempotency-Key")]
PREFIX = "/api/v1"
# What they look like is said once, in `openapi`: a model here is compiled anew for each answer of each route.
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The input is not usable."},
    401: {"description": "Nobody is signed in."},
    403: {"description": "Not allowed."},
    404: {"description": "It does not exist, or may not be seen."},
    409: {"description": "A rule refused it, or somebody replaced it first."},
    429: {"description": "Too many requests."},
    503: {"description": "Nothing can be written now."},
}


class Taken(BaseModel):
    """A batch that is safe on disk."""

    model_config = ConfigDict(frozen=True)

    batch: str
    sha256: str
    events: int


class TokensOf(StrEnum):
    """Whose tokens are listed."""

    MINE = "mine"
    ALL = "all"


class Rules(BaseModel):
    """Rule files by path, ignores of the plan by name, lists of indicators by path. version: changes when any does."""

    version: str
    files: dict[str, str] | None = None
    ignores: dict[str, Ignore] | None = None
    indicators: dict[str, str] | None = None


@cache
def routes() -> APIRouter:
    """All routes of the API, the same for every server. Each names its verb, so that a test can walk them."""
    router = APIRouter(prefix=PREFIX, responses=_REFUSALS)
    for verb, facts in VERBS.items():
        if facts.use is Use.COMMAND:
            _add_verb(router, verb)
    _add_reading(router)
    _add_detection(router)
    return router


def _add_verb(router: APIRouter, verb: Verb) -> None:
    rule = RULES[verb]
    caller_of = intake_caller if verb is Verb.REPORT else api_caller

    async def do(request: Request, key: Key = None) -> dict[str, Any]:
        body = await request.body()
        if len(body) > MOST_VERB_BYTES:
            raise BadInput("The request is too large.", "body", "Send less at once.")
        return await run_in_threadpool(_do, verb, caller_of, request, body, key)

    schema = _inlined(rule.command.model_json_schema(ref_template="#/components/schemas/{model}"))
    if verb is Verb.HITS:  # the bytes of evidence are sent along; their hash is found here
        hit = schema["properties"]["hits"]["items"]["properties"]
        hit["evidence"]["anyOf"][0] = SentEvidence.model_json_schema()
    router.add_api_route(
        f"/{verb.value}",
        do,
        methods=["POST"],
        summary=VERBS[verb].summary,
        description=rule.command.__doc__,
        operation_id=verb.value.replace("-", "_"),
        tags=["verbs"],
        openapi_extra={
            "x-muster-verb": verb.value,
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        },
    )


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A command's schema with its definitions in place, since OpenAPI keeps them elsewhere."""
    definitions = schema.pop("$defs", {})

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(item) for item in cast("list[Any]", node)]
        if not isinstance(node, dict):
            return node
        tree = cast("dict[str, Any]", node)
        name = str(tree.get("$ref", "")).rpartition("/")[2]
        if name in definitions:
            return walk(definitions[name])
        return {key: walk(item) for key, item in tree.items()}

    return walk(schema)


def _do(
    verb: Verb,
    caller_of: Callable[[Request], Caller],
    request: Request,
    body: bytes,
    key: str | None,
) -> dict[str, Any]:
    muster, caller = muster_of(request), caller_of(request)
    if caller.actor.account == NOBODY:
        muster.reports.take(caller.source, muster.monotonic())
    fields = parse(body or b"{}", most=MOST_VERB_BYTES)
    if not isinstance(fields, dict):
        raise BadInput("The body is no object.", "body", 'Send the fields as {"field": "value"}.')
    sent = cast("dict[str, Any]", fields)
    if verb is Verb.HITS:
        return muster.evidence.report_hits(sent, caller, key)
    return muster.doing.do(verb, sent, caller, key)


def _add_reading(router: APIRouter) -> None:
    add = _Reads(router)
    _add_lists(add)
    _add_streams(add)
    _add_drills(add)
    add_plan(add)
    add_metrics(add)
    add_rules(add)
    _add_accounts(add)


class _Reads:
    """Adds reading routes, each with the verb that access is asked for."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router

    def __call__(self, path: str, verb: Verb, summary: str, handler: Callable[..., Any]) -> None:
        self._router.add_api_route(
            path,
            handler,
            methods=["GET"],
            summary=summary,
            tags=["reading"],
            openapi_extra={"x-muster-verb": verb.value},
        )


def _add_lists(add: _Reads) -> None:
    def signals(
        request: Request, caller: Signed, state: str | None = None, after: str | None = None, limit: int = 50
    ) -> SignalList:
        return muster_of(request).reading.signals(caller, state=state, after=after, limit=limit)

    def incidents(
        request: Request, caller: Signed, state: str | None = None, after: str | None = None, limit: int = 50
    ) -> IncidentList:
        return muster_of(request).reading.incidents(caller, state=state, after=after, limit=limit)

    add("/signals", Verb.SEE, "List signals, newest first.", signals)
    add("/incidents", Verb.SEE, "List incidents, newest first.", incidents)


def _add_streams(add: _Reads) -> None:
    def signal(request: Request, caller: Signed, code: str) -> SignalView:
        return muster_of(request).reading.signal(caller, code)

    def incident(
        request: Request, caller: Signed, code: str, before: Annotated[int | None, Query(ge=1)] = None
    ) -> IncidentView:
        return muster_of(request).reading.incident(caller, code, before=before)

    def evidence(request: Request, caller: Signed, code: str, sha256: str) -> Response:
        data = muster_of(request).reading.evidence(caller, code, sha256)
        return download(data, f"{sha256}.jsonl", "application/octet-stream")

    def export(request: Request, caller: Signed, code: str) -> Response:
        made = muster_of(request).exporting.export(caller, code)
        answer = download(made.data, f"{parse_code(code)}.zip", "application/zip")
        answer.headers["Muster-Not-Sealed"] = str(made.left_out)
        return answer

    def report(request: Request, caller: Signed, code: str) -> Response:
        text = report_of(muster_of(request), caller, code)
        answer = download(text.encode(), f"{parse_code(code)}.html", "text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = report_policy()
        return answer

    def log(request: Request, caller: Signed, code: str) -> Response:
        whole = muster_of(request).incidents.gather(caller, code)
        text = csv_log(whole.view.entries)
        return download(text.encode(), f"{whole.view.incident}.csv", "text/csv; charset=utf-8")

    add("/signals/{code}", Verb.SEE, "One signal.", signal)
    add("/signals/{code}/evidence/{sha256}", Verb.READ_EVIDENCE, "The bytes of evidence.", evidence)
    add("/incidents/{code}", Verb.SEE, "One incident with a page of its log.", incident)
    add("/incidents/{code}/export", Verb.EXPORT, "An incident with its proof, as a ZIP file.", export)
    add("/incidents/{code}/report", Verb.SEE, "The report of an incident, as one HTML file.", report)
    add("/incidents/{code}/log.csv", Verb.SEE, "The log of an incident as CSV.", log)
    add("/signals/{code}/export", Verb.EXPORT, "A signal with its proof, as a ZIP file.", export)


def _add_drills(add: _Reads) -> None:
    def drills(request: Request, caller: Signed) -> tuple[DrillView, ...]:
        return muster_of(request).drills.all(caller)

    def drill(request: Request, caller: Signed, code: str, *, wait: bool = False) -> DrillView:
        drills = muster_of(request).drills
        return drills.when_quiet(caller, code) if wait else drills.one(caller, code)

    def due(request: Request, caller: Signed, code: str) -> tuple[DueView, ...]:
        return muster_of(request).drills.due(caller, code)

    def planned(request: Request, caller: Signed) -> tuple[PlannedDrillView, ...]:
        muster = muster_of(request)
        return planned_drills(muster.drills, muster.world, caller, muster.clock().date())

    add("/drills", Verb.SEE, "List drills.", drills)
    add("/planned-drills", Verb.SEE, "Drills of the plan: when last held, when due.", planned)
    add("/drills/{code}", Verb.SEE, "One drill, with its clock; wait: as soon as it is quiet.", drill)
    add("/due/{code}", Verb.SEE, "What is due in an incident, a signal, a drill or the plan.", due)


def _add_accounts(add: _Reads) -> None:
    def accounts(request: Request, caller: Signed) -> tuple[AccountRow, ...]:
        return muster_of(request).reading.accounts(caller)

    def people(request: Request, caller: Signed) -> tuple[PersonView, ...]:
        return muster_of(request).reading.people(caller)

    def tokens(request: Request, caller: Signed, of: TokensOf = TokensOf.MINE) -> tuple[TokenRow, ...]:
        return muster_of(request).reading.tokens(caller, all_of_them=of is TokensOf.ALL)

    def me(request: Request, caller: Signed) -> PersonView:
        muster_of(request).reading.ask(caller, Verb.READ_ACCOUNTS)
        return PersonView(account=caller.actor.account, name=caller.name)

    def status(request: Request, caller: Signed) -> StatusView:
        muster_of(request).reading.ask(caller, Verb.READ_ACCOUNTS)
        return muster_of(request).health.status()

    def receipt(request: Request, caller: Anybody, receipt: str) -> ReceiptView:
        muster = muster_of(request)
        if caller.actor.account == NOBODY:
            muster.reports.take(caller.source, muster.monotonic())
        return muster.reading.receipt(receipt)

    add("/accounts", Verb.READ_ACCOUNTS, "List accounts.", accounts)
    add("/people", Verb.READ_ACCOUNTS, "List people with an account in use.", people)
    add("/tokens", Verb.READ_ACCOUNTS, "List your tokens, or all of them.", tokens)
    add("/me", Verb.READ_ACCOUNTS, "Who this token belongs to.", me)
    add("/status", Verb.READ_ACCOUNTS, "How the server is.", status)
    add("/receipts/{receipt}", Verb.REPORT, "Where a report stands.", receipt)


async def _says(request: Request) -> dict[str, Any]:
    """What a process says of itself. Raises BadInput."""
    said = parse(await request.body(), most=MOST_VERB_BYTES)
    if not isinstance(said, dict):
        raise BadInput("The body is no object.", "body", "Send what the process says of itself.")
    return cast("dict[str, Any]", said)


def _add_detection(router: APIRouter) -> None:
    async def events(
        request: Request,
        caller: Signed,
        batch: Annotated[str, Header(alias="Muster-Batch")],
        encoding: Annotated[str, Header(alias="Content-Encoding")] = "",
    ) -> Taken:
        data = await request.body()
        muster = muster_of(request)
        if encoding not in ("", "identity", "gzip"):
            raise BadInput("This encoding is not understood.", "Content-Encoding", "Send gzip, or none.")

        def accept() -> Taken:
            taken = muster.events.accept(caller, batch, data, packed=encoding == "gzip", now=muster.clock())
            return Taken(batch=taken.batch, sha256=taken.sha256, events=taken.events)

        return await run_in_threadpool(accept)

    def rules(request: Request, caller: Signed, known: str = "") -> Rules:
        muster = muster_of(request)
        muster.reading.ask(caller, Verb.READ_RULES)
        version = muster.rules.version()
        if version == known:
            return Rules(version=version)
        read = muster.rules.read()
        return Rules(
            version=read.version,
            files=read.files,
            ignores=dict(read.ignores),
            indicators=dict(read.indicators),
        )

    async def detector(request: Request, caller: Signed) -> dict[str, str]:
        muster = muster_of(request)
        muster.reading.ask(caller, Verb.READ_RULES)
        said = await _says(request)
        await run_in_threadpool(muster.health.detector_says, said, muster.clock())
        return {"kept": "yes"}

    async def hunts(request: Request, caller: Signed) -> dict[str, str]:
        muster = muster_of(request)
        await run_in_threadpool(muster.hunts.says, caller, await _says(request), muster.clock())
        return {"kept": "yes"}

    async def lane(request: Request, caller: Signed) -> dict[str, str]:
        muster = muster_of(request)
        muster.reading.ask(caller, Verb.READ_RULES)
        said = parse(await request.body(), most=MOST_VERB_BYTES)
        told = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
        wanted = told.get("lane")
        if not isinstance(wanted, str):
            raise BadInput("The lane is missing.", "lane", "Name the lane of the events.")
        return {"secret": await run_in_threadpool(muster.detector_lanes.token, caller, wanted)}

    def add(path: str, verb: Verb, method: str, summary: str, handler: Callable[..., Any]) -> None:
        router.add_api_route(
            path,
            handler,
            methods=[method],
            summary=summary,
            tags=["detection"],
            openapi_extra={"x-muster-verb": verb.value},
        )

    add("/events", Verb.POST_EVENTS, "POST", "Post a batch of events (JSON lines).", events)
    add("/rules", Verb.READ_RULES, "GET", "The Sigma rules to match.", rules)
    add("/detector", Verb.READ_RULES, "POST", "What the detection process says of itself.", detector)
    add("/hunts", Verb.READ_RULES, "POST", "How far a hunt over stored events is.", hunts)
    add("/detector/lane", Verb.READ_RULES, "POST", "A token to report hits of a drill's events.", lane)


def download(data: bytes, name: str, media_type: str) -> Response:
    """Bytes as a download that no browser runs."""
    return Response(
        data,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": DOWNLOAD_POLICY,
        },
    )
