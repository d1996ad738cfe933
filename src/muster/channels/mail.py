"""Mail by SMTP: one connection a message, its Message-ID is the idempotency key, and no word ever becomes a header line."""

import re
import smtplib
import socket
import ssl
import threading
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from muster.app.channel_settings import MailSettings, secret
from muster.app.sending import MAY_BE_A_REPEAT, Message, NotSent
from muster.core.errors import BadInput
from muster.respond.calling import Callee, CallList, Way

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_LONGEST_SUBJECT = 200
_LONGEST = 30.0


class _Server(smtplib.SMTP):
    """A connection that ends after twice its timeout, however slowly the other side drips its answers."""

    _deadline: threading.Timer | None = None

    def connect(self, *arguments: Any, **more: Any) -> tuple[int, bytes]:
        """Connects; the time begins."""
        self._deadline = threading.Timer(2 * (self.timeout or _LONGEST), self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        return super().connect(*arguments, **more)

    def _cut(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself meanwhile

    def close(self) -> None:
        """Ends the connection, and the time."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().close()


class _SecureServer(_Server, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""


class Mail:
    """The adapter. Its server's certificate is checked whenever TLS is used."""

    def __init__(self, settings: MailSettings) -> None:
        """Raises BadInput for settings that cannot work."""
        self._settings = settings
        self._sender = _address(settings.sender)
        if self._sender is None:
            raise BadInput(
                "This is no mail address.", "setting mail.sender", "Write it like muster@company.example."
            )
        files = (settings.password_file,) if settings.password_file else ()
        where = "setting mail.password_file"
        self._password = secret(files, "MUSTER_MAIL_PASSWORD", where)[0] if settings.user else ""
        try:
            self._context = ssl.create_default_context(cafile=settings.ca_file)
        except (OSError, ssl.SSLError):
            raise BadInput(
                "The file of authorities cannot be read.", "setting mail.ca_file", "Give a PEM file."
            ) from None

    def send(self, message: Message, /) -> str:
        """Hands the message to the server, for each recipient. Raises NotSent."""
        to = [_address(one) for one in message.to]
        known = [one for one in to if one is not None]
        if not known or len(known) < len(to):
            raise NotSent("A recipient is no mail address.", final=True)
        if CallList(
            people=(Callee(person="", ways=tuple(Way(channel="", address=a) for a in known)),)
        ).reaches_nobody:
            raise NotSent("The address is an example: it reaches nobody.", final=True)
        mail = composed(message, self._sender or "", known)
        given = False
        server: smtplib.SMTP | None = None
        try:
            server = self._connected()
            if self._settings.user:
                server.login(self._settings.user, self._password)
            given = True
            refused = server.send_message(mail, from_addr=self._sender, to_addrs=known)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotSent(
                "The server takes no recipient.", final=all(code >= 500 for code in codes)
            ) from error
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent("The server does not take our user and password.") from error
        except smtplib.SMTPResponseException as error:
            words = f"The server answered {int(error.smtp_code)}."
            refused_it = 400 <= error.smtp_code < 600  # anything else is no answer to what was asked
            raise NotSent(
                words, final=500 <= error.smtp_code < 600, unclear=given and not refused_it
            ) from error
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            # Whatever broke off while the message was given away may have arrived all the same.
            raise NotSent(f"The server does not answer ({type(error).__name__}).", unclear=given) from error
        finally:
            if server is not None:
                _leave(server)
        if refused:
            return f"The server took it for {len(known) - len(refused)} of {len(known)} recipients."
        return "The server took it."

    def _connected(self) -> smtplib.SMTP:
        told = self._settings
        if told.tls == "tls":
            return _SecureServer(told.host, told.port, timeout=told.timeout, context=self._context)
        server = _Server(told.host, told.port, timeout=told.timeout)
        if told.tls == "starttls":
            try:
                server.starttls(context=self._context)
            except BaseException:
                server.close()
                raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    """Says goodbye; what is answered to that changes nothing any more."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def composed(message: Message, sender: str, to: list[str]) -> EmailMessage:
    """The mail: equal messages give equal Message-IDs; a repeat says so in its subject."""
    mail = EmailMessage(policy=SMTP)
    subject = _CONTROLS.sub(" ", message.subject).strip()[:_LONGEST_SUBJECT] or "Muster"
    mail["Subject"] = f"{subject} ({MAY_BE_A_REPEAT})" if message.repeat else subject
    mail["From"] = Address(addr_spec=sender)
    mail["To"] = [Address(addr_spec=one) for one in to]
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{sha256(message.key.encode()).hexdigest()[:40]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    text = (
        f"This {MAY_BE_A_REPEAT}: nobody knows whether it arrived before.\n\n{message.text}"
        if message.repeat
        else message.text
    )
    mail.set_content(text.replace("\r\n", "\n").replace("\r", "\n"))
    return mail


def _address(text: str) -> str | None:
    """The address alone, None when it is none; nothing else is ever handed to a mail server."""
    found = text.strip()
    return found if _ADDRESS.fullmatch(found) else None
