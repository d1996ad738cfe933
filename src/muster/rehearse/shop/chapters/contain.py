"""The eviction: agreed at the gate, carried out in one move, looked at for half an hour."""

from collections.abc import Iterator

from muster.rehearse.shop.beats import Beat, account, of, thing, version
from muster.rehearse.shop.cast import ORDERS, defanged
from muster.rehearse.shop.pen import Pen, grouped
from muster.rehearse.shop.people import CLAIRE, HELENE, INES, JONAS, MIKA, NOOR, PRIYA, TOMAS, YUSUF


def clocks(pen: Pen) -> Iterator[Beat]:
    """Personal data is gone: the legal clock starts at the minute in which that was known."""
    yield pen.answer(
        YUSUF, "personal-data", "yes", "Sysmon on the order database, and the size of what was sent"
    )
    yield pen.answer(YUSUF, "risk-to-people", "high", "Assessment of the data protection officer")
    yield pen.answer(HELENE, "confirmed", "yes", "The commander, after the picture was told")
    yield pen.act(HELENE, "anchor", "aware", anchor="aware", obligation="gdpr-art-33")
    yield pen.answer(PRIYA, "nordwind-data", "no", "Nordwind's orders lie in another database, looked at")
    yield pen.act(
        NOOR,
        "ask-decision",
        "d-customers",
        text="May we tell the customers concerned today, before every number is known?",
        options=("Tell them today", "Wait for the numbers"),
        to=account(CLAIRE),
        minutes=120,
    )


def evict(pen: Pen) -> Iterator[Beat]:
    """The way out first, then the machine, then the accounts."""
    one = pen.one
    yield pen.step(NOOR, "posture", "Data is leaving, and their ways in are known.", "evict")
    yield pen.act(
        NOOR,
        "posture",
        "",
        posture="one coordinated eviction",
        begun=True,
        expected=0,
        reason="Cut the way out, then the machine, then the accounts. Asked: database lead, network; no objection.",
    )
    yield pen.act(
        NOOR,
        "agree",
        "",
        run=of("run", "run"),
        step="approve-isolation",
        agree=True,
    )
    yield from _action(
        pen,
        "isolate",
        action="isolate",
        decision="disconnect",
        target_kind="host",
        target=one.portal.name,
        purpose="End what they run there, and keep its memory",
        harm="The other portal carries the load; it is slower",
        tip_off="They see at once that we know",
        undo="Put the port back into its network, two minutes",
        minutes=1440,
        channel="webhook:network",
        may_repeat=True,
    )
    yield pen.act(
        TOMAS,
        "verify-action",
        "",
        action=of("isolate", "action"),
        expected=4,
        text=f"{one.portal.name} reaches nothing and nothing reaches it; it is still running.",
    )
    yield pen.step(
        JONAS, "isolate", f"{one.portal.name} is cut off and running. {defanged(one.drop)} is blocked."
    )
    yield from _action(
        pen,
        "lock",
        action="lock",
        decision="disable-account",
        target_kind="account",
        target="SHOP\\svc-portal",
        count=2,
        evidence_effect="none",
        purpose="Take the accounts away that they use",
        harm="The portal has no orders for about five minutes",
        tip_off="Their next command fails",
        undo="The old password is kept sealed for a day",
        minutes=1440,
    )
    yield pen.act(
        JONAS,
        "action-done",
        "",
        action=of("lock", "action"),
        expected=3,
        worked=True,
        text="svc-portal and svc-sql have new passwords and fewer rights; all their sessions ended.",
    )
    yield pen.step(JONAS, "lock-accounts", "Both service accounts are changed in one move.")
    for service in ("order-database", "customer-portal"):
        yield pen.act(JONAS, "lost", "", service=service)
    pen.goes(9)
    yield pen.act(
        PRIYA,
        "settle",
        "",
        thing=thing("q-customers"),
        expected=version("q-customers"),
        text=(
            f"{grouped(one.customers)} customers: name, address, orders. No payment data, no passwords. "
            f"Counted on a copy of {one.table}."
        ),
        ending="answered",
    )
    yield pen.act(
        TOMAS,
        "settle",
        "",
        thing=thing("a-hole"),
        expected=version("a-hole"),
        text="The request works against 4.7.0 in the test house and is refused by 4.7.1.",
        source="Test by the portal team, written down in their run log",
        ending="confirmed",
    )
    pen.goes(30)
    yield pen.step(TOMAS, "contained", "30 minutes: nothing of theirs speaks, from any machine.", "worked")
    yield pen.act(
        NOOR,
        "milestone",
        "",
        milestone="contained",
        shown_by=(thing("f-upload"), of("e-2", "evidence")),
        text="Half an hour of silence from every machine that they touched.",
    )
    text = (
        f"An attacker came in through the web framework of the portal ({one.portal.name}), reached {ORDERS.name} and "
        f"took order data of {grouped(one.customers)} customers; no payment data. The way out is cut, the machine is "
        "isolated, the accounts used are changed. Legal and the managing director know."
    )
    yield pen.act(MIKA, "summary", "", text=text, expected=version("summary"))


def _action(pen: Pen, name: str, **fields: str | int | bool) -> Iterator[Beat]:
    """Proposed by operations, approved by the deputy, begun by operations."""
    yield pen.act(JONAS, "propose", name, **fields)
    approved = {"action": of(name, "action"), "sha256": of(name, "sha256")}
    yield pen.act(INES, "approve", "", **approved)
    yield pen.act(JONAS, "start-action", "", **approved)
