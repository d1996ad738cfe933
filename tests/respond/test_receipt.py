"""Receipts: enough chance, read as people type them, and only a hash is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.respond.receipt import receipt_code, receipt_hash


@given(st.binary(min_size=32, max_size=32))
def test_a_receipt_is_read_however_it_is_typed(secret: bytes) -> None:
    receipt = receipt_code(secret)
    assert len(receipt) == 23
    typed = f" {receipt.lower().replace('0', 'o').replace('-', ' ')} "
    assert receipt_hash(typed) == receipt_hash(receipt)
    assert receipt not in receipt_hash(receipt)


def test_other_secrets_have_other_receipts() -> None:
    assert len({receipt_code(bytes([number]) * 32) for number in range(100)}) == 100


@pytest.mark.parametrize(
    "text", ["", "RCP", "RCP-7Q4K-M2ZZ-01AB-CDE", "7Q4K-M2ZZ-01AB-CDEF", "RCP-7Q4K-M2ZZ-01AB-CDEU"]
)
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no receipt"):
        receipt_hash(text)
