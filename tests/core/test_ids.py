"""Codes for people: drawn, never counted; a typing error is found; what is typed is read kindly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.core.ids import (
    ACCOUNTS_STREAM,
    ALPHABET,
    LOG_STREAM,
    StreamType,
    code,
    parse_code,
    stream_type,
)

DRAWN = st.binary(min_size=16, max_size=16).map(bytes.hex)
LETTERS = ALPHABET[:31]
REFUSED = [
    "", "INC", "INC-", "INC-1", "XXX-7Q4KM2", "INC-7Q4KM2; DROP TABLE", "INC-ÄÖÜ123", "INC-7Q4K M2", "7Q4KM2",
    "INC--7Q4KM2", "INC-UUUUUU", "INC-" + "0" * 13, "\0", "INC-\uff17Q4KM2", "ACC-LOG", "LOG-ACCOUNTS",
]  # fmt: skip


@given(DRAWN, st.sampled_from([StreamType.INCIDENT, StreamType.SIGNAL, StreamType.ACCESS]))
def test_a_code_is_read_back_however_it_was_typed(drawn: str, kind: StreamType) -> None:
    made = code(kind, drawn)
    assert parse_code(made) == parse_code(f"  {made.lower()}\n") == parse_code(made, kind) == made
    assert parse_code(made.replace("0", "O").replace("1", "l")) == made
    assert stream_type(made) is kind


@given(DRAWN, st.data())
def test_one_wrong_letter_is_found(drawn: str, data: st.DataObject) -> None:
    made = code(StreamType.INCIDENT, drawn)
    place = data.draw(st.integers(4, len(made) - 1))
    other = data.draw(st.sampled_from([letter for letter in LETTERS if letter != made[place]]))
    with pytest.raises(BadInput):
        parse_code(made[:place] + other + made[place + 1 :])


@given(DRAWN, st.data())
def test_two_swapped_neighbours_are_found(drawn: str, data: st.DataObject) -> None:
    made = code(StreamType.ACCESS, drawn)
    place = data.draw(st.integers(4, len(made) - 2))
    left, right = made[place], made[place + 1]
    if left != right:
        with pytest.raises(BadInput):
            parse_code(made[:place] + right + left + made[place + 2 :])


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_code_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_code(typed)
    assert not typed or typed not in refused.value.what


def test_a_code_of_another_type_is_told_so() -> None:
    with pytest.raises(BadInput, match="another type"):
        parse_code(code(StreamType.SIGNAL, "0" * 32), StreamType.INCIDENT)


def test_the_two_fixed_streams_are_codes() -> None:
    assert parse_code("acc-accounts") == ACCOUNTS_STREAM
    assert parse_code(LOG_STREAM, StreamType.LOG) == LOG_STREAM
    assert stream_type(ACCOUNTS_STREAM) is StreamType.ACCOUNTS
    with pytest.raises(BadInput):
        parse_code(ACCOUNTS_STREAM, StreamType.INCIDENT)


def test_access_streams_are_many_and_have_longer_codes() -> None:
    assert len(code(StreamType.ACCESS, "f" * 32)) > len(code(StreamType.INCIDENT, "f" * 32))
