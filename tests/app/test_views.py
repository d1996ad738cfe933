"""Views are plain frozen data: an answer cannot be changed on its way out."""

import pytest
from pydantic import ValidationError

from muster.app import views
from muster.app.views import PersonView, View


def test_every_view_is_frozen_and_says_what_it_is() -> None:
    found = [one for one in vars(views).values() if isinstance(one, type) and issubclass(one, View)]
    assert len(found) > 10
    for one in found:
        assert one.model_config.get("frozen"), one
        assert one.__doc__


def test_a_view_cannot_be_changed() -> None:
    view = PersonView(account="a", name="Ana")
    with pytest.raises(ValidationError):
        view.name = "Ben"  # pyright: ignore[reportAttributeAccessIssue] - the fault under test


def test_no_view_has_a_place_for_a_secret() -> None:
    for one in vars(views).values():
        if isinstance(one, type) and issubclass(one, View):
            assert not {"secret", "password", "hash", "receipt", "link", "feed"} & set(one.model_fields), one
