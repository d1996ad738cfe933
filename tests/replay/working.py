"""The story's second act, under the plan of the example company: tasks, decisions, evidence, milestones, outages."""

from muster.access.verbs import Verb
from tests.replay.story import Story


def play(story: Story) -> None:
    """One incident in which all of it happens."""
    one = story.commanded("Somebody runs commands on the portal")
    tasks(story, one)
    decisions(story, one)
    evidence(story, one)
    course(story, one)


def tasks(story: Story, one: str) -> None:
    by, people = story.by, story.stage.people
    task = by(
        Verb.TASK, "noor", incident=one, text="Save the web log", owner=people["tomas"].account, check_back=15
    )["task"]
    by(Verb.TAKE, "tomas", incident=one, task=task, expected=1)
    by(Verb.CHECK_BACK, "tomas", incident=one, task=task, text="Half of it")
    by(Verb.HAND_OVER, "tomas", incident=one, task=task, to=people["jonas"].account, expected=2)
    by(Verb.CORRECT, "noor", incident=one, corrects=task, text="Save the web log and the process log")
    by(Verb.TAKE, "jonas", incident=one, task=task, expected=4)
    by(Verb.DONE, "jonas", incident=one, task=task, text="Both saved", expected=5)
    other = by(Verb.TASK, "noor", incident=one, text="Call the vendor", owner=people["mika"].account)["task"]
    by(Verb.DROP, "noor", incident=one, task=other, reason="They called us", expected=1)


def decisions(story: Story, one: str) -> None:
    by = story.by
    asked = by(
        Verb.ASK_DECISION,
        "tomas",
        incident=one,
        text="Do we watch?",
        options=["watch", "evict"],
        role="commander",
    )["decision"]
    by(Verb.DECIDE, "noor", incident=one, text="watch", reason="Nothing leaves", answers=asked)
    spare = by(Verb.ASK_DECISION, "tomas", incident=one, text="Do we wake the director?", role="commander")
    by(Verb.WITHDRAW_DECISION, "tomas", incident=one, decision=spare["decision"], reason="She is awake")
    by(Verb.POSTURE, "noor", incident=one, posture="watch", reason="Nothing leaves", expected=0)


def evidence(story: Story, one: str) -> None:
    by = story.by
    sha256 = story.stage.muster.doing.blobs.put(b"memory of PORTAL-01")
    got = by(
        Verb.EVIDENCE, "tomas", incident=one, sha256=sha256, size=19, name="portal-01.mem",
        place="the safe in Berlin", of=["PORTAL-01"],
    )  # fmt: skip
    seq = got["evidence"]
    by(Verb.PASS_ON, "tomas", incident=one, evidence=seq, to=story.stage.people["jonas"].account, expected=1)
    by(Verb.RECEIVE, "jonas", incident=one, evidence=seq, expected=2)
    by(Verb.ACCESS, "jonas", incident=one, evidence=seq, purpose="To see what ran")
    assert by(Verb.VERIFY_EVIDENCE, "tomas", incident=one, evidence=seq)["equal"]


def course(story: Story, one: str) -> None:
    by = story.by
    shown = [by(Verb.FACT, "tomas", incident=one, text="No packet of theirs", source="The flows")["seq"]]
    by(Verb.LOST, "jonas", incident=one, service="customer-portal")
    by(Verb.MILESTONE, "tomas", incident=one, milestone="contained", shown_by=shown)
    by(Verb.SEEN_AGAIN, "tomas", incident=one, text="The same key, from another address")
    by(Verb.MILESTONE, "tomas", incident=one, milestone="contained", shown_by=shown)
    by(
        Verb.REVOKE_MILESTONE,
        "noor",
        incident=one,
        milestone="contained",
        reason="PORTAL-02 was not looked at",
    )
    by(Verb.RESTORED, "jonas", incident=one, service="customer-portal", reason="Built anew, by hand")
