"""What is refused, in full: what, where, and the next step of a person."""

from collections.abc import Callable

import pytest

from muster.core.errors import BadInput


def refusal(work: Callable[[], object]) -> tuple[str, str, str]:
    """The refusal of what cannot be done."""
    with pytest.raises(BadInput) as caught:
        work()
    return caught.value.what, caught.value.where, caught.value.mend
