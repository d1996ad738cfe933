"""Which signing keys a state folder holds for a log, which of them signs, and the end of a rotation."""

from dataclasses import dataclass
from pathlib import Path

from muster.core.errors import BadInput, Unavailable
from muster.record.note import SigningKey
from muster.store.database import Database
from muster.store.seal import Sealer
from muster.store.state_folder import StateFolder


@dataclass(frozen=True)
class Keys:
    """The key that signs. former: the one before it, while its rotation is not finished."""

    key: SigningKey
    former: SigningKey | None = None


def keys_of(folder: StateFolder, origin: str, stated: str, key_file: Path | None = None) -> Keys:
    """The keys of a log whose row names the verifier key `stated`. Raises BadInput when none of them is here."""
    kept = SigningKey(origin, folder.seed(key_file))
    if kept.verifier().text() == stated:
        return Keys(kept)
    if folder.next_file(key_file).exists():
        new = SigningKey(origin, folder.seed(folder.next_file(key_file)))
        if new.verifier().text() == stated:
            return Keys(new, kept)
    raise BadInput(
        "The signing key is not the key of this log.",
        str(key_file or folder.key_file),
        "Give the right --key-file.",
    )


def finish_rotation(database: Database, folder: StateFolder, keys: Keys, key_file: Path | None = None) -> int:
    """Seals over the entry of rotation with both keys, then lets the new key take the old one's place.

    Returns the size that is sealed. Raises Unavailable; then the next open tries again.
    """
    size = Sealer(database, keys.key, folder, "rotate", former=keys.former).seal()
    database.watch("rotate-sealed")
    try:
        folder.take_next(key_file)
    except OSError as error:
        raise Unavailable(
            f"The new key cannot take its place: {error.strerror}.",
            str(folder.next_file(key_file)),
            "Make the folder writable, then start the server: it finishes the rotation.",
        ) from error
    database.watch("rotate-done")
    return size
