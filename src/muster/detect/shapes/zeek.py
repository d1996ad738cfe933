"""Zeek logs: JSON of Zeek itself and of its collectors (`_path`, `@stream`), and Zeek's own columns.

Fields keep Zeek's names (`id_orig_h` is called `id.orig_h`), a list of one value is that value. Told as product zeek
and the log as service; dns, http and conn also as the categories dns, proxy and firewall, with the names of those.
"""

from collections.abc import Sequence

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import NO_CATEGORY, Pairs, flatten, renamed, single, source

_LOGS = ("@stream", "_path")
_NAMES = {
    "id_orig_h": "id.orig_h",
    "id_orig_p": "id.orig_p",
    "id_resp_h": "id.resp_h",
    "id_resp_p": "id.resp_p",
}
_WITNESSES = (
    ("conn_state", "conn"), ("qtype_name", "dns"), ("qclass", "dns"), ("status_code", "http"), ("uri", "http"),
    ("endpoint", "dce_rpc"), ("share_type", "smb_mapping"), ("request_type", "kerberos"), ("cookie", "rdp"),
    ("ja3", "ssl"), ("curve", "ssl"), ("mailfrom", "smtp"), ("auth_attempts", "ssh"), ("ntlm", "ntlm"),
)  # fmt: skip
"""Fields that only one log has, for events that do not say their log."""
_CATEGORIES = {"dns": "dns", "http": "proxy", "conn": "firewall"}
_OTHER_NAMES = {
    "dns": {"qtype_name": "record_type", "answers": "answer"},
    "http": {
        "method": "cs-method",
        "user_agent": "c-useragent",
        "status_code": "sc-status",
        "host": "cs-host",
    },
    "conn": {"id.orig_h": "src_ip", "id.orig_p": "src_port", "id.resp_h": "dst_ip", "id.resp_p": "dst_port"},
}


def claims(event: Event) -> bool:
    if "id.orig_h" in event or "id_orig_h" in event or ("@stream" in event and "@proc" in event):
        return True
    return "ts" in event and ("_path" in event or "@stream" in event or ("uid" in event and "id" in event))


def normalise(event: Event) -> Pairs:
    log = next((str(event[name]) for name in _LOGS if name in event), None)
    pairs = flatten({_NAMES.get(name, name): single(value) for name, value in event.items()})
    return _told(pairs, log)


def of_columns(names: Sequence[str], values: Sequence[str], log: str | None) -> Pairs:
    """The fields of a line of Zeek's columns."""
    pairs = [
        (name, value) for name, value in zip(names, values, strict=True) if value not in ("-", "(empty)")
    ]
    return _told(pairs, log)


def _told(pairs: Pairs, log: str | None) -> Pairs:
    fields = dict(pairs)
    if log is None:
        log = next((name for field, name in _WITNESSES if field in fields), None)
    pairs = renamed(pairs, _OTHER_NAMES.get(log or "", {}))
    if log == "http" and "uri" in fields and "c-uri" not in fields:
        pairs = [*pairs, ("c-uri", f"http://{fields.get('host', '')}{fields['uri']}")]
    return pairs + source("zeek", log, _CATEGORIES.get(log or "", NO_CATEGORY))


SHAPE = Shape(ShapeName.ZEEK, claims, normalise)
