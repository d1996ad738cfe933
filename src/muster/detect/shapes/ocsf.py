"""Open Cybersecurity Schema Framework (1.x): the classes of system, network, web and API activity.

Dotted names stay; the fields that rules use stand beside them. class_uid tells the category, device.os the product;
an API activity of AWS gets CloudTrail's names.
"""

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.sysmon import told
from muster.detect.shapes.values import NO_CATEGORY, Pairs, flatten, source
from muster.detect.shapes.web_access import completed

_ACTOR = {
    "actor.process.file.path": "Image", "actor.process.cmd_line": "CommandLine", "actor.process.pid": "ProcessId",
    "actor.user.name": "User", "device.hostname": "Computer",
}  # fmt: skip
_STARTED = {
    "process.file.path": "Image", "process.cmd_line": "CommandLine", "process.pid": "ProcessId",
    "process.working_directory": "CurrentDirectory", "process.user.name": "User",
    "process.parent_process.file.path": "ParentImage", "process.parent_process.cmd_line": "ParentCommandLine",
    "actor.process.file.path": "ParentImage", "actor.process.cmd_line": "ParentCommandLine",
    "process.integrity": "IntegrityLevel", "device.hostname": "Computer",
}  # fmt: skip
_NETWORK = {
    "src_endpoint.ip": "SourceIp", "src_endpoint.port": "SourcePort", "dst_endpoint.ip": "DestinationIp",
    "dst_endpoint.port": "DestinationPort", "dst_endpoint.hostname": "DestinationHostname",
}  # fmt: skip
_FIREWALL = {
    "src_endpoint.ip": "src_ip", "src_endpoint.port": "src_port", "dst_endpoint.ip": "dst_ip",
    "dst_endpoint.port": "dst_port", "action": "action", "disposition": "action",
}  # fmt: skip
_WEB = {
    "http_request.http_method": "cs-method", "http_request.url.url_string": "c-uri",
    "http_request.url.path": "cs-uri-stem", "http_request.url.query_string": "cs-uri-query",
    "http_request.user_agent": "cs-user-agent", "http_request.referrer": "cs-referer",
    "http_request.url.hostname": "cs-host", "http_response.code": "sc-status", "src_endpoint.ip": "c-ip",
}  # fmt: skip
_API = {
    "api.operation": "eventName", "api.service.name": "eventSource", "api.response.error": "errorCode",
    "api.response.message": "errorMessage", "src_endpoint.ip": "sourceIPAddress", "cloud.region": "awsRegion",
    "http_request.user_agent": "userAgent", "actor.user.type": "userIdentity.type", "actor.user.uid": "userIdentity.arn",
    "actor.user.name": "userIdentity.userName", "api.request.data": "requestParameters",
    "api.response.data": "responseElements",
}  # fmt: skip
_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "1001": ("file_event", {**_ACTOR, "file.path": "TargetFilename"}),
    "1005": ("image_load", {**_ACTOR, "module.file.path": "ImageLoaded"}),
    "1007": ("process_creation", _STARTED),
    "4001": ("network_connection", {**_ACTOR, **_NETWORK}),
    "4003": ("dns_query", {**_ACTOR, "query.hostname": "QueryName"}),
    "201001": ("registry_event", {**_ACTOR, "reg_key.path": "TargetObject"}),
    "201002": ("registry_event", {**_ACTOR, "reg_value.path": "TargetObject", "reg_value.data": "Details"}),
}  # fmt: skip
_PROCESS, _HTTP, _API_ACTIVITY, _CONNECTION = "1007", "4002", "6003", "4001"
_LAUNCH = "1"


def claims(event: Event) -> bool:
    return "class_uid" in event and ("category_uid" in event or "metadata" in event)


def normalise(event: Event) -> Pairs:
    pairs = flatten(event)
    fields = dict(pairs)
    kind = fields.get("class_uid", "")
    if kind == _HTTP:
        return completed(pairs + _named(fields, _WEB))
    if kind == _API_ACTIVITY and fields.get("cloud.provider", "").lower() == "aws":
        return pairs + _named(fields, _API) + source("aws", "cloudtrail", NO_CATEGORY)
    product = _product(fields)
    if product is None:
        if kind == _CONNECTION:
            return pairs + _named(fields, _FIREWALL) + [("logsource.category", "firewall")]
        return pairs
    if kind not in _KINDS or (kind == _PROCESS and fields.get("activity_id", _LAUNCH) != _LAUNCH):
        return pairs + _named(fields, _ACTOR) + source(product, None, NO_CATEGORY)
    category, names = _KINDS[kind]
    return pairs + _named(fields, names) + told(product, category, fields)


def _product(fields: dict[str, str]) -> str | None:
    """The system of the device by its name; OCSF's type_id is 100 windows, 200 linux, 300 macos."""
    told = f"{fields.get('device.os.type', '')} {fields.get('device.os.name', '')}".lower()
    by_number = {"100": "windows", "200": "linux", "300": "macos"}
    named = next((name for name in by_number.values() if name in told), None)
    return named or by_number.get(fields.get("device.os.type_id", ""))


def _named(fields: dict[str, str], names: dict[str, str]) -> Pairs:
    """The fields under the names of rules; of two that get one name the first counts."""
    made: dict[str, str] = {}
    for name, other in names.items():
        if name in fields and other not in fields:
            made.setdefault(other, fields[name])
    return list(made.items())


SHAPE = Shape(ShapeName.OCSF, claims, normalise)
