"""The detector's clients, one for each lane: a token has a fixed lane, so hits of a drill's events are reported by its own."""

from dataclasses import dataclass, field

from muster.client import Client
from muster.record.lane import REAL


@dataclass
class LaneClients:
    """Asks the server for a token of a lane when events of that lane come first."""

    client: Client
    _known: dict[str, Client] = field(init=False)

    def __post_init__(self) -> None:
        self._known = {REAL: self.client}

    def of(self, lane: str) -> Client:
        """The client that reports in this lane. Raises Problem, ServerAway."""
        found = self._known.get(lane)
        if found is None:
            minted = self.client.post("detector/lane", {"lane": lane})
            found = self._known[lane] = self.client.with_token(str(minted["secret"]))
        return found

    def forget(self) -> None:
        """Asks anew from now on: a token may have been revoked."""
        del self._known[REAL]
        for client in self._known.values():
            client.close()
        self._known = {REAL: self.client}
