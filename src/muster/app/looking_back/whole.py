"""All that an after-action report tells of an incident, part by part, in the order of a board's questions."""

from muster.app.looking_back.calls import Call, calls
from muster.app.looking_back.clocks import ClockTold, clocks_told
from muster.app.looking_back.followed import RunTold, runs_told
from muster.app.looking_back.guarded import ActionTold, actions_told
from muster.app.looking_back.holding import Holdings, holdings
from muster.app.looking_back.known import TurningPoint, turning_points
from muster.app.looking_back.opening import Opening, opening
from muster.app.looking_back.past import Past
from muster.app.looking_back.picture import Point, picture
from muster.app.looking_back.restored import Outage, outages
from muster.app.looking_back.statements import StatementTold, statements_told
from muster.app.looking_back.targets import Target, targets
from muster.app.looking_back.taught import Taught, taught
from muster.app.views import View
from muster.learn.times import Milestones


class LookingBack(View):
    """The parts of the report."""

    opening: Opening
    targets: tuple[Target, ...]
    picture: tuple[Point, ...]
    turning_points: tuple[TurningPoint, ...]
    runs: tuple[RunTold, ...]
    actions: tuple[ActionTold, ...]
    clocks: tuple[ClockTold, ...]
    statements: tuple[StatementTold, ...]
    outages: tuple[Outage, ...]
    taught: Taught
    people: Holdings
    calls: tuple[Call, ...]


def looking_back(past: Past, known: Milestones) -> LookingBack:
    """All parts of one incident. known: its milestones."""
    turns, held = turning_points(past), holdings(past)
    clocks, statements = clocks_told(past), statements_told(past)
    return LookingBack(
        opening=opening(past, known, held, clocks, statements),
        targets=targets(past, known),
        picture=picture(past, turns),
        turning_points=turns,
        runs=runs_told(past),
        actions=actions_told(past),
        clocks=clocks,
        statements=statements,
        outages=outages(past),
        taught=taught(past),
        people=held,
        calls=calls(past),
    )
