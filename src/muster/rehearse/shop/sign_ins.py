"""Lines of the identity provider's log: customers and staff who sign in, with the field names of Keycloak's events."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from muster.rehearse.shop.cast import ADMIN, Machine
from muster.rehearse.shop.draws import Draws
from muster.rehearse.shop.event import Event, Telemetry

PROVIDER = Machine("SIGNIN-01", "192.0.2.51")
SHOP = "customer-portal"
CONSOLE = "security-admin-console"
ADMINISTRATOR = "adm-platform"
SIGN_INS = 120


def signed_in(at: datetime, who: str, client: str, address: str, kind: str = "LOGIN") -> Telemetry:
    """One event: who signed in where, from which address."""
    utc = at.astimezone(UTC)
    return {
        "@timestamp": utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z",
        "logsource.product": "keycloak",
        "logsource.service": "events",
        "Computer": PROVIDER.full,
        "type": kind,
        "realmId": "shop",
        "clientId": client,
        "userId": who,
        "ipAddress": address,
    }


def sign_ins(seed: int, start: datetime, length: timedelta) -> Iterator[Event]:
    """Customers at the portal, and an administrator at the console from a machine of the house (not in time order)."""
    seconds = int(length.total_seconds())
    for number in range(SIGN_INS):
        draws = Draws(seed, f"sign-in {number}")
        at = start + timedelta(milliseconds=draws.below(seconds * 1000))
        who, address = f"c{draws.between(100_000, 999_999)}", f"198.51.100.{draws.between(1, 254)}"
        kind = "LOGIN_ERROR" if draws.chance(8) else "LOGIN"
        yield Event(at, None, signed_in(at, who, SHOP, address, kind))
    draws = Draws(seed, "sign-in of an administrator")
    at = start + timedelta(seconds=draws.below(seconds))
    yield Event(at, None, signed_in(at, ADMINISTRATOR, CONSOLE, ADMIN.address))
