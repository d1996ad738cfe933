"""Recovery in the order of what needs what, and three days of watching."""

from collections.abc import Iterator

from muster.rehearse.shop.beats import Beat, of, thing
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import JONAS, NOOR, PRIYA, TOMAS


def recover(pen: Pen) -> Iterator[Beat]:
    """The portal asked to come first; what it needs comes first instead."""
    pen.goes(40)
    yield pen.refused(JONAS, "restored", "early", service="customer-portal")
    yield pen.act(PRIYA, "restored", "", service="order-database")
    pen.goes(15)
    yield pen.act(JONAS, "restored", "", service="customer-portal")
    yield pen.step(JONAS, "bring-back", "Order database first, then the portal; each works for its owner.")
    yield pen.answer(
        JONAS,
        "services-affected",
        "Customer portal and order database, about an hour each; both are back",
        "Log of this incident",
    )
    yield pen.act(
        TOMAS,
        "verify-action",
        "",
        action=of("lock", "action"),
        expected=4,
        text="The old passwords open nothing any more.",
    )
    for name, fate, reason in (
        ("lock", "permanent", "The new passwords and the smaller rights stay."),
        ("isolate", "undone", "The machine is sealed as evidence; a new one stands in its place."),
    ):
        yield pen.act(
            JONAS, "end-action", "", action=of(name, "action"), expected=5, fate=fate, reason=reason
        )
    yield pen.act(
        NOOR,
        "milestone",
        "",
        milestone="eradicated",
        shown_by=(thing("f-entry"),),
        text="Both machines are built anew, the hole is closed, all passwords that they reached are changed.",
    )
    yield pen.moves(
        NOOR, "watching", "Service is as before. We watch for three days with the rules of this night."
    )


def watch(pen: Pen) -> Iterator[Beat]:
    """Three days without a hit."""
    pen.goes(3 * 24 * 60)
    yield pen.step(
        TOMAS,
        "stays-clean",
        "Three days: no hit of this night's rules, no contact with either address.",
        "worked",
    )
    yield pen.moves(NOOR, "review", "The watch ended without a finding.")
