"""The client: what a server answers, what is a refusal, and what is no server at all."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from muster.client import Client, Problem, ServerAway, new_key


def client(answer: Callable[[httpx2.Request], httpx2.Response], token: str | None = "mst_1") -> Client:
    made = Client("http://localhost:8420", token)
    headers = made._http.headers
    made.close()
    made._http = httpx2.Client(
        base_url="http://localhost:8420", headers=headers, transport=httpx2.MockTransport(answer)
    )
    return made


def said(status: int, **more: Any) -> Client:
    return client(lambda _: httpx2.Response(status, **more))


def test_what_is_sent() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"done": True})

    with client(answer) as one:
        assert one.verb("log", {"text": "é"}, key="k" * 8) == {"done": True}
        assert one.post("log") == {"done": True}
        assert one.get("signals", state="new", limit=5) == {"done": True}
        assert one.events(b"{}\n", "b1", packed=True) == {"done": True}
        assert one.download("/x") == b'{"done":true}'
    first = seen[0]
    assert str(first.url) == "http://localhost:8420/api/v1/log"
    assert first.headers["authorization"] == "Bearer mst_1"
    assert first.headers["idempotency-key"] == "k" * 8
    assert first.headers["content-type"] == "application/json"
    assert len(seen[1].headers["idempotency-key"]) == 32
    assert str(seen[2].url).endswith("signals?state=new&limit=5")
    assert (seen[3].headers["muster-batch"], seen[3].headers["content-encoding"]) == ("b1", "gzip")


def test_without_a_token_none_is_sent() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert "authorization" not in request.headers
        return httpx2.Response(204)

    assert client(answer, None).get("x") == {}


def test_a_refusal_is_a_problem_with_its_next_step() -> None:
    document = {"title": "Not found", "detail": "Nothing.", "next_step": "Look.", "theirs": "A"}
    with pytest.raises(Problem) as refused:
        said(404, json=document).get("x")
    assert str(refused.value) == "Not found: Nothing. Look."
    assert (refused.value.status, refused.value.body["theirs"]) == (404, "A")


@pytest.mark.parametrize(
    "more", [{"text": "<html>"}, {"json": ["a list"]}, {"json": None}, {}, {"content": b"\xff"}]
)
def test_a_refusal_of_something_else_is_a_problem_too(more: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        said(502, **more).get("x")
    assert str(refused.value).startswith("The server refused: Status 502.")


@pytest.mark.parametrize("more", [{"text": "<html>"}, {"content": b"\xff\xfe"}])
def test_another_server_is_not_taken_for_ours(more: dict[str, Any]) -> None:
    with pytest.raises(ServerAway, match="not Muster"):
        said(200, **more).get("x")


@pytest.mark.parametrize(
    "address", ["http://localhost:1", "http://[", "nonsense", "ftp://x", "http://\x01", "http://x:99999999"]
)
def test_a_server_that_is_not_there(address: str) -> None:
    with pytest.raises(ServerAway) as away, Client(address, timeout=2) as one:
        one.get("me")
    assert "\n" not in str(away.value)
    assert "\x01" not in str(away.value)


@pytest.mark.parametrize("token", ["mst_é", "mst_\n1"])
def test_a_token_that_cannot_be_sent(token: str) -> None:
    with pytest.raises(ServerAway) as away, Client("http://localhost:1", token) as one:
        one.get("me")
    assert token not in str(away.value)


def test_keys_are_random() -> None:
    assert len({new_key() for _ in range(100)}) == 100
