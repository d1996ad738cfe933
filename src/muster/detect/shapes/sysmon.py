"""Sysmon's event numbers and Sigma's categories of them.

The pipelines turn a Windows rule's category into Sysmon's channel and number. An event of another sensor that is
the same kind of thing (OCSF, ECS) gets both as well, or no such rule would ever look at it.
"""

from muster.detect.shapes.values import NO_CATEGORY, Pairs, source

CHANNEL = "Microsoft-Windows-Sysmon/Operational"
_CATEGORIES = {
    "1": "process_creation", "3": "network_connection", "5": "process_termination", "6": "driver_load", "7": "image_load",
    "9": "raw_access_thread", "11": "file_event", "13": "registry_event", "16": "sysmon_status", "22": "dns_query",
    "23": "file_delete",
}  # fmt: skip
_NUMBERS = {category: number for number, category in _CATEGORIES.items()}


def category_of(number: str) -> str:
    """The category of a Sysmon event, `none` of those without."""
    return _CATEGORIES.get(number, NO_CATEGORY)


def told(product: str, category: str, fields: dict[str, str]) -> Pairs:
    """The log source of an event of another sensor; on Windows also what Sysmon would have said."""
    pairs = source(product, None, category)
    number = _NUMBERS.get(category)
    if product != "windows" or number is None or "Channel" in fields or "EventID" in fields:
        return pairs
    return [*pairs, ("Channel", CHANNEL), ("EventID", number)]
