"""`Visible`, the rule of access as data, turned into SQL. Nobody else writes conditions about who may see what."""

from sqlalchemy import ColumnElement, Table, and_, exists, false, literal, or_, true

from muster.access.may import AllOf, Always, AnyOf, LaneIs, Member, Never, SecrecyIn, TypeIn, Visible
from muster.core.ids import StreamType
from muster.store import schema


def condition(visible: Visible, table: Table, kind: StreamType) -> ColumnElement[bool]:
    """The WHERE of a list of signals or incidents (its table has stream, lane and secrecy)."""
    match visible:
        case Never():
            return false()
        case Always():
            return true()
        case TypeIn(types=types):
            return true() if kind in types else false()
        case LaneIs(lane=lane):
            return table.c.lane == lane
        case SecrecyIn(secrecies=secrecies):
            return table.c.secrecy.in_(sorted(secrecy.value for secrecy in secrecies))
        case Member(account=account):
            members = schema.members
            return exists().where(members.c.stream == table.c.stream, members.c.account == literal(account))
        case AllOf(parts=parts):
            return and_(true(), *[condition(part, table, kind) for part in parts])
        case AnyOf(parts=parts):
            return or_(false(), *[condition(part, table, kind) for part in parts])
        case _:
            raise TypeError(f"no SQL is known for {type(visible).__name__}")
