"""The story's third act: actions on systems, approved and carried out, and playbooks that are followed."""

from typing import Any

from muster.access.verbs import Verb
from tests.replay.story import Story

ISOLATE = {
    "action": "isolate-host",
    "decision": "disconnect",
    "target_kind": "host",
    "target": "PORTAL-01",
    "purpose": "They lose the machine",
    "harm": "The portal is slow",
    "tip_off": "They see that we know",
    "undo": "Put the port back",
    "minutes": 240,
}


def play(story: Story) -> None:
    """One incident with its actions, and two runs."""
    one = story.commanded("Somebody uses a stolen password")
    actions(story, one)
    stolen(story, one)
    intrusion(story, one)


def actions(story: Story, one: str) -> None:
    by = story.by
    by(
        Verb.EVIDENCE,
        "tomas",
        incident=one,
        sha256="cd" * 32,
        size=9,
        name="disk",
        place="safe",
        of=["PORTAL-01"],
    )
    action = by(Verb.PROPOSE, "tomas", incident=one, **ISOLATE)
    by(Verb.APPROVE, "noor", incident=one, action=action["action"], sha256=action["sha256"])
    changed = by(
        Verb.CHANGE_ACTION,
        "tomas",
        incident=one,
        change=action["action"],
        expected=2,
        **ISOLATE | {"minutes": 60},
    )
    named: dict[str, Any] = {"incident": one, "action": action["action"]}
    by(Verb.APPROVE, "noor", sha256=changed["sha256"], **named)
    started = by(Verb.START_ACTION, "jonas", sha256=changed["sha256"], **named)
    done = by(
        Verb.ACTION_DONE, "jonas", worked=True, text="The port is off", expected=started["version"], **named
    )
    seen = by(Verb.VERIFY_ACTION, "tomas", text="No packet since", expected=done["version"], **named)
    by(Verb.END_ACTION, "jonas", fate="undone", reason="Built anew", expected=seen["version"], **named)
    spare = by(Verb.PROPOSE, "tomas", incident=one, **ISOLATE | {"target": "PORTAL-02"})
    by(Verb.WITHDRAW_ACTION, "tomas", incident=one, action=spare["action"], reason="Not theirs", expected=1)


def stolen(story: Story, one: str) -> None:
    """Taken, failed, done, skipped, undone, stopped; the steps of nobody in particular are Noor's."""
    by = story.by
    run = by(Verb.RUN, "noor", incident=one, playbook="stolen-credentials")["run"]
    at = {"incident": one, "run": run}
    by(Verb.TAKE_STEP, "noor", step="ask-the-owner", **at)
    by(Verb.FAIL_STEP, "noor", step="ask-the-owner", reason="Nobody picks up", **at)
    by(Verb.FINISH_STEP, "noor", step="ask-the-owner", text="Now they did", **at)
    by(Verb.FINISH_STEP, "noor", step="what-kind", choice="staff", **at)
    by(Verb.SKIP_STEP, "noor", step="save-sessions", reason="Saved before", **at)
    by(Verb.TICK, "noor", **at)
    by(Verb.FINISH_STEP, "noor", step="end-sessions", text="All ended", **at)
    by(Verb.UNDO_STEP, "noor", step="end-sessions", reason="It was another account", **at)
    by(Verb.STOP_RUN, "noor", reason="Another playbook fits", **at)


def intrusion(story: Story, one: str) -> None:
    """As far as the gate: what nobody stands in the way of goes on by itself, or by time."""
    by = story.by
    at = {"incident": one, "run": by(Verb.RUN, "noor", incident=one, playbook="web-intrusion")["run"]}
    by(Verb.FINISH_STEP, "noor", step="confirm", **at)
    by(Verb.FINISH_STEP, "noor", step="real", choice="stranger", **at)
    by(Verb.ANCHOR, "helene", incident=one, anchor="aware", obligation="gdpr-art-33")
    by(Verb.FINISH_STEP, "helene", step="clocks", **at)
    by(Verb.FINISH_STEP, "tomas", step="capture", **at)
    by(Verb.FINISH_STEP, "tomas", step="reach", **at)
    by(Verb.FINISH_STEP, "tomas", step="picture", **at)
    by(Verb.FINISH_STEP, "noor", step="posture", choice="evict", **at)
    by(Verb.AGREE, "ines", step="approve-isolation", **at)
