"""The detector's clients, one for each lane: a token has a fixed lane, so hits of a drill's events are reported by its own."""

from dataclasses import dataclass, field

from muster.client import Client
from muster.record.lane import REAL


@dataclass
class LaneClients:
    """Asks the server for a token of a lane when events of that lane come first."""

    client: Client
    _others: dict[str, Client] = field(default_factory=dict[str, Client])

    def of(self, lane: str) -> Client:
        """The client that reports in this lane. Raises Problem, ServerAway."""
        if lane == REAL:
            return self.client
        if lane not in self._others:
            minted = self.client.post("detector/lane", {"lane": lane})
            self._others[lane] = self.client.with_token(str(minted["secret"]))
        return self._others[lane]

    def forget(self) -> None:
        """Asks anew from now on: a token may have been revoked."""
        for client in self._others.values():
            client.close()
        self._others.clear()
