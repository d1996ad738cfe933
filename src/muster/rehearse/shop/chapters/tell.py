"""What is said outside: the notice within its clock, a letter from confirmed facts, and one fact that changes."""

from collections.abc import Iterator
from datetime import timedelta

from muster.rehearse.shop.beats import Beat, of
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import AMARA, CLAIRE, HELENE, INES, JONAS, NOOR, ROBIN, TOMAS, YUSUF


def facts(pen: Pen) -> Iterator[Beat]:
    """The questions of the plan are answered, each with its source."""
    one = pen.one
    pen.goes(20)
    yield pen.step(
        JONAS, "close-the-hole", "4.7.1 is built by the emergency path; both machines are built anew."
    )
    yield pen.answer(
        TOMAS,
        "how-they-came-in",
        f"By a known hole in the web framework of the portal, build {one.build}",
        "Web log, and the test of the portal team",
    )
    yield pen.moves(NOOR, "recovering", "No act of theirs since the eviction; every way we know is closed.")
    what = "Strangers broke into our customer portal and copied order data of customers."
    yield pen.answer(INES, "what-happened", what, "The facts of this incident")
    yield pen.answer(TOMAS, "since-when", pen.minute(pen.began[Step.PROBE]), "Web log of the portal")
    yield pen.answer(ROBIN, "noticed-when", pen.minute(pen.ended[Step.SHELL]), "The first signal")
    kinds = "your name, your address and your orders"
    yield pen.answer(YUSUF, "data-kinds", kinds, "Counted on a copy of the exported table")
    people = f"{one.customers // 1000 * 1000 + 1000}"
    yield pen.answer(YUSUF, "people-count", people, "Counted on a copy of the exported table")
    yield pen.answer(YUSUF, "records-count", people, "Counted on a copy of the exported table")
    consequences = "letters or calls that pretend to come from us and know what you ordered."
    yield pen.answer(YUSUF, "consequences", consequences, "Assessment of the data protection officer")
    measures = "the hole is closed, the machines are built anew, and all passwords they reached are changed."
    yield pen.answer(INES, "measures", measures, "Log of this incident")
    advice = "do not follow links in messages about an order; open our shop by its own address instead."
    yield pen.answer(AMARA, "advice", advice, "Customer care")
    contact = "data-protection@shop.example.invalid, or the number on your invoice"
    yield pen.answer(AMARA, "contact-point", contact, "Customer care")
    yield pen.answer(AMARA, "next-update", pen.minute(pen.now + timedelta(days=3)), "Agreed in the brief")


def authority(pen: Pen) -> Iterator[Beat]:
    """The notice of Article 33: drafted by counsel, approved by the data protection officer, filed by the authority's form."""
    yield pen.step(YUSUF, "data", "Order data of customers was taken.", "yes")
    yield pen.act(HELENE, "draft-statement", "notice", template="authority-art-33")
    words = {"statement": of("notice", "statement"), "sha256": of("notice", "sha256")}
    yield pen.act(YUSUF, "approve-statement", "", **words)
    yield pen.act(
        HELENE,
        "file-notice",
        "",
        obligation="gdpr-art-33",
        stage="notice",
        receipt="Confirmation of the authority's form, exercise 4711",
    )
    yield pen.step(HELENE, "tell-authority", "The notice is filed; what is unknown is said to be unknown.")


def customers(pen: Pen) -> Iterator[Beat]:
    """The letter: a fact changes while it waits for approval, its sentence is flagged, it is drafted anew."""
    yield pen.act(
        CLAIRE,
        "decide",
        "",
        answers=of("d-customers", "decision"),
        text="Tell the customers concerned today",
        reason="They can protect themselves from false calls from today on; the last digits of a number change nothing.",
        authority="notify-customers",
    )
    given = {"template": "customer-first-notice", "recipients": ("customers-concerned",)}
    yield pen.act(AMARA, "draft-statement", "letter", **given)
    kinds = "your name, your address, your phone number and your orders"
    source = "Counted again: the export had a column for phone numbers"
    yield pen.answer(YUSUF, "data-kinds", kinds, source, expected=1)
    letter = {"statement": of("letter", "statement")}
    yield pen.refused(HELENE, "approve-statement", "", **letter, sha256=of("letter", "sha256"))
    yield pen.act(AMARA, "draft-statement", "letter", **given, **letter, expected=of("letter", "version"))
    words = {**letter, "sha256": of("letter", "sha256")}
    yield pen.act(HELENE, "approve-statement", "", **words)
    yield pen.act(NOOR, "send-statement", "", **words)
    yield pen.act(
        HELENE,
        "draft-statement",
        "notice",
        template="authority-art-33",
        statement=of("notice", "statement"),
        expected=of("notice", "version"),
    )
    again = {"statement": of("notice", "statement"), "sha256": of("notice", "sha256")}
    yield pen.act(YUSUF, "approve-statement", "", **again)
    text = "The authority has the corrected kinds of data by its form, as a supplement (Article 33(4))."
    yield pen.act(HELENE, "log", "", text=text)
    yield pen.step(AMARA, "tell-customers", "The letter is on its way to all customers concerned.")
