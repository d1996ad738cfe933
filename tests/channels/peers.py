"""Real peers on loopback: a mail server and a receiver of webhooks, each of which may be told to behave badly."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "cert.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file, secret


@dataclass
class MailServer:
    """Takes mail. answers: what it says to a command (its first word) instead of 250; a function may do worse."""

    port: int
    mails: list[bytes] = field(default_factory=list[bytes])
    recipients: list[str] = field(default_factory=list[str])
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    commands: list[str] = field(default_factory=list[str])
    secured: int = 0


@contextmanager
def mail_server(tls: tuple[Path, Path] | None = None, *, at_once: bool = False) -> Iterator[MailServer]:
    """A mail server on loopback. tls: it offers STARTTLS, or speaks TLS from the first byte (at_once)."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = MailServer(listener.getsockname()[1])
    context: ssl.SSLContext | None = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    open_: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_.append(connection)
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with suppress(OSError, ValueError), ExitStack() as closing:
            closing.enter_context(connection)
            _talk(server, connection, context, closing, at_once=at_once)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for one in open_:
            one.close()


def _talk(
    server: MailServer,
    connection: socket.socket,
    context: ssl.SSLContext | None,
    closing: ExitStack,
    *,
    at_once: bool,
) -> None:
    if context and at_once:
        connection = closing.enter_context(context.wrap_socket(connection, server_side=True))
        server.secured += 1
    lines = connection.makefile("rb")

    def say(text: str) -> None:
        connection.sendall(text.encode() + b"\r\n")

    def answer(word: str, otherwise: str) -> None:
        told = server.answers.get(word, otherwise)
        (told if callable(told) else lambda it: it.sendall(f"{told}\r\n".encode()))(connection)

    answer("GREETING", "220 localhost ESMTP")
    while line := lines.readline():
        word = line.decode("ascii", "replace").strip().partition(" ")[0].upper()
        server.commands.append(line.decode("ascii", "replace").strip())
        match word:
            case "EHLO":
                offered = "250-STARTTLS\r\n" * (
                    context is not None and not isinstance(connection, ssl.SSLSocket)
                )
                say(f"250-localhost\r\n{offered}250-AUTH PLAIN\r\n250 SMTPUTF8")
            case "STARTTLS":
                say("220 go on")
                connection = closing.enter_context(context.wrap_socket(connection, server_side=True))  # pyright: ignore[reportOptionalMemberAccess] - offered only then
                server.secured += 1
                lines = connection.makefile("rb")
            case "RCPT":
                server.recipients.append(line.decode().strip())
                answer(word, "250 ok")
            case "DATA":
                answer("DATA", "354 go on")
                if str(server.answers.get("DATA", "354")).startswith("354"):
                    server.mails.append(b"".join(iter(lines.readline, b".\r\n")))
                    answer("END", "250 taken")
            case "QUIT":
                answer("QUIT", "221 bye")
                return
            case "AUTH":
                answer(word, "235 ok")
            case _:
                answer(word, "250 ok")


@dataclass
class Receiver:
    """Takes webhooks. answer: the status, or a function that writes to the handler."""

    port: int
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    answer: int | Callable[[Any], None] = 204
    acted: set[str] = field(default_factory=set[str])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiver(tls: tuple[Path, Path] | None = None) -> Iterator[Receiver]:
    """A receiver on loopback that keeps keys: it acts once for each webhook id."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.got.append((headers, body))
            found.acted.add(headers.get("webhook-id", ""))
            if callable(found.answer):
                found.answer(self)
                return
            self.send_response(found.answer)
            if found.answer == 302:
                self.send_header("Location", f"http://127.0.0.1:{found.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Receiver(server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def drip(what: bytes) -> Callable[[Any], None]:
    """Answers one byte at a time, for ever."""

    def slowly(connection: Any) -> None:
        send = connection.sendall if hasattr(connection, "sendall") else connection.wfile.write
        while True:
            send(what)
            time.sleep(0.1)

    return slowly
