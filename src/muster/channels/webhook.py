"""Signed webhooks (Standard Webhooks): id, timestamp and HMAC-SHA256, one signature for each secret in rotation."""

import base64
import hmac
import json
import ssl
import time
from collections.abc import Callable
from hashlib import sha256

import httpx2

from muster.app.channel_settings import WebhookSettings, secret
from muster.app.sending import Message, NotSent
from muster.channels.going_out import Blocked, GoingOut
from muster.core.errors import BadInput

_PREFIX = "whsec_"
_FEWEST, _MOST = 24, 64
_AGAIN = frozenset({408, 425, 429})


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature as it stands in the header: `v1,` and the HMAC in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def key_of(text: str, where: str) -> bytes:
    """The key of a secret as it is handed out: `whsec_` and base64 of 24 to 64 bytes. Raises BadInput."""
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not _FEWEST <= len(key) <= _MOST:
        raise BadInput(
            "This is no webhook secret.",
            where,
            f"It is {_PREFIX} and the base64 of {_FEWEST} to {_MOST} random bytes.",
        )
    return key


def id_of(key: str) -> str:
    """The webhook id: the idempotency key without a full stop, so that what is signed has one reading."""
    return "msg_" + sha256(key.encode()).hexdigest()[:40]


class Webhook:
    """The adapter of one receiver."""

    def __init__(self, name: str, settings: WebhookSettings, clock: Callable[[], float] = time.time) -> None:
        """Raises BadInput for settings that cannot work."""
        where = f"setting webhooks.{name}"
        try:
            url = httpx2.URL(settings.url)
        except (httpx2.InvalidURL, ValueError):
            url = httpx2.URL("")
        plain = url.scheme == "http" and settings.loopback
        if not (url.scheme == "https" or plain) or not url.host or url.userinfo:
            raise BadInput(
                "A webhook goes to an https address.",
                f"{where}.url",
                "Plain http is for loopback only (loopback = true).",
            )
        variable = f"MUSTER_WEBHOOK_{name.upper().replace('-', '_')}_SECRET"
        self._keys = [key_of(text, where) for text in secret(settings.secret_files, variable, where)]
        try:
            context = ssl.create_default_context(cafile=settings.ca_file)
        except (OSError, ssl.SSLError):
            raise BadInput(
                "The file of authorities cannot be read.", f"{where}.ca_file", "Give a PEM file."
            ) from None
        self._url, self._clock, self._timeout = url, clock, settings.timeout
        self._transport = GoingOut(context, loopback=settings.loopback)

    def send(self, message: Message, /) -> str:
        """Posts it; any 2xx is yes. Redirects are not followed. Raises NotSent."""
        body = json.dumps(
            {
                "type": f"muster.{message.payload.get('occasion', 'message')}",
                "timestamp": message.at,
                "data": {
                    **message.payload, "to": list(message.to), "subject": message.subject,
                    "text": message.text, "may_be_a_repeat": message.repeat,
                },
            }
        ).encode()  # fmt: skip
        message_id, now = id_of(message.key), int(self._clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": " ".join(signature(key, message_id, now, body) for key in self._keys),
            "accept-encoding": "identity",
        }
        return self._judged(self._posted(body, headers))

    def _posted(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            with (
                httpx2.Client(
                    transport=self._transport.once(self._timeout),
                    timeout=self._timeout,
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                return answer.status_code  # nothing of the answer is read: it may be without end
        except Blocked as error:
            raise NotSent(str(error), final=True) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise NotSent(f"The receiver does not answer ({type(error).__name__}).") from error
        except httpx2.HTTPError as error:
            raise NotSent(f"The receiver broke off ({type(error).__name__}).", unclear=True) from error

    @staticmethod
    def _judged(status: int) -> str:
        if 200 <= status < 300:
            return f"The receiver answered {status}."
        if 300 <= status < 400:
            raise NotSent(f"The receiver answered {status}: redirects are not followed.", final=True)
        final = 400 <= status < 500 and status not in _AGAIN
        raise NotSent(f"The receiver answered {status}.", final=final)
