"""What stands in for a channel: a dry run in a drill, and the word of what is missing."""

import pytest

from muster.app.sending import DryRun, Message, NotSent, NotSetUp

MESSAGE = Message("k", ("ana@shop.example",), "x", "y", 0)


def test_a_dry_run_says_that_nothing_was_sent() -> None:
    assert DryRun().send(MESSAGE) == "dry run: nothing was sent"


def test_a_channel_that_is_not_set_up_may_be_set_up_yet() -> None:
    with pytest.raises(NotSent) as found:
        NotSetUp("pigeon").send(MESSAGE)
    assert "pigeon" in found.value.words
    assert not found.value.final
    assert not found.value.unclear
