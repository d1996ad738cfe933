"""The channels that the settings set up: name -> adapter, one plain dict."""

from muster.app.sending import Adapter
from muster.app.settings import Settings
from muster.channels.mail import Mail
from muster.channels.webhook import Webhook

MAIL = "mail"


def channels(settings: Settings) -> dict[str, Adapter]:
    """`mail`, and `webhook:NAME` for each receiver. Raises BadInput for settings that cannot work."""
    found: dict[str, Adapter] = {}
    if settings.mail is not None:
        found[MAIL] = Mail(settings.mail)
    for name, told in settings.webhooks.items():
        found[f"webhook:{name}"] = Webhook(name, told)
    return found
