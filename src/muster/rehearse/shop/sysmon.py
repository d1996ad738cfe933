"""Events in the shape of Sysmon, flat, as log shippers send them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from muster.rehearse.shop.cast import NETBIOS, Machine
from muster.rehearse.shop.draws import Draws
from muster.rehearse.shop.event import Telemetry

SYSTEM32 = "C:\\Windows\\System32"
SYSTEM = "NT AUTHORITY\\SYSTEM"
SERVICE = "NT AUTHORITY\\NETWORK SERVICE"
PORTAL_ACCOUNT = f"{NETBIOS}\\svc-portal"
DATABASE_ACCOUNT = f"{NETBIOS}\\svc-sql"


@dataclass(frozen=True, slots=True)
class Process:
    """A running program."""

    machine: Machine
    image: str
    command: str
    user: str
    pid: int
    guid: str


def process(draws: Draws, machine: Machine, image: str, command: str, user: str) -> Process:
    """A program with drawn ids."""
    head = sha256(machine.name.encode()).hexdigest()[:8]
    middle = draws.hexadecimal(12)
    guid = f"{{{head}-{middle[:4]}-{middle[4:8]}-{middle[8:]}-0000000{draws.between(1, 9)}0000}}"
    return Process(machine, image, command, user, draws.between(300, 2900) * 4, guid)


def _head(at: datetime, event_id: int, machine: Machine) -> Telemetry:
    utc = at.astimezone(UTC)
    return {
        "@timestamp": utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z",
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Provider_Name": "Microsoft-Windows-Sysmon",
        "EventID": event_id,
        "Computer": machine.full,
        "RuleName": "-",
        "UtcTime": utc.strftime("%Y-%m-%d %H:%M:%S.") + f"{utc.microsecond // 1000:03d}",
    }


def _hashes(image: str) -> str:
    name = image.rpartition("\\")[2].lower()
    digests = [sha256(f"{kind} {name}".encode()).hexdigest().upper() for kind in ("md5", "sha256", "imphash")]
    return f"MD5={digests[0][:32]},SHA256={digests[1]},IMPHASH={digests[2][:32]}"


def _of(running: Process) -> Telemetry:
    return {
        "ProcessGuid": running.guid,
        "ProcessId": running.pid,
        "Image": running.image,
        "User": running.user,
    }


def started(at: datetime, new: Process, parent: Process) -> Telemetry:
    """Event 1: a program was started."""
    elevated = new.user in (SYSTEM, SERVICE)
    return {
        **_head(at, 1, new.machine),
        **_of(new),
        "CommandLine": new.command,
        "CurrentDirectory": f"{SYSTEM32}\\" if elevated else "C:\\apps\\",
        "OriginalFileName": new.image.rpartition("\\")[2],
        "IntegrityLevel": "System" if elevated else "High",
        "Hashes": _hashes(new.image),
        "ParentProcessGuid": parent.guid,
        "ParentProcessId": parent.pid,
        "ParentImage": parent.image,
        "ParentCommandLine": parent.command,
        "ParentUser": parent.user,
    }


def connected(at: datetime, who: Process, address: str, port: int, host: str, source_port: int) -> Telemetry:
    """Event 3: a program opened a connection."""
    return {
        **_head(at, 3, who.machine),
        **_of(who),
        "Protocol": "tcp",
        "Initiated": "true",
        "SourceIp": who.machine.address,
        "SourceHostname": who.machine.full,
        "SourcePort": source_port,
        "DestinationIp": address,
        "DestinationHostname": host,
        "DestinationPort": port,
    }


def opened(at: datetime, source: Process, target: Process, access: str, trace: str) -> Telemetry:
    """Event 10: a program opened another one."""
    return {
        **_head(at, 10, source.machine),
        "SourceProcessGUID": source.guid,
        "SourceProcessId": source.pid,
        "SourceImage": source.image,
        "SourceUser": source.user,
        "TargetProcessGUID": target.guid,
        "TargetProcessId": target.pid,
        "TargetImage": target.image,
        "TargetUser": target.user,
        "GrantedAccess": access,
        "CallTrace": trace,
    }


def wrote(at: datetime, who: Process, file: str) -> Telemetry:
    """Event 11: a program created a file."""
    head = _head(at, 11, who.machine)
    return {**head, **_of(who), "TargetFilename": file, "CreationUtcTime": head["UtcTime"]}


def asked(at: datetime, who: Process, name: str, answer: str) -> Telemetry:
    """Event 22: a program asked for a name."""
    return {
        **_head(at, 22, who.machine),
        **_of(who),
        "QueryName": name,
        "QueryStatus": "0",
        "QueryResults": f"::ffff:{answer};",
    }


def deleted(at: datetime, who: Process, file: str) -> Telemetry:
    """Event 23: a program deleted a file."""
    return {**_head(at, 23, who.machine), **_of(who), "TargetFilename": file, "IsExecutable": "false"}


def tomcat(machine: Machine) -> Process:
    """The application server of the portal: the same process all night."""
    image = "C:\\apps\\tomcat\\bin\\tomcat9.exe"
    return process(
        Draws(0, f"tomcat {machine.name}"), machine, image, f'"{image}" //RS//portal', PORTAL_ACCOUNT
    )


def resident(machine: Machine, name: str, command: str = "", user: str = SYSTEM) -> Process:
    """A program that runs from start to stop: services, lsass, explorer."""
    image = name if "\\" in name else f"{SYSTEM32}\\{name}"
    return process(Draws(0, f"{machine.name} {name}"), machine, image, command or image, user)
