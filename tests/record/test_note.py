"""Signed notes: the published example, rotation, and every byte guarded."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import note
from muster.record.note import Note, Signature, SigningKey, VerifierKey
from tests.record.refusals import refusal

# The example of golang.org/x/mod/sumdb/note: a key that is public, and a note that Go signed with it.
PETER_TEXT = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

OLD = SigningKey("muster.invalid/abc", bytes(range(32)))
NEW = SigningKey("muster.invalid/abc", bytes(range(1, 33)))
OTHER = SigningKey("witness.example/w", bytes(32))
TEXT = "one\n\ntwo \u00e9\n"


def test_a_note_signed_by_go_verifies():
    key = VerifierKey.parse(PETER_TEXT)
    assert key.name == "PeterNeumann"
    assert key.id.hex() == "c74f20a3"
    assert key.text() == PETER_TEXT
    assert note.verify(PETER_NOTE, [key]) == (key,)
    assert note.parse(PETER_NOTE).to_bytes() == PETER_NOTE


def test_the_first_key_of_rfc_8032():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey("a", seed)
    assert key.verifier().public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    assert "9d61" not in repr(key)
    assert "seed" not in repr(key)


def test_key_id_and_text_are_as_specified():
    key = OLD.verifier()
    digest = hashlib.sha256(b"muster.invalid/abc\n\x01" + key.public).digest()
    assert key.id == digest[:4]
    public = base64.b64encode(b"\x01" + key.public).decode()
    text = f"muster.invalid/abc+{digest[:4].hex()}+{public}"
    assert key.text() == text
    assert VerifierKey.parse(f" {text}\n") == key


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="+"), min_size=1),
    st.binary(min_size=32, max_size=32),
)
def test_every_key_survives_its_text(name: str, seed: bytes):
    try:
        key = SigningKey(name, seed).verifier()
    except BadInput:
        assert any(character.isspace() or ord(character) < 32 for character in name)
        return
    assert VerifierKey.parse(key.text()) == key
    assert note.verify(note.sign(TEXT, SigningKey(name, seed)), [key]) == (key,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no verifier key"),
        (PETER_TEXT + "A", "no verifier key"),
        (PETER_TEXT[:-1], "no verifier key"),
        (PETER_TEXT.replace("c74f", "C74F"), "no verifier key"),
        (PETER_TEXT.replace("+c74f20a3", ""), "no verifier key"),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no verifier key"),
        (PETER_TEXT.replace("Peter", "Peter "), "no name"),
        (PETER_TEXT.replace("Peter", "Peter+"), "no verifier key"),
        (PETER_TEXT.replace("+AR", "+BB"), "not of Ed25519"),
        (PETER_TEXT.replace("c74f20a3", "c74f20a4"), "does not fit"),
        (PETER_TEXT.replace("Peter", "Pete"), "does not fit"),
        (PETER_TEXT.replace("10TW", "10TX"), "does not fit"),
    ],
)
def test_other_texts_are_no_key(text: str, words: str):
    with pytest.raises(BadInput, match=words) as refused:
        VerifierKey.parse(text)
    assert refused.value.where == "key"
    assert refused.value.mend


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "\u00a0", "a\u2003b", "a\x01", "\ud800"])
def test_a_name_has_no_spaces_and_no_plus(name: str):
    for make in (lambda: SigningKey(name, bytes(32)), lambda: VerifierKey(name, bytes(32))):
        with pytest.raises(BadInput, match="no name of a key") as refused:
            make()
        assert refused.value.where == "key"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_have_32_bytes(length: int):
    with pytest.raises(BadInput, match="seed of a signing key has 32 bytes") as refused:
        SigningKey("a", bytes(length))
    assert (refused.value.where, refused.value.mend) == ("seed", "Draw 32 random bytes.")
    with pytest.raises(BadInput, match="32 bytes"):
        VerifierKey("a", bytes(length))


def test_rotation_signs_with_both_and_either_key_is_enough():
    both = note.sign(TEXT, OLD, NEW)
    assert note.verify(both, [OLD.verifier()]) == (OLD.verifier(),)
    assert note.verify(both, [NEW.verifier()]) == (NEW.verifier(),)
    assert note.verify(both, [NEW.verifier(), OLD.verifier()]) == (OLD.verifier(), NEW.verifier())
    with pytest.raises(BadInput, match="None of the known keys"):
        note.verify(both, [OTHER.verifier()])
    with pytest.raises(BadInput, match="None of the known keys"):
        note.verify(both, [])


def test_a_note_has_exactly_this_form():
    signed = note.sign(TEXT, OLD)
    value = base64.b64encode(OLD.verifier().id + OLD.sign(TEXT.encode())).decode()
    assert signed == f"{TEXT}\n\u2014 muster.invalid/abc {value}\n".encode()
    parsed = note.parse(signed)
    assert parsed == Note(TEXT, (Signature(OLD.name, OLD.verifier().id, OLD.sign(TEXT.encode())),))


def test_a_text_may_hold_empty_lines():
    for text in ("\n", "\n\n", "a\n\n", "\na\n"):
        assert note.parse(note.sign(text, OLD)).text == text


@pytest.mark.parametrize("text", ["", "a", "a\r\n", "a\tb\n", "\0\n", "\x1f\n", "\x0b\n", "\ud800\n"])
def test_what_is_not_whole_lines_of_text_cannot_be_signed(text: str):
    with pytest.raises(BadInput, match="cannot be signed") as refused:
        note.sign(text, OLD)
    assert refused.value.where == "note"


def test_a_note_needs_a_key():
    with pytest.raises(BadInput, match="needs a signature"):
        note.sign(TEXT)


def test_signatures_of_unknown_keys_are_ignored_even_under_a_known_name_or_id():
    known = OLD.verifier()
    text = TEXT.encode()
    strange = (
        Signature(known.name, b"\0\1\2\3", b"x"),
        Signature("else", known.id, bytes(64)),
        Signature(OTHER.name, OTHER.verifier().id, bytes(64)),
        Signature(OTHER.name, OTHER.verifier().id, bytes(64)),
    )
    signed = Note(TEXT, (*strange, Signature(known.name, known.id, OLD.sign(text)))).to_bytes()
    assert note.verify(signed, [known]) == (known,)


@pytest.mark.parametrize("value", [bytes(64), b"x", OLD.sign(b"another text")])
def test_a_wrong_signature_of_a_known_key_spoils_the_note(value: bytes):
    good = note.parse(note.sign(TEXT, NEW)).signatures[0]
    signed = Note(TEXT, (good, Signature(OLD.name, OLD.verifier().id, value))).to_bytes()
    assert note.verify(signed, [NEW.verifier()])
    with pytest.raises(BadInput, match="does not fit the text") as refused:
        note.verify(signed, [NEW.verifier(), OLD.verifier()])
    assert refused.value.where == "note"


def test_a_known_key_signs_once():
    signed = note.sign(TEXT, OLD, OLD)
    with pytest.raises(BadInput, match="signed the note twice"):
        note.verify(signed, [OLD.verifier()])


SIGNED = note.sign(TEXT, OLD)
LINE = SIGNED.decode().rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no signed note"),
        (b"text\n", "no signed note"),
        (LINE.encode(), "no signed note"),
        (SIGNED[:-1], "no signed note"),
        (SIGNED + b"\n", "no signed note"),
        (b"text\n\n", "no signed note"),
        (SIGNED.replace(b"one", b"\xff"), "no signed note"),
        (SIGNED.replace(b"one", b"o\te"), "cannot be signed"),
        (SIGNED.replace(b"\n", b"\r\n"), "no signed note"),
        (SIGNED + b"more\n", "no line of a signature"),
        (SIGNED.replace("\u2014 ".encode(), b"- "), "no line of a signature"),
        (SIGNED.replace("\u2014 ".encode(), "\u2014".encode()), "no line of a signature"),
        ("text\n\n\u2014 name\n".encode(), "no line of a signature"),
        ("text\n\n\u2014  AAAAAAA=\n".encode(), "no name"),
        ("text\n\n\u2014 a+b AAAAAAA=\n".encode(), "no name"),
        ("text\n\n\u2014 a AAAAAAA= \n".encode(), "no base64"),
        ("text\n\n\u2014 a AAAAAAA\n".encode(), "no base64"),
        ("text\n\n\u2014 a AAAAAAB=\n".encode(), "no base64"),
        ("text\n\n\u2014 a \u00e9\n".encode(), "no base64"),
        ("text\n\n\u2014 a AAAAAA==\n".encode(), "too short"),
        ("text\n\n\u2014 a \n".encode(), "too short"),
    ],
)
def test_what_has_not_the_form_of_a_note_is_refused(data: bytes, words: str):
    with pytest.raises(BadInput, match=words) as refused:
        note.parse(data)
    assert refused.value.where
    assert refused.value.mend
    with pytest.raises(BadInput):
        note.verify(data, [OLD.verifier()])


def test_five_bytes_are_a_signature_of_some_other_kind():
    parsed = note.parse("text\n\n\u2014 a AAAAAAE=\n".encode())
    assert parsed.signatures == (Signature("a", bytes(4), b"\1"),)


def test_limits():
    hundred = Note("a\n", (Signature("a", bytes(4), bytes(64)),) * 100)
    assert note.parse(hundred.to_bytes()) == hundred
    with pytest.raises(BadInput, match="more than 100"):
        note.parse(hundred.to_bytes() + hundred.signatures[0].line().encode())
    assert note.MAX_BYTES == 1048576
    large = note.sign("x" * (note.MAX_BYTES - len(SIGNED) + len(TEXT.encode()) - 1) + "\n", OLD)
    assert len(large) == note.MAX_BYTES
    assert note.verify(large, [OLD.verifier()])
    longer = note.sign("x" * note.MAX_BYTES + "\n", OLD)
    for attempt in (note.parse, lambda data: note.verify(data, [OLD.verifier()])):
        with pytest.raises(BadInput, match="larger than 1048576 bytes"):
            attempt(longer)
    assert note.parse(longer, most=len(longer))
    assert note.verify(longer, [OLD.verifier()], most=len(longer))


def test_every_changed_byte_is_found():
    signed = note.sign(TEXT, OLD)
    for place in range(len(signed)):
        for change in (1, 0x20, 0x80):
            changed = bytearray(signed)
            changed[place] ^= change
            with pytest.raises(BadInput):
                note.verify(bytes(changed), [OLD.verifier()])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), st.binary(min_size=32, max_size=32))
def test_what_was_signed_verifies(line: str, seed: bytes):
    key = SigningKey("a", seed)
    signed = note.sign(line + "\n", key)
    assert note.verify(signed, [key.verifier(), OLD.verifier()]) == (key.verifier(),)
    assert note.parse(signed).to_bytes() == signed


def test_the_fingerprint_is_the_sha256_of_the_key_line_in_groups():
    shown = note.fingerprint(OLD.verifier())
    assert shown.replace(" ", "") == hashlib.sha256(OLD.verifier().text().encode()).hexdigest()
    assert [len(group) for group in shown.split(" ")] == [4] * 16


def _signed(line: str) -> bytes:
    return f"{TEXT}\n{line}\n".encode()


REFUSALS = [
    (
        lambda: VerifierKey.parse("x"),
        "This is no verifier key.",
        "key",
        "It looks like name+0123abcd+base64.",
    ),
    (
        lambda: VerifierKey.parse(PETER_TEXT.replace("+AR", "+BB")),
        "The verifier key is not of Ed25519.",
        "key",
        "Muster's logs sign with Ed25519.",
    ),
    (
        lambda: VerifierKey.parse(PETER_TEXT.replace("c74f20a3", "c74f20a4")),
        "The id in the verifier key does not fit it.",
        "key",
        "Copy the whole line again.",
    ),
    (
        lambda: VerifierKey.parse(PETER_TEXT[:-2] + "=="),
        "This is no verifier key.",
        "key",
        "It looks like name+0123abcd+base64.",
    ),
    (
        lambda: VerifierKey("a", b""),
        "A public key has 32 bytes.",
        "key",
        "Use the verifier key as the log prints it.",
    ),
    (
        lambda: VerifierKey("a b", bytes(32)),
        "This is no name of a key.",
        "key",
        "It has no spaces and no plus sign.",
    ),
    (lambda: note.sign(TEXT), "A note needs a signature.", "note", "Give a signing key."),
    (
        lambda: note.sign("a", OLD),
        "This text cannot be signed.",
        "note",
        "It ends in a newline, without control characters.",
    ),
    (
        lambda: note.parse(note.sign(TEXT, OLD), most=5),
        "The note is larger than 5 bytes.",
        "note",
        "This is no note of a log.",
    ),
    (
        lambda: note.parse(b"\xff"),
        "This is no signed note.",
        "note",
        "A text, an empty line, then lines with signatures.",
    ),
    (
        lambda: note.parse(_signed("\n".join(["\u2014 a AAAAAAA="] * 101))),
        "The note has more than 100 signatures.",
        "note",
        "Take some away.",
    ),
    (
        lambda: note.verify(note.sign(TEXT, OLD, OLD), [OLD.verifier()]),
        "One key signed the note twice.",
        "note",
        "Muster signs once: the note was changed.",
    ),
    (
        lambda: note.verify(note.sign(TEXT, OLD).replace(b"two", b"to "), [OLD.verifier()]),
        "A signature does not fit the text.",
        "note",
        "The text or the signature was changed.",
    ),
    (
        lambda: note.verify(note.sign(TEXT, OLD), [NEW.verifier()]),
        "None of the known keys signed this.",
        "note",
        "Check it with the key of this log.",
    ),
    (
        lambda: note.decode("A", "there"),
        "This is no base64.",
        "there",
        "Only RFC 4648, section 4, with its padding, is read.",
    ),
    (
        lambda: note.decode("AB==", "there"),
        "This is no base64.",
        "there",
        "Only RFC 4648, section 4, with its padding, is read.",
    ),
    (
        lambda: note.parse(_signed("- a AAAAAAA=")),
        "This is no line of a signature.",
        "note",
        "It is an em dash, a name and base64.",
    ),
    (
        lambda: note.parse(_signed("\u2014 a AAAAAA==")),
        "A signature is too short.",
        "note",
        "It is a key id of 4 bytes and the signature.",
    ),
    (
        lambda: note.parse(_signed("\u2014 a A")),
        "This is no base64.",
        "note",
        "Only RFC 4648, section 4, with its padding, is read.",
    ),
]


@pytest.mark.parametrize(("refused", "what", "where", "mend"), REFUSALS, ids=range(len(REFUSALS)))
def test_each_refusal_says_what_where_and_the_next_step(
    refused: Callable[[], object], what: str, where: str, mend: str
):
    assert refusal(refused) == (what, where, mend)


def test_bounds_are_met_exactly():
    signed = note.sign(TEXT, OLD)
    assert note.parse(signed, most=len(signed)).text == TEXT
    with pytest.raises(BadInput, match="larger"):
        note.parse(signed, most=len(signed) - 1)
    hundred = note.parse(_signed("\n".join(["\u2014 a AAAAAAA="] * 100)))
    assert len(hundred.signatures) == 100
    assert hundred.signatures[0] == Signature("a", bytes(4), b"\0")
