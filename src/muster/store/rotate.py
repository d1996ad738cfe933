"""Rotation of the log's key: an entry names the new one, and the first checkpoint over it bears both signatures.

Each step can be the last one before a crash. The new key is written beside the old one (`key.next`); the entry and the
log's row are one transaction; the checkpoint is made; only then the new key takes the old one's place. The log's row
says which key counts, so the next open finishes a rotation whose entry is there, and forgets a key that no entry names.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from muster.core.errors import BadInput
from muster.core.ids import LOG_STREAM
from muster.record.entry import Draft
from muster.record.log import LogKeyRotated
from muster.record.note import SigningKey, fingerprint
from muster.store import schema
from muster.store.append import Decided, Ledger
from muster.store.keys import Keys, finish_rotation
from muster.store.open_record import OpenRecord, server_context


@dataclass(frozen=True)
class Rotated:
    """Fingerprints of the key that signed until now and of the one that signs from now on; entries sealed by both."""

    former: str
    fingerprint: str
    verifier_key: str
    size: int


def rotate_key(record: OpenRecord, key_file: Path | None = None) -> Rotated:
    """Gives the log a new signing key. No server may run on it: it would go on with the old key in memory.

    Raises Unavailable when the record is served for reading only or cannot be written, BadInput when the key was
    rotated meanwhile.
    """
    ledger, watch = record.ledger, record.ledger.database.watch
    former = record.key
    new = SigningKey(record.origin, record.folder.make_next(key_file))
    watch("rotate-key-written")
    _write_entry(ledger, former, new)
    watch("rotate-entry-written")
    size = finish_rotation(ledger.database, record.folder, Keys(new, former), key_file)
    verifier = new.verifier()
    return Rotated(fingerprint(former.verifier()), fingerprint(verifier), verifier.text(), size)


def _write_entry(ledger: Ledger, former: SigningKey, new: SigningKey) -> None:
    before, after = former.verifier().text(), new.verifier().text()

    def stamp(connection: Connection) -> None:
        table = schema.log
        changed = connection.execute(
            table.update().where(table.c.verifier_key == before).values(verifier_key=after)
        )
        if changed.rowcount != 1:
            raise BadInput("The key was rotated meanwhile.", "log", "Look who did it, then start again.")

    draft = Draft(LOG_STREAM, LogKeyRotated(verifier_key=after))
    ledger.append(
        [LOG_STREAM], lambda _states, _connection: Decided((draft,), server_context(), working=(stamp,))
    )
