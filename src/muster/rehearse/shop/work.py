"""Ordinary work on the machines: services, scheduled jobs, backups, a release, an administrator at the desk.

Much of it looks a little like the attack (a shell, curl, 7z, a program that opens lsass): rules that cannot tell
the two apart are no use at three in the morning.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from muster.rehearse.shop.cast import ADMIN, BUILD, DOMAIN, FILES, NETBIOS, ORDERS, PORTALS, RESOLVER, Machine
from muster.rehearse.shop.draws import Draws
from muster.rehearse.shop.event import Event
from muster.rehearse.shop.sysmon import (
    DATABASE_ACCOUNT,
    PORTAL_ACCOUNT,
    SERVICE,
    SYSTEM,
    SYSTEM32,
    Process,
    asked,
    connected,
    opened,
    process,
    resident,
    started,
    tomcat,
    wrote,
)

_ADMINISTRATOR = f"{NETBIOS}\\adm-okafor"
_POWERSHELL = f"{SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe"
_DEFENDER = "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.25090.5-0\\MsMpEng.exe"
_TRACE = f"{SYSTEM32}\\ntdll.dll+9d234|{SYSTEM32}\\KERNELBASE.dll+2c13e"
_MACHINES = (*PORTALS, ORDERS, BUILD, ADMIN, FILES)
_COMMANDS = (
    ("whoami.exe", "whoami /groups"),
    ("ipconfig.exe", "ipconfig /all"),
    ("ping.exe", f"ping -n 4 ORDERDB-01.{DOMAIN}"),
    ("mmc.exe", "mmc.exe eventvwr.msc"),
    ("sc.exe", "sc query portal"),
    ("nslookup.exe", f"nslookup portal.{DOMAIN}"),
    ("notepad.exe", "notepad.exe C:\\Users\\adm-okafor\\notes.txt"),
)


def work(seed: int, start: datetime, length: timedelta) -> Iterator[Event]:
    """Everything that people and jobs do within the length (not in time order)."""
    minutes = int(length.total_seconds()) // 60
    for machine in _MACHINES:
        yield from _services(Draws(seed, f"services {machine.name}"), machine, start, minutes)
    for portal in PORTALS:
        yield from _portal(Draws(seed, f"portal {portal.name}"), portal, start, minutes)
    yield from _database(Draws(seed, "database"), start, minutes)
    yield from _release(Draws(seed, "release"), start, minutes)
    yield from _desk(Draws(seed, "desk"), start, minutes)
    yield from _backup(Draws(seed, "backup"), start, minutes)


def _moment(draws: Draws, start: datetime, minute: int) -> datetime:
    return start + timedelta(minutes=minute, milliseconds=draws.below(55_000))


def _services(draws: Draws, machine: Machine, start: datetime, minutes: int) -> Iterator[Event]:
    services = resident(machine, "services.exe")
    host = resident(machine, "svchost.exe", f"{SYSTEM32}\\svchost.exe -k netsvcs -p", SERVICE)
    defender, lsass = resident(machine, _DEFENDER), resident(machine, "lsass.exe")
    for minute in range(minutes):
        at = _moment(draws, start, minute)
        if draws.chance(70):
            name, command = draws.pick(
                (
                    ("taskhostw.exe", "taskhostw.exe"),
                    ("backgroundTaskHost.exe", "backgroundTaskHost.exe -ServerName:App"),
                    ("wevtutil.exe", "wevtutil.exe el"),
                    ("conhost.exe", "conhost.exe 0xffffffff -ForceV1"),
                )
            )
            new = process(draws, machine, f"{SYSTEM32}\\{name}", command, SYSTEM)
            yield Event(at, None, started(at, new, services))
        if draws.chance(60):
            name = draws.pick(("time", "update", "files-01", "orderdb-01"))
            yield Event(at, None, asked(at, host, f"{name}.{DOMAIN}", RESOLVER))
        if draws.chance(45):
            yield Event(at, None, opened(at, defender, lsass, "0x1000", _TRACE))
        if draws.chance(30):
            yield Event(at, None, opened(at, host, lsass, "0x1400", _TRACE))


def _portal(draws: Draws, portal: Machine, start: datetime, minutes: int) -> Iterator[Event]:
    server = tomcat(portal)
    for minute in range(minutes):
        at = _moment(draws, start, minute)
        port = draws.between(49_200, 65_000)
        yield Event(at, None, connected(at, server, ORDERS.address, 1433, ORDERS.full, port))
        if draws.chance(40):
            yield Event(at, None, asked(at, server, f"pay.{DOMAIN}", "192.0.2.7"))
            yield Event(at, None, connected(at, server, "192.0.2.7", 443, f"pay.{DOMAIN}", port + 1))
        if minute % 5 == 0:
            yield Event(
                at, None, wrote(at, server, f"C:\\apps\\tomcat\\work\\invoice-{draws.hexadecimal(8)}.pdf")
            )
        if minute % 15 == 4:
            task = resident(portal, "svchost.exe -k Schedule", user=SYSTEM)
            command = f"{_POWERSHELL} -NoProfile -File C:\\apps\\jobs\\rotate-logs.ps1"
            job = process(draws, portal, _POWERSHELL, command, PORTAL_ACCOUNT)
            yield Event(at, None, started(at, job, task))
            yield Event(
                at, None, wrote(at, job, f"C:\\apps\\tomcat\\logs\\access-{draws.hexadecimal(6)}.log.gz")
            )


def _database(draws: Draws, start: datetime, minutes: int) -> Iterator[Event]:
    agent = resident(
        ORDERS, "C:\\Program Files\\Microsoft SQL Server\\MSSQL\\Binn\\SQLAGENT.EXE", "", DATABASE_ACCOUNT
    )
    tools = "C:\\Program Files\\Microsoft SQL Server\\Client SDK\\ODBC\\170\\Tools\\Binn"
    for minute in range(0, minutes, 3):
        at = _moment(draws, start, minute)
        job = draws.pick(("reindex", "statistics", "ship-list", "stock-levels"))
        command = f"sqlcmd.exe -S localhost -d shop -E -i C:\\apps\\jobs\\{job}.sql"
        yield Event(
            at,
            None,
            started(at, process(draws, ORDERS, f"{tools}\\sqlcmd.exe", command, DATABASE_ACCOUNT), agent),
        )
    at = _moment(draws, start, minutes // 2)
    command = "bcp.exe shop.dbo.StockLevels out \\\\FILES-01\\exports\\stock.csv -c -T"
    yield Event(
        at, None, started(at, process(draws, ORDERS, f"{tools}\\bcp.exe", command, DATABASE_ACCOUNT), agent)
    )


def _release(draws: Draws, start: datetime, minutes: int) -> Iterator[Event]:
    """The build machine: the Java of the build server starts shells all day; that is its work."""
    server = resident(
        BUILD, "C:\\apps\\build\\jre\\bin\\java.exe", "java.exe -jar agent.jar", f"{NETBIOS}\\svc-build"
    )
    for minute in range(1, minutes, 4):
        at = _moment(draws, start, minute)
        command = draws.pick(
            (
                "cmd.exe /d /c mvn.cmd -B -q verify",
                "cmd.exe /d /c git.exe fetch --prune",
                "cmd.exe /d /c npm.cmd ci",
            )
        )
        shell = process(draws, BUILD, f"{SYSTEM32}\\cmd.exe", command, server.user)
        yield Event(at, None, started(at, shell, server))
        at += timedelta(seconds=draws.between(2, 40))
        fetch = f"curl.exe -fsS -o portal.war https://artifacts.{DOMAIN}/portal-4.7.1.war"
        curl = process(draws, BUILD, f"{SYSTEM32}\\curl.exe", fetch, server.user)
        if draws.chance(50):
            yield Event(at, None, started(at, curl, shell))
            port = draws.between(49_200, 65_000)
            yield Event(at, None, connected(at, curl, "192.0.2.43", 443, f"artifacts.{DOMAIN}", port))


def _desk(draws: Draws, start: datetime, minutes: int) -> Iterator[Event]:
    """An administrator who looks after the machines."""
    explorer = resident(ADMIN, "C:\\Windows\\explorer.exe", "C:\\Windows\\explorer.exe", _ADMINISTRATOR)
    shell = process(draws, ADMIN, f"{SYSTEM32}\\cmd.exe", "cmd.exe", _ADMINISTRATOR)
    yield Event(start, None, started(start, shell, explorer))
    for minute in range(0, minutes, 2):
        at = _moment(draws, start, minute)
        name, command = draws.pick(_COMMANDS)
        yield Event(
            at,
            None,
            started(at, process(draws, ADMIN, f"{SYSTEM32}\\{name}", command, _ADMINISTRATOR), shell),
        )
        if draws.chance(25):
            command = f"powershell.exe Get-Service -ComputerName {draws.pick(PORTALS).name}"
            new = process(draws, ADMIN, _POWERSHELL, command, _ADMINISTRATOR)
            yield Event(at, None, started(at, new, shell))


def _backup(draws: Draws, start: datetime, minutes: int) -> Iterator[Event]:
    """The nightly backup: archives without a password, copied inside the house."""
    task = resident(FILES, "svchost.exe -k Schedule", user=SYSTEM)
    program = "C:\\Program Files\\7-Zip\\7z.exe"
    for number, minute in enumerate(range(2, minutes, 10)):
        at = _moment(draws, start, minute)
        file = f"D:\\backup\\share-{number:02d}.7z"
        packer = process(draws, FILES, program, f"7z.exe a -mx3 {file} D:\\share\\{number:02d}", SYSTEM)
        yield from _packed(at, packer, task, file)


def _packed(at: datetime, packer: Process, parent: Process, file: str) -> Iterator[Event]:
    yield Event(at, None, started(at, packer, parent))
    done = at + timedelta(seconds=9)
    yield Event(done, None, wrote(done, packer, file))
