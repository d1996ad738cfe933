"""Ordinary traffic: customers who look, search, pay and send things back; search engines and the health check."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from muster.rehearse.shop.cast import PORTAL, PORTALS, Machine
from muster.rehearse.shop.draws import Draws
from muster.rehearse.shop.event import Event
from muster.rehearse.shop.weblog import Answer, Visitor, line

SESSIONS = 230

_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
)
_WORDS = (
    "tent",
    "rope 60m",
    "rain jacket",
    "stove {gas}",
    "map + compass",
    "boots 42",
    "bottle 1l",
    "lamp 100%",
)
_STATIC = ("/static/portal.css", "/static/portal.js", "/static/logo.svg")


def traffic(seed: int, start: datetime, length: timedelta) -> Iterator[Event]:
    """All visits that begin within the length, a customer after the other (not in time order)."""
    seconds = int(length.total_seconds())
    for number in range(SESSIONS):
        draws = Draws(seed, f"customer {number}")
        begin = start + timedelta(milliseconds=draws.below(seconds * 1000))
        end = start + length
        yield from (event for event in _session(draws, begin) if event.at < end)
    yield from _crawler(Draws(seed, "crawler"), start, seconds)
    yield from _health(start, seconds)


def _address(draws: Draws) -> str:
    if draws.chance(30):
        return f"2001:db8:{draws.hexadecimal(3)}:{draws.hexadecimal(2)}::{draws.hexadecimal(4)}"
    return f"198.51.100.{draws.between(1, 254)}"


def _session(draws: Draws, begin: datetime) -> Iterator[Event]:
    at, machine = begin, draws.pick(PORTALS)
    account = f"c{draws.between(100_000, 999_999)}"
    visitor = Visitor(_address(draws), draws.pick(_AGENTS))
    known = Visitor(visitor.address, visitor.agent, account)
    requests = [(visitor, "GET /portal/index.action")]
    requests += [(visitor, f"GET {path}") for path in _STATIC if draws.chance(60)]
    for _ in range(draws.between(1, 5)):
        requests.append((visitor, _looks(draws)))
    if draws.chance(55):
        requests += [
            (visitor, "POST /portal/login.action"),
            (known, "GET /portal/account.action"),
            (known, _account(draws)),
        ]
    if draws.chance(35):
        requests += [
            (known, f"POST /portal/basket.action?item={draws.between(1000, 9999)}"),
            (known, "GET /portal/checkout.action"),
            (known, "POST /portal/pay.action"),
            (known, f"GET /portal/thanks.action?order={draws.between(200_000, 299_999)}"),
        ]
    for who, request in requests:
        at += timedelta(milliseconds=draws.between(90, 24_000))
        answer = Answer(_status(draws, request), draws.between(900, 64_000), draws.between(4, 420))
        yield Event(
            at, None, line(at, machine, who, request, answer, f"https://{PORTAL}/portal/index.action")
        )


def _looks(draws: Draws) -> str:
    if draws.chance(40):
        word = draws.pick(_WORDS).replace("%", "%25").replace("+", "%2B").replace(" ", "+")
        return f"GET /portal/search.action?q={word.replace('{', '%7B').replace('}', '%7D')}"
    if draws.chance(4):
        return f"GET /portal/old-{draws.between(1, 40)}.action"
    return f"GET /portal/item.action?id={draws.between(1000, 9999)}"


def _account(draws: Draws) -> str:
    order = draws.between(200_000, 299_999)
    return draws.pick(
        (
            f"GET /portal/order.action?id={order}",
            f"GET /portal/track.action?parcel={order}&redirect=%2Fportal%2Faccount.action",
            f"POST /portal/returns.action?order={order}",
            f"GET /portal/invoice.action?order={order}&as=pdf",
            "POST /portal/contact.action",
        )
    )


def _status(draws: Draws, request: str) -> int:
    if "/old-" in request:
        return 404
    if request.startswith("POST"):
        return 302 if draws.chance(96) else 400
    if draws.chance(1):
        return 500
    return 304 if "/static/" in request and draws.chance(50) else 200


def _crawler(draws: Draws, start: datetime, seconds: int) -> Iterator[Event]:
    """A search engine that keeps to the rules, and finds a few dead pages."""
    visitor = Visitor(
        "2001:db8:c0de::66", "Mozilla/5.0 (compatible; FinderBot/2.4; +https://finder.example.invalid/bot)"
    )
    for number in range(0, seconds, 31):
        at = start + timedelta(seconds=number, milliseconds=draws.below(9000))
        request = (
            "GET /robots.txt" if number == 0 else f"GET /portal/item.action?id={draws.between(1000, 9999)}"
        )
        if draws.chance(8):
            request = f"GET /portal/sale-{draws.between(2019, 2024)}.action"
        status = 404 if "/sale-" in request else 200
        answer = Answer(status, draws.between(800, 30_000), draws.between(5, 200))
        yield Event(at, None, line(at, draws.pick(PORTALS), visitor, request, answer))


def _health(start: datetime, seconds: int) -> Iterator[Event]:
    """The load balancer asks each portal every ten seconds."""
    visitor = Visitor("192.0.2.5", "health-check/1.3")
    for number in range(0, seconds, 10):
        for place, machine in enumerate(PORTALS):
            at = start + timedelta(seconds=number, milliseconds=200 + 300 * place)
            yield Event(at, None, _healthy(at, machine, visitor))


def _healthy(at: datetime, machine: Machine, visitor: Visitor) -> dict[str, str | int]:
    return line(at, machine, visitor, "GET /portal/health.action", Answer(200, 17, 2))
