"""Where we talk: the call, the room, and a second place outside the company's systems (CISA App. C; MS-P)."""

from muster.plan.part import Line, Part
from muster.plan.people import Channel, ChannelKind


class Meeting(Part):
    """A place to talk. outside: it needs nothing that the company runs, not even its sign-in."""

    what: Line
    address: Line
    how: Line
    outside: bool = False

    @property
    def host(self) -> str:
        """The name of the machine, as `Channel.host` reads it."""
        return Channel(kind=ChannelKind.WEB, address=self.address).host


class Talking(Part):
    """The file talking.yaml. second: for when the first is down, or when the attacker may be listening."""

    call: Meeting
    room: Meeting
    second: Meeting
    manners: tuple[Line, ...] = ()
