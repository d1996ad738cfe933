"""Checkpoints: three lines, signed by the log's own key, and nothing else."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import checkpoint, note
from muster.record.checkpoint import Checkpoint
from muster.record.note import SigningKey
from tests.record.refusals import refusal
from tests.record.sample import KEY, NEW_KEY, ORIGIN, STRANGE_KEY

ROOT = bytes(range(32))


def test_a_checkpoint_has_exactly_this_form():
    data = checkpoint.make(ORIGIN, 12, ROOT, KEY)
    text = f"{ORIGIN}\n12\n{base64.b64encode(ROOT).decode()}\n"
    assert data == note.sign(text, KEY)
    assert checkpoint.parse(data) == Checkpoint(ORIGIN, 12, ROOT)
    assert checkpoint.parse(data).text() == text


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_what_was_made_verifies(size: int, root: bytes):
    data = checkpoint.make(ORIGIN, size, root, KEY, NEW_KEY)
    both = (KEY.verifier(), NEW_KEY.verifier())
    assert checkpoint.verify(data, both) == (Checkpoint(ORIGIN, size, root), both)
    assert checkpoint.verify(data, both[1:]) == (Checkpoint(ORIGIN, size, root), both[1:])


def test_another_key_does_not_verify():
    data = checkpoint.make(ORIGIN, 12, ROOT, KEY)
    with pytest.raises(BadInput, match="None of the known keys"):
        checkpoint.verify(data, [STRANGE_KEY.verifier()])


def test_a_key_of_another_log_neither_makes_nor_verifies():
    other = SigningKey("muster.invalid/other", bytes(32))
    with pytest.raises(BadInput, match="of another log") as refused:
        checkpoint.make(ORIGIN, 12, ROOT, KEY, other)
    assert refused.value.where == "checkpoint"
    data = note.sign(Checkpoint(ORIGIN, 12, ROOT).text(), KEY, other)
    assert checkpoint.verify(data, [KEY.verifier()])
    with pytest.raises(BadInput, match="of another log"):
        checkpoint.verify(data, [KEY.verifier(), other.verifier()])


GOOD_ROOT = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n", "no checkpoint"),
        (f"{ORIGIN}\n12\n", "no checkpoint"),
        (f"{ORIGIN}\n12\n{GOOD_ROOT}\nmore\n", "no checkpoint"),
        (f"{ORIGIN}\n12\n{GOOD_ROOT}\n\n", "no checkpoint"),
        (f"\n12\n{GOOD_ROOT}\n", "no checkpoint"),
        (f"{ORIGIN}\n012\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n-1\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n1 \n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n\u0661\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n9007199254740992\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n{'1' * 5000}\n{GOOD_ROOT}\n", "no decimal"),
        (f"{ORIGIN}\n12\n{GOOD_ROOT[:-1]}\n", "no base64"),
        (f"{ORIGIN}\n12\nAAAA\n", "no hash"),
    ],
)
def test_other_texts_are_no_checkpoint(text: str, words: str):
    data = note.sign(text, KEY)
    for read in (checkpoint.parse, lambda data: checkpoint.verify(data, [KEY.verifier()])):
        with pytest.raises(BadInput, match=words) as refused:
            read(data)
        assert refused.value.where == "checkpoint"
        assert refused.value.mend


@pytest.mark.parametrize(("size", "root"), [(-1, ROOT), (2**53, ROOT), (1, ROOT[:31])])
def test_what_would_not_be_read_back_is_not_made(size: int, root: bytes):
    with pytest.raises(BadInput):
        checkpoint.make(ORIGIN, size, root, KEY)


def test_a_new_origin_is_random_and_leads_nowhere():
    assert checkpoint.new_origin(bytes(range(16))) == "muster.invalid/000102030405060708090a0b0c0d0e0f"
    for length in (0, 15, 17):
        with pytest.raises(BadInput, match="16 bytes") as refused:
            checkpoint.new_origin(bytes(length))
        assert refused.value.where == "origin"


def _noted(text: str) -> bytes:
    return note.sign(text, KEY)


REFUSALS = [
    (
        lambda: checkpoint.new_origin(b"short"),
        "An origin is made of 16 bytes.",
        "origin",
        "Draw 16 random bytes.",
    ),
    (
        lambda: checkpoint.parse(_noted("a\n1\n")),
        "This is no checkpoint.",
        "checkpoint",
        "It has an origin, a size and a root, a line each.",
    ),
    (
        lambda: checkpoint.parse(_noted(f"{ORIGIN}\n01\n{base64.b64encode(ROOT).decode()}\n")),
        "The size is no decimal number.",
        "checkpoint",
        "It has no sign and no leading zeros.",
    ),
    (
        lambda: checkpoint.parse(_noted(f"{ORIGIN}\n1\nAAAA\n")),
        "The root is no hash.",
        "checkpoint",
        "It is the base64 of 32 bytes.",
    ),
    (
        lambda: checkpoint.parse(_noted(f"{ORIGIN}\n1\nA\n")),
        "This is no base64.",
        "checkpoint",
        "Only RFC 4648, section 4, with its padding, is read.",
    ),
    (
        lambda: checkpoint.make(ORIGIN, 1, ROOT, SigningKey("other", bytes(32))),
        "The key is of another log.",
        "checkpoint",
        "A log's key bears the name of its origin.",
    ),
]


@pytest.mark.parametrize(("refused", "what", "where", "mend"), REFUSALS, ids=range(len(REFUSALS)))
def test_each_refusal_says_what_where_and_the_next_step(
    refused: Callable[[], object], what: str, where: str, mend: str
):
    assert refusal(refused) == (what, where, mend)
