"""The people of the script: invented, each once."""

from muster.rehearse.shop.people import EVERYBODY, NOOR, ROBIN


def test_everybody_is_there_once() -> None:
    assert len({person.key for person in EVERYBODY}) == len({person.name for person in EVERYBODY}) == 11
    assert {ROBIN, NOOR} <= set(EVERYBODY)


def test_a_key_is_the_name_as_the_plan_writes_it() -> None:
    for person in EVERYBODY:
        assert person.key == person.name.lower().replace(" ", "-")
