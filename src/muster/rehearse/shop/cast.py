"""Who and what takes part in one night: machines, the attacker's addresses and file names, drawn from the seed.

All addresses are of the ranges kept for documentation (RFC 5737, RFC 3849), all names under example.invalid:
192.0.2.0/24 is the company, 198.51.100.0/24 and 2001:db8::/32 its customers, 203.0.113.0/24 the attacker.
"""

from dataclasses import dataclass

from muster.rehearse.shop.draws import Draws

DOMAIN = "shop.example.invalid"
PORTAL = f"portal.{DOMAIN}"
NETBIOS = "SHOP"


@dataclass(frozen=True, slots=True)
class Machine:
    """A Windows machine of the company."""

    name: str
    address: str

    @property
    def full(self) -> str:
        """The full name, as Sysmon writes it."""
        return f"{self.name}.{DOMAIN}"


PORTALS = (Machine("PORTAL-01", "192.0.2.21"), Machine("PORTAL-02", "192.0.2.22"))
ORDERS = Machine("ORDERDB-01", "192.0.2.31")
BUILD = Machine("BUILD-01", "192.0.2.41")
ADMIN = Machine("ADMIN-03", "192.0.2.53")
FILES = Machine("FILES-01", "192.0.2.61")
RESOLVER = "192.0.2.10"


@dataclass(frozen=True, slots=True)
class Cast:
    """What differs from night to night."""

    seed: int
    portal: Machine
    attacker: str
    drop: str
    page: str
    agent: str
    dump: str
    table: str
    archive: str
    password: str
    customers: int
    upload_bytes: int
    build: str


def cast_of(seed: int) -> Cast:
    """The cast of one seed."""
    draws = Draws(seed, "cast")
    word = draws.pick(("cache", "upd", "sync", "tmpdata", "report", "perf"))
    return Cast(
        seed=seed,
        portal=draws.pick(PORTALS),
        attacker=f"203.0.113.{draws.between(2, 126)}",
        drop=f"203.0.113.{draws.between(129, 254)}",
        page=draws.pick(("/portal/returns.action", "/portal/contact.action", "/portal/track.action")),
        agent=draws.pick(
            ("Mozilla/5.0", "Mozilla/5.0 (compatible)", "python-requests/2.31.0", "Go-http-client/1.1")
        ),
        dump=f"C:\\Windows\\Temp\\{word}{draws.hexadecimal(4)}.bin",
        table=draws.pick(("dbo.CustomerOrders", "dbo.Orders", "dbo.OrderAddresses")),
        archive=f"C:\\ProgramData\\{word}-{draws.hexadecimal(6)}.{draws.pick(('rar', '7z'))}",
        password=draws.hexadecimal(12),
        customers=draws.between(11_000, 48_000),
        upload_bytes=draws.between(38_000_000, 190_000_000),
        build=f"4.7.0-{draws.between(1180, 1960)}",
    )


def defanged(address: str) -> str:
    """An address for people: shown so that nothing makes a link of it (203.0.113[.]7)."""
    head, _, tail = address.rpartition(".")
    return f"{head}[.]{tail}" if head else address.replace(":", "[:]", 1)
