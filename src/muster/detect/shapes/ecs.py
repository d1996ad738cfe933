"""Elastic Common Schema (8.x) without Winlogbeat's part: endpoint, Auditbeat, Packetbeat, web servers.

Dotted names stay; the fields that rules use stand beside them. event.category and host.os.type tell the log source:
process, file, network, registry, library, dns (query) and web are Sigma's categories of those things.
"""

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.sysmon import told
from muster.detect.shapes.values import NO_CATEGORY, Pairs, at, flatten, items, single, source, text
from muster.detect.shapes.web_access import completed

_PROCESS = {
    "process.executable": "Image", "process.command_line": "CommandLine", "process.pid": "ProcessId",
    "process.working_directory": "CurrentDirectory", "process.parent.executable": "ParentImage",
    "process.parent.command_line": "ParentCommandLine", "process.parent.pid": "ParentProcessId",
    "process.pe.original_file_name": "OriginalFileName", "process.pe.company": "Company",
    "process.pe.description": "Description", "process.pe.product": "Product", "user.name": "User",
    "host.name": "Computer",
}  # fmt: skip
_NETWORK = {
    "source.ip": "SourceIp", "source.port": "SourcePort", "destination.ip": "DestinationIp",
    "destination.port": "DestinationPort", "destination.domain": "DestinationHostname",
    "network.transport": "Protocol",
}  # fmt: skip
_FIREWALL = {
    "source.ip": "src_ip", "source.port": "src_port", "destination.ip": "dst_ip", "destination.port": "dst_port",
    "event.action": "action",
}  # fmt: skip
_WEB = {
    "http.request.method": "cs-method", "url.original": "c-uri", "url.path": "cs-uri-stem", "url.query": "cs-uri-query",
    "http.response.status_code": "sc-status", "user_agent.original": "cs-user-agent", "url.domain": "cs-host",
    "http.request.referrer": "cs-referer", "source.ip": "c-ip", "http.response.body.bytes": "sc-bytes",
}  # fmt: skip
_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "process": ("process_creation", {}),
    "file": ("file_event", {"file.path": "TargetFilename"}),
    "registry": ("registry_event", {"registry.path": "TargetObject", "registry.data.strings": "Details"}),
    "library": ("image_load", {"dll.path": "ImageLoaded"}),
    "driver": ("driver_load", {"dll.path": "ImageLoaded"}),
    "dns": ("dns_query", {"dns.question.name": "QueryName"}),
    "network": ("network_connection", _NETWORK),
}  # fmt: skip
_PRODUCTS = {"windows": "windows", "linux": "linux", "macos": "macos", "darwin": "macos"}


def claims(event: Event) -> bool:
    if "ecs" in event or "ecs.version" in event:
        return True
    inner = event.get("event")
    return type(inner) is dict and "category" in inner and "@timestamp" in event


def normalise(event: Event) -> Pairs:
    pairs = flatten(event)
    fields = dict(pairs)
    categories = _texts(at(event, "event", "category"))
    if "web" in categories or "http.request.method" in fields:
        return completed(pairs + _named(fields, _WEB))
    system = fields.get("host.os.type") or fields.get("host.os.family") or fields.get("host.os.platform", "")
    product = _PRODUCTS.get(system)
    if product is None:
        if "network" in categories and "destination.ip" in fields:
            return pairs + _named(fields, _FIREWALL) + [("logsource.category", "firewall")]
        return pairs
    if "network" in categories and "dns.question.name" in fields:
        categories = ["dns"]
    kind = next((one for one in categories if one in _KINDS), None)
    if kind is None or (kind == "process" and not _is_start(event)):
        return pairs + _named(fields, _PROCESS) + source(product, None, NO_CATEGORY)
    category, names = _KINDS[kind]
    return pairs + _named(fields, {**_PROCESS, **names}) + told(product, category, fields)


def _is_start(event: Event) -> bool:
    types = _texts(at(event, "event", "type"))
    return not types or "start" in types or "process_started" in types


def _named(fields: dict[str, str], names: dict[str, str]) -> Pairs:
    return [(other, fields[name]) for name, other in names.items() if name in fields and other not in fields]


def _texts(value: object) -> list[str]:
    return [text(one) for one in items(value) or [single(value)] if one is not None]


SHAPE = Shape(ShapeName.ECS, claims, normalise)
