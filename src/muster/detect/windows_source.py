"""Where rules of product windows expect their events, by category and service: channel and numbers.

The services are those of pySigma's own table. The categories are Sysmon's, as the default pipeline has them, and
those of PowerShell; of a category that is not here nothing is said.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sigma.pipelines import common  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.detect.rule import LogSource
from muster.detect.shapes.sysmon import CHANNEL

_SYSMON: Mapping[str, tuple[str, ...]] = {
    "process_creation": ("1",), "file_change": ("2",), "network_connection": ("3",), "sysmon_status": ("4", "16"),
    "process_termination": ("5",), "driver_load": ("6",), "image_load": ("7",), "create_remote_thread": ("8",),
    "raw_access_thread": ("9",), "process_access": ("10",), "file_event": ("11",), "registry_add": ("12",),
    "registry_delete": ("12",), "registry_set": ("13",), "registry_rename": ("14",),
    "registry_event": ("12", "13", "14"), "create_stream_hash": ("15",), "pipe_created": ("17", "18"),
    "wmi_event": ("19", "20", "21"), "dns_query": ("22",), "file_delete": ("23", "26"), "clipboard_change": ("24",),
    "process_tampering": ("25",), "file_block_executable": ("27",), "file_block_shredding": ("28",),
    "file_executable_detected": ("29",), "sysmon_error": ("255",),
}  # fmt: skip
_POWERSHELL = {"ps_module": "4103", "ps_script": "4104"}
_services: Any = common.windows_logsource_mapping


def expects(source: LogSource, channel: str, number: str) -> bool:
    """Whether a rule of the source may look for events of the channel (lower case) and number."""
    category = source.category or ""
    if category in _SYSMON:
        return channel == CHANNEL.lower() and number in _SYSMON[category]
    if category in _POWERSHELL:
        return channel in _channels("powershell") and number == _POWERSHELL[category]
    if source.service is not None:
        wanted = _channels(source.service)
        return not wanted or channel in wanted
    return True


def named(channel: str, numbers: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The services of a channel (lower case), and the categories of events of it that have one of the numbers."""
    services = tuple(sorted(service for service in _services if channel in _channels(service)))
    wanted = set(numbers)
    if channel == CHANNEL.lower():
        return services, tuple(sorted(name for name, told in _SYSMON.items() if not wanted.isdisjoint(told)))
    if channel in _channels("powershell"):
        return services, tuple(sorted(name for name, number in _POWERSHELL.items() if number in wanted))
    return services, ()


def _channels(service: str) -> set[str]:
    told = cast("str | list[str]", _services.get(service, []))
    return {one.lower() for one in ([told] if isinstance(told, str) else told)}
