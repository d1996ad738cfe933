"""The whole story in which every verb of the registry is used at least once, act by act."""

from tests.replay import answering, learning, telling, working
from tests.replay.story import Story


def play(story: Story) -> None:
    """From the first account to a line of the plan that a drill has tested."""
    story.people()
    story.intake()
    story.incident()
    story.not_one()
    story.secret()
    story.drill()
    story.due()
    story.company.approve(story.company.first)
    working.play(story)
    answering.play(story)
    telling.play(story)
    learning.play(story)
