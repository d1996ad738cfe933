"""Tokens by which a detector reports hits of a drill's events: a token has a fixed lane, and one is made for each drill."""

from dataclasses import dataclass

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.doing import Doing
from muster.app.reading import Reading
from muster.core.people import SERVER, Actor, Scope, Through
from muster.rehearse.clock import streams_of


@dataclass(frozen=True)
class DetectorLanes:
    """Makes them."""

    doing: Doing
    reading: Reading

    def token(self, caller: Caller, lane: str) -> str:
        """The secret of a new token of the caller's account, for this lane only. Raises Denied, NotFound."""
        self.doing.ask(Verb.HITS, caller)
        server = Caller(Actor(SERVER, through=Through.SERVER))
        for drill in streams_of(lane):
            self.reading.seen(server, drill)
        fields = {
            "name": f"detection in {lane}"[:200],
            "scope": Scope.REPORT_HITS.value,
            "account": caller.actor.account,
            "lane": lane,
        }
        return str(self.doing.do(Verb.TOKEN, fields, server)["secret"])
