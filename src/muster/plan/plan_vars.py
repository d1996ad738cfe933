"""What rules may ask of the plan: its own hosts as values for `expand`, in the form of a pipeline of `vars`.

`%service_hosts%` are the hosts of all services, `%critical_hosts%` those of critical ones, `%SERVICE_hosts%` those of
one service (hyphens of its id as underscores). A rule that names a list which is empty is not loaded, and said.
"""

import json
from collections.abc import Mapping

from muster.plan.plan import InForce

VARS_PATH = "services.pipeline.yml"
"""Under which name it goes among rule files; no file of a plan has it."""


def plan_vars(world: InForce) -> Mapping[str, bytes]:
    """The one file by its name; none when no service names a host."""
    found: dict[str, list[str]] = {}
    for name, service in sorted(world.services.items()):
        for key in ("service_hosts", *(("critical_hosts",) if service.is_critical else ()), _key(name)):
            found.setdefault(key, []).extend(service.hosts)
    held = {key: list(dict.fromkeys(hosts)) for key, hosts in found.items() if hosts}
    return {VARS_PATH: json.dumps({"vars": held}).encode()} if held else {}


def _key(service: str) -> str:
    return f"{service.replace('-', '_')}_hosts"
