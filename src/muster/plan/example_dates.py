"""The example plan as of a day: its dates are moved along, so that it is as fresh as on the day it was written."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from muster.plan.tree import Tree

WRITTEN = date(2026, 11, 24)
# Dates of the team's own life; when a law or contract came into force does not move.
_MOVING = (
    "verified", "verified_on", "next_review", "reviewed_on", "last_rehearsed", "last_restore_test", "last_exercised",
    "last_held", "next_on", "by", "since",
)  # fmt: skip
_DATE = re.compile(rf"^([ \t]*(?:{'|'.join(_MOVING)}): )(\d{{4}}-\d\d-\d\d)", re.MULTILINE | re.ASCII)


def moved_to(tree: Tree, today: date) -> Mapping[str, bytes]:
    """The same plan, written today. Weekdays stay, so a rota still changes on a Monday."""
    weeks = timedelta(weeks=(today - WRITTEN).days // 7)

    def later(found: re.Match[str]) -> str:
        return f"{found[1]}{(date.fromisoformat(found[2]) + weeks).isoformat()}"

    return {
        path: _DATE.sub(later, data.decode()).encode() if path.endswith((".yaml", ".md")) else data
        for path, data in tree.items()
    }
