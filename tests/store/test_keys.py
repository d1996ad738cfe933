"""Which key signs: the one that the log's row names, wherever a crash left it."""

from pathlib import Path

import pytest

from muster.core.errors import BadInput
from muster.record.note import SigningKey
from muster.store.keys import keys_of
from muster.store.state_folder import StateFolder

ORIGIN = "muster.invalid/" + "0" * 32


def made(root: Path) -> tuple[StateFolder, SigningKey, SigningKey]:
    folder = StateFolder.of(ORIGIN, root)
    return folder, SigningKey(ORIGIN, folder.make()), SigningKey(ORIGIN, folder.make_next())


def test_the_kept_key_signs_alone_while_no_entry_names_the_next_one(tmp_path: Path) -> None:
    folder, kept, _ = made(tmp_path)
    assert keys_of(folder, ORIGIN, kept.verifier().text()).former is None


def test_the_next_key_signs_with_the_kept_one_once_the_log_names_it(tmp_path: Path) -> None:
    folder, kept, new = made(tmp_path)
    keys = keys_of(folder, ORIGIN, new.verifier().text())
    assert (keys.key, keys.former) == (new, kept)


def test_a_key_of_another_log_is_refused(tmp_path: Path) -> None:
    folder, _, _ = made(tmp_path)
    with pytest.raises(BadInput, match="not the key of this log"):
        keys_of(folder, ORIGIN, SigningKey(ORIGIN, b"x" * 32).verifier().text())
