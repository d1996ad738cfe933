"""A thin client of a running server: what the command line, the detector and the demo speak through.

It imports nothing else of Muster, so that it can be taken as an example of how to use the API.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, cast

import httpx2

Json = dict[str, Any]


@dataclass
class Problem(Exception):
    """What the server answered instead (RFC 9457): status, title, what happened, and the next step."""

    status: int
    title: str
    detail: str
    next_step: str
    body: Json = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.title}: {self.detail} {self.next_step}".strip()


class ServerAway(Exception):
    """The server does not answer; nothing is known of whether it did the work. Send it again with the same key."""


def new_key() -> str:
    """An idempotency key: send a request again with it, and it is done once."""
    return secrets.token_hex(16)


class Client:
    """Calls of one server with one token.

    token: what `muster token` or the accounts page gave; None for what needs no account.
    """

    def __init__(self, server: str, token: str | None = None, *, timeout: float = 30.0) -> None:
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._server, self._timeout = server, timeout
        try:
            self._http = httpx2.Client(base_url=server, headers=headers, timeout=timeout, trust_env=False)
        except (httpx2.InvalidURL, ValueError) as error:
            raise ServerAway(_away(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def with_token(self, token: str) -> "Client":
        """Another client of the same server, with another token."""
        return Client(self._server, token, timeout=self._timeout)

    def use_link(self, link: str, password: str, **names: str) -> None:
        """Uses a one-time link: sets a password, and signs in with the first one of an account.

        names: for the first administrator, `name` and `sign_in`.
        """
        self._form(link, {"password": password, "password_again": password, **names})

    def sign_in(self, sign_in: str, password: str) -> None:
        """Signs in as a person; the session's cookie goes along from then on."""
        self._form("/sign-in", {"sign_in": sign_in, "password": password})

    def _form(self, path: str, fields: Mapping[str, str]) -> None:
        self._ask("POST", path, data=dict(fields), headers={"Accept": "text/html"})

    def get(self, path: str, **query: str | int) -> Any:
        """What stands at a path below `/api/v1`. Raises Problem, ServerAway."""
        return self._send("GET", path, params={name: str(value) for name, value in query.items()})

    def post(self, path: str, fields: Mapping[str, Any] | None = None, *, key: str | None = None) -> Json:
        """Does a verb: its fields in, its answer out. key: an idempotency key; drawn when None."""
        return self._send(
            "POST",
            path,
            content=json.dumps(dict(fields or {})).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": key or new_key()},
        )

    def verb(self, verb: str, fields: Mapping[str, Any], *, key: str | None = None) -> Json:
        """Does a verb of the registry; what it acts on is one of its fields."""
        return self.post(verb, fields, key=key)

    def events(self, lines: bytes, batch: str, *, packed: bool = False) -> Json:
        """Posts a batch of events (JSON lines; packed: as gzip). The answer comes when they are safe on disk."""
        headers = {"Content-Type": "application/x-ndjson", "Muster-Batch": batch}
        if packed:
            headers["Content-Encoding"] = "gzip"
        return self._send("POST", "events", content=lines, headers=headers)

    def download(self, path: str) -> bytes:
        """The bytes at a path of the server, outside `/api/v1` too (a report, an export)."""
        return self._ask("GET", path).content

    def _send(self, method: str, path: str, **more: Any) -> Any:
        answer = self._ask(method, f"/api/v1/{path}", **more)
        try:
            return answer.json() if answer.content else {}
        except ValueError as error:
            raise ServerAway("What answers there is not Muster. Is the address right?") from error

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx2.HTTPError as error:
            raise ServerAway(_away(error)) from error
        except (httpx2.InvalidURL, ValueError) as error:
            # The address or a header cannot be sent at all; what it holds is not repeated.
            raise ServerAway(_away(error)) from error
        if answer.status_code >= 400:
            raise _problem(answer)
        return answer


def _away(error: Exception) -> str:
    return f"The server does not answer ({type(error).__name__}). Is it running, and is the address right?"


def _problem(answer: httpx2.Response) -> Problem:
    try:
        found: object = answer.json()
    except ValueError:
        found = None
    body = cast("Json", found) if isinstance(found, dict) else {}
    return Problem(
        answer.status_code,
        str(body.get("title", "The server refused")),
        str(body.get("detail", f"Status {answer.status_code}.")),
        str(body.get("next_step", "")),
        body,
    )
