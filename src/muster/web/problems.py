"""Errors as problem documents (RFC 9457), with the next step for a person."""

from typing import Any

from pydantic import BaseModel

from muster.core.errors import Conflict, MusterError, TooMany
from muster.core.text import shown


class ProblemDocument(BaseModel):
    """An error of the API. `next_step` says what a person can do; `theirs` and `yours` are there after a conflict."""

    type: str
    title: str
    status: int
    detail: str
    where: str = ""
    next_step: str = ""
    theirs: str | None = None
    yours: str | None = None
    version: int | None = None


MEDIA_TYPE = "application/problem+json"


def document(error: MusterError) -> dict[str, Any]:
    """The problem document of an error, as plain JSON data without empty members."""
    both = (error.theirs, error.yours, error.version) if isinstance(error, Conflict) else (None, None, None)
    problem = ProblemDocument(
        type=f"urn:muster:problem:{error.slug}",
        title=error.title,
        status=error.status,
        detail=shown(error.what),
        where=shown(error.where),
        next_step=shown(error.mend),
        theirs=both[0],
        yours=both[1],
        version=both[2],
    )
    return problem.model_dump(exclude_none=True)


def extra_headers(error: MusterError) -> dict[str, str]:
    """Headers that belong to an error."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
