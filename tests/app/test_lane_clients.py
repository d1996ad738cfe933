"""A client for each lane: reality's own, and a token asked for once for each drill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.app.lane_clients import LaneClients


@dataclass
class Server:
    asked: list[str] = field(default_factory=list[str])
    closed: list[str] = field(default_factory=list[str])
    secret: str = ""

    def post(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        assert path == "detector/lane"
        self.asked.append(str(fields["lane"]))
        return {"secret": f"secret of {fields['lane']}"}

    def with_token(self, secret: str) -> "Server":
        return Server(closed=self.closed, secret=secret)

    def close(self) -> None:
        self.closed.append(self.secret)


def test_each_lane_has_its_own_and_is_asked_for_once() -> None:
    server = Server()
    clients = LaneClients(server)  # pyright: ignore[reportArgumentType] - it answers alike
    assert clients.of("real") is server
    one, again = clients.of("drill:A"), clients.of("drill:A")
    assert one is again
    assert clients.of("drill:B") is not one
    assert server.asked == ["drill:A", "drill:B"]
    clients.forget()
    assert sorted(server.closed) == ["secret of drill:A", "secret of drill:B"]
    assert clients.of("drill:A") is not one
