"""The mark of a pipeline changes with whatever was chosen."""

from muster.detect.pipeline_choice import DEFAULT, NONE, PipelineChoice


def test_each_choice_has_a_mark_of_its_own() -> None:
    choices = [
        DEFAULT,
        NONE,
        PipelineChoice(text=b""),
        PipelineChoice(text=b"a"),
        PipelineChoice(more=(b"a",)),
        PipelineChoice(more=(b"a", b"")),
        PipelineChoice(more=(b"", b"a")),
    ]
    assert len({one.mark for one in choices}) == len(choices)
    assert PipelineChoice(more=(b"a",)).mark == PipelineChoice(more=(b"a",)).mark
