"""The story's last act: the review, causes, lessons, changed lines of the plan, a drill that tests them, re-pinning."""

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.people import Actor
from tests.replay.story import Story

STEP = "playbooks/stolen-credentials.yaml#/steps/ask-the-owner/do"


def play(story: Story) -> None:
    """What one incident taught, as a line of the plan that a drill has tested."""
    one = story.commanded("The alarm came late")
    older = story.commanded("Another one, declared before")
    review(story, one)
    lessons(story, one)
    story.by(Verb.REPIN, "noor", incident=older, reason="The new step helps here")
    story.by(Verb.NO_CAUSES, "noor", incident=older, reason="Known from the other one")
    story.by(Verb.NO_LESSON, "noor", incident=older, reason="The other one has it")
    for person in ("robin-vale", None):
        story.by(Verb.TIE, "ada", account=story.ana.account, person=person)


def review(story: Story, one: str) -> None:
    by, people = story.by, story.stage.people
    by(Verb.SCHEDULE_REVIEW, "noor", incident=one, due="2026-12-01T09:00Z", lead=people["ines"].account)
    by(Verb.HOLD_REVIEW, "ines", incident=one, people=[people["noor"].account, people["tomas"].account])
    cause = {"incident": one, "cause": "detection"}
    wrong = by(Verb.CAUSE, "tomas", text="Nobody read the log of the portal", opinion=True, **cause)["seq"]
    by(Verb.WITHDRAW_CAUSE, "tomas", incident=one, cause=wrong, reason="Somebody did")
    by(Verb.CAUSE, "tomas", text="No rule reads the log of the portal", opinion=True, **cause)


def lessons(story: Story, one: str) -> None:
    by = story.by
    lesson = by(Verb.LESSON, "tomas", incident=one, text="Call the owner twice")["lesson"]
    owner = story.stage.people["tomas"].account
    by(Verb.AGREE_LESSON, "noor", lesson=lesson, owner=owner, due="2026-12-24T00:00Z", expected=1)
    lines = [{"id": STEP, "text": "Call the owner twice, then their lead."}]
    wrote = by(Verb.WRITE_CHANGE, "tomas", lesson=lesson, lines=lines, expected=2)
    by(Verb.APPROVE_CHANGE, "claire", lesson=lesson, sha256=wrote["sha256"], expected=3)
    by(Verb.MARK_TESTED, "mika", lesson=lesson, drill=drilled(story), lines=[STEP], expected=4)
    spare = by(Verb.LESSON, "tomas", incident=one, text="Write a rule for the log")["lesson"]
    by(Verb.DROP_LESSON, "noor", lesson=spare, reason="It is there by now", expected=1)


def drilled(story: Story) -> str:
    """A drill in which the changed step is done, and in which something real is learnt."""
    drill = str(story.by(Verb.START_DRILL, "mika", exercise="Stolen password")["drill"])
    mika = story.stage.people["mika"].caller.actor
    inside = Caller(Actor(mika.account, mika.duties, mika.through, None, f"drill:{drill}"))
    incident = story.do(Verb.DECLARE, inside, what="Odd sign-ins")["incident"]
    run = story.do(Verb.RUN, inside, incident=incident, playbook="stolen-credentials")["run"]
    story.do(Verb.FINISH_STEP, inside, incident=incident, run=run, step="ask-the-owner")
    story.do(Verb.LESSON, inside, incident=incident, text="Have the number of the lead at hand")
    return drill
