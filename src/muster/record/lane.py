"""Lanes: everything is of reality or of one drill, fixed when its stream is created."""

REAL = "real"


def valid(lane: str) -> bool:
    """Whether this names a lane: `real` or `drill:ID`."""
    return lane == REAL or (lane.startswith("drill:") and len(lane) > len("drill:"))
