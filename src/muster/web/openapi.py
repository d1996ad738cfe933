"""The OpenAPI document: what FastAPI derives, put right where refusals are concerned.

It derives that errors are plain JSON and that input it checks itself is refused with 422. Here every refusal is a
problem document (RFC 9457), and wrong input is a 400 like all other.
"""

from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from muster.web.problems import MEDIA_TYPE, ProblemDocument

_REFUSAL = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
_UNUSED = ("HTTPValidationError", "ValidationError")
# What is sent and what comes back where it is no JSON: by the end of the path.
_DOWNLOADS = {"/export": "application/zip", "/report": "text/html", "/{sha256}": "application/octet-stream"}
_BODIES = {
    "/events": ("application/x-ndjson", "string"),
    "/detector": ("application/json", "object"),
    "/hunts": ("application/json", "object"),
}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
Tree = dict[str, Any]


def describe(app: FastAPI) -> Tree:
    """The document of an application; made once, when it is first asked for."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        app.openapi_schema = corrected(made)
    return app.openapi_schema


def corrected(document: Tree) -> Tree:
    """The document with every refusal as a problem document, and how to sign in."""
    paths = cast("dict[str, dict[str, Tree]]", document.get("paths", {}))
    for path, methods in paths.items():
        for method, operation in methods.items():
            if method in _METHODS:
                _correct(operation)
                _name_media(path, method, operation)
    components = cast("dict[str, Tree]", document.setdefault("components", {}))
    for name in _UNUSED:
        components.get("schemas", {}).pop(name, None)
    components.setdefault("schemas", {})["ProblemDocument"] = ProblemDocument.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"token": []}]
    return document


def _correct(operation: Tree) -> None:
    responses = cast("dict[str, Tree]", operation["responses"])
    responses.pop("422", None)
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            response["content"] = _REFUSAL
    if operation.get("x-muster-verb") == "report":  # who reports needs no account
        operation["security"] = [{}, {"token": []}]


def _name_media(path: str, method: str, operation: Tree) -> None:
    end = path[path.rindex("/") :]
    if method == "get" and end in _DOWNLOADS:
        operation["responses"]["200"]["content"] = {_DOWNLOADS[end]: {}}
    if method == "post" and end in _BODIES:
        media, kind = _BODIES[end]
        operation["requestBody"] = {"required": True, "content": {media: {"schema": {"type": kind}}}}
