"""Going out by HTTP: a name is resolved once, addresses that are not of the internet are refused, that address is used.

So no name that answers differently the second time leads to a machine of our own. Loopback may be allowed by settings.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any

import httpx2

IPv4 = ipaddress.IPv4Address
IPv6 = ipaddress.IPv6Address


class Blocked(Exception):
    """This address is not one to go to."""


class GoingOut:
    """How to go out; `once` gives the transport of one request."""

    def __init__(self, context: ssl.SSLContext, *, loopback: bool) -> None:
        self._context = context
        self._loopback = loopback

    def once(self, seconds: float) -> "OneWay":
        """A transport whose connection ends after so many seconds, whatever the other side does."""
        return OneWay(self._context, loopback=self._loopback, seconds=seconds)


class OneWay(httpx2.BaseTransport):
    """The transport of one request."""

    def __init__(self, context: ssl.SSLContext, *, loopback: bool, seconds: float) -> None:
        self._inner = httpx2.HTTPTransport(verify=context, trust_env=False)
        self._loopback = loopback
        self._socket: socket.socket | None = None
        self._deadline = threading.Timer(seconds, self._cut)
        self._deadline.daemon = True

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Resolves, checks, and connects to the address that was checked. Raises Blocked, httpx2.HTTPError."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = checked(host, port, loopback=self._loopback)
        request.url = request.url.copy_with(host=address)  # the Host header keeps the name
        request.extensions = {**request.extensions, "sni_hostname": host, "trace": self._trace}
        self._deadline.start()
        return self._inner.handle_request(request)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _cut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself meanwhile

    def close(self) -> None:
        """Ends the connection."""
        self._deadline.cancel()
        self._inner.close()


def checked(host: str, port: int, *, loopback: bool) -> str:
    """The first address of a name, if all of them may be gone to. Raises Blocked, httpx2.ConnectError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpx2.ConnectError("The name of the receiver is not known.") from None
    addresses = [str(item[4][0]) for item in found]
    if not addresses or not all(allowed(address, loopback=loopback) for address in addresses):
        raise Blocked("The receiver's name leads to an address that is not of the internet.")
    return addresses[0]


def allowed(address: str, *, loopback: bool) -> bool:
    """Whether one may go there. An IPv4 address that is wrapped into an IPv6 one is looked at unwrapped."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6):
        if found.scope_id is not None:
            return False
        inner = _inner(found)
        if inner is not None:
            return allowed(str(inner), loopback=loopback)
    if found.is_loopback:
        return loopback
    return found.is_global and not found.is_multicast


def _inner(address: IPv6) -> IPv4 | None:
    """The IPv4 address within: mapped, 6to4, Teredo's client, or NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return IPv4(int(address) & 0xFFFFFFFF)
    return None
