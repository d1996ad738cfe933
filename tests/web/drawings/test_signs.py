"""Signs are told apart by their shape alone, and bear no colour of their own."""

import pytest

from muster.web.drawings.signs import Sign, drawn, key


def test_no_two_shapes_are_alike() -> None:
    assert len({drawn(sign, 8, 8, "x") for sign in Sign}) == len(Sign)


@pytest.mark.parametrize("sign", list(Sign))
def test_a_shape_takes_its_colour_from_the_page_and_stays_in_its_key(sign: Sign) -> None:
    alone = key(sign, "tl-people")

    assert "currentColor" in alone
    assert "#" not in alone.replace("http://www.w3.org/2000/svg", "")
    assert 'aria-hidden="true"' in alone
