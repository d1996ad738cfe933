"""Fields that events of a log source cannot have: a rule that asks for one is blind there.

Known are the events of Sysmon, by its manifest (Microsoft, Sysmon 15, schema 4.90), and those of web servers as
`shapes/web_access` gives them. Of other log sources nothing is said: their fields are what the sender writes.
"""

from collections.abc import Iterable, Iterator, Mapping

from muster.detect import routing
from muster.detect.condition import ANYWHERE
from muster.detect.rule import LogSource

_ALWAYS = routing.FIELDS | {
    ANYWHERE, "Channel", "EventID", "Provider_Name", "Computer", "Level", "Task", "Opcode", "Keywords", "EventRecordID",
    "ProcessID", "ThreadID", "UserID", "RuleName", "UtcTime", "TimeCreated", "UtcTimeCreated", "@timestamp", "User",
    "Version", "Security_UserID", "Execution_ProcessID",
}  # fmt: skip
_PROCESS = "ProcessGuid ProcessId Image"
_SYSMON: Mapping[str, str] = {
    "process_creation": f"{_PROCESS} FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory"
    " LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage"
    " ParentCommandLine ParentUser",
    "network_connection": f"{_PROCESS} Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName"
    " DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName",
    "image_load": f"{_PROCESS} ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature"
    " SignatureStatus",
    "driver_load": "ImageLoaded Hashes Signed Signature SignatureStatus",
    "create_remote_thread": "SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage"
    " NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser",
    "process_access": "SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId"
    " TargetImage GrantedAccess CallTrace SourceUser TargetUser",
    "file_event": f"{_PROCESS} TargetFilename CreationUtcTime",
    "registry_set": f"{_PROCESS} EventType TargetObject Details",
    "dns_query": f"{_PROCESS} QueryName QueryStatus QueryResults",
    "pipe_created": f"{_PROCESS} PipeName EventType",
}
_HASHES = frozenset({"Imphash", "IMPHASH", "imphash", "md5", "sha1", "sha256", "MD5", "SHA1", "SHA256"})
"""Names that rules give to parts of `Hashes`; the pipelines turn most of them into it."""
_WEB = frozenset({
    "c-ip", "cs-username", "cs-method", "c-uri", "c-uri-query", "c-uri-stem", "cs-uri", "cs-uri-stem", "cs-uri-query",
    "cs-version", "sc-status", "sc-bytes", "cs-bytes", "cs-referer", "cs-referrer", "cs-user-agent", "c-useragent",
    "cs-host", "cs-cookie", "cs-content-type", "time", "date", "s-ip", "s-port", "s-computername", "s-sitename",
    "sc-substatus", "sc-win32-status", "time-taken", "r-dns", "r-ip", "src_ip", "dst_ip",
})  # fmt: skip


def never_delivered(source: LogSource, fields: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Each of a rule's fields that no event of the source has, with those that it may have."""
    of_windows = source.product == "windows" and source.service in (None, "sysmon")
    if of_windows and (named := _SYSMON.get(source.category or "")):
        known = frozenset(named.split()) | _HASHES
    elif source.category == "webserver":
        known = _WEB
    else:
        return
    for name in fields:
        if name not in known and name not in _ALWAYS:
            yield name, known
