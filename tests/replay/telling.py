"""The story's fourth act: facts answered, duties to tell, and statements from confirmed facts."""

from muster.access.verbs import Verb
from tests.replay.story import Story

DUTY = {"obligation": "gdpr-art-33", "stage": "notice"}
FACTS = {
    "confirmed": "yes",
    "personal-data": "yes",
    "risk-to-people": "risk",
    "what-happened": "A stranger copied orders.",
    "services-affected": "The portal",
    "measures": "We closed the hole.",
    "contact-point": "privacy@shop.example.invalid",
    "next-update": "2026-11-25T09:00Z",
}


def play(story: Story) -> None:
    """One incident, told to whom it must be told."""
    one = story.commanded("A stranger copied orders")
    for fact, answer in FACTS.items():
        story.by(
            Verb.ANSWER_FACT, "helene", incident=one, fact=fact, answer=answer, source="the log", expected=0
        )
    duties(story, one)
    statement(story, one)


def duties(story: Story, one: str) -> None:
    by = story.by
    scope = {"incident": one, "obligation": "nordwind-contract", "ours": "no"}
    by(Verb.SCOPE, "noor", reason="None of their orders", **scope)
    wrong = by(Verb.ANCHOR, "helene", incident=one, anchor="aware", obligation="gdpr-art-33")["seq"]
    by(Verb.WITHDRAW_ANCHOR, "noor", incident=one, anchor=wrong, reason="It was an hour before")
    by(
        Verb.ANCHOR, "helene", incident=one, anchor="aware", obligation="gdpr-art-33",
        since="2026-11-24T02:00Z", reason="Then we knew", expected=1,
    )  # fmt: skip
    by(Verb.HOLD_BACK, "noor", incident=one, until="2026-11-25T00:00Z", reason="The police asks", **DUTY)
    by(Verb.FILE_NOTICE, "helene", incident=one, receipt="No. 4711", **DUTY)


def statement(story: Story, one: str) -> None:
    by = story.by
    draft = by(
        Verb.DRAFT_STATEMENT, "mika", incident=one, template="internal-first", recipients=["noor-lindgren"]
    )
    named = {"incident": one, "statement": draft["statement"], "sha256": draft["sha256"]}
    by(Verb.APPROVE_STATEMENT, "helene", **named)
    by(Verb.SEND_STATEMENT, "noor", **named)
