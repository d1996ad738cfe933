"""A way back in for a locked-out administrator: whoever may write the data directory may make a link, as an entry."""

from dataclasses import dataclass

from muster.access.accounts import ACCOUNTS
from muster.access.passing import LinkPurpose
from muster.app.muster import Muster
from muster.app.registry import FOLDS
from muster.app.sign_in import LINK_LIFE
from muster.core.errors import BadInput
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Through
from muster.store import lists
from muster.store.append import load


@dataclass(frozen=True)
class MadeLink:
    """A one-time link's secret, whose account it is ("" for the first administrator), and how many hours it lives."""

    secret: str
    account: str
    name: str
    hours: float


def link_for_administrator(muster: Muster, sign_in: str | None = None) -> MadeLink:
    """A new link for an administrator: the named one, else the only one; for the first one while there is none.

    Raises BadInput when it is not clear for whom, Unavailable.
    """
    with muster.record.ledger.database.read() as connection:
        accounts = load(connection, [ACCOUNTS_STREAM], FOLDS, lock=False)[ACCOUNTS_STREAM].slice(ACCOUNTS)
        names = lists.names(connection)
    administrators = {accounts.accounts[account].sign_in: account for account in accounts.administrators()}
    if not administrators:
        return _made(muster, LinkPurpose.FIRST, "", "")
    chosen = (
        sign_in.strip().lower() if sign_in else next(iter(administrators)) if len(administrators) == 1 else ""
    )
    if chosen not in administrators:
        known = ", ".join(sorted(administrators))
        raise BadInput("It is not clear for which administrator.", "--account", f"Name one of: {known}.")
    account = administrators[chosen]
    return _made(muster, LinkPurpose.RESET, account, names.get(account, chosen))


def _made(muster: Muster, purpose: LinkPurpose, account: str, name: str) -> MadeLink:
    secret = muster.sign_in.make_link(purpose, account, Through.HOST)
    return MadeLink(secret, account, name, LINK_LIFE[purpose].total_seconds() / 3600)
