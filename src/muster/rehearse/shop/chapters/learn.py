"""The review: causes and no culprits, and a hole that the drill found becomes a changed plan."""

from collections.abc import Iterator, Mapping

from muster.rehearse.shop.beats import INCIDENT, Beat, Value, account, of, thing, version
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen, grouped
from muster.rehearse.shop.people import CLAIRE, HELENE, INES, JONAS, MIKA, NOOR, ROBIN, TOMAS, YUSUF

RULE = "sign_in_to_console_from_outside.yml"
RULE_PATH = f"rules/{RULE}"


def review(pen: Pen) -> Iterator[Beat]:
    """The review is held with everybody who was there; the causes are found."""
    pen.goes(90)
    everybody = (NOOR, INES, MIKA, ROBIN, TOMAS, JONAS, HELENE, YUSUF)
    yield pen.act(NOOR, "hold-review", "", people=tuple(account(one) for one in everybody))
    yield pen.act(
        TOMAS,
        "cause",
        "",
        cause="technical",
        text="The portal ran a build of the web framework whose hole was public for eleven days.",
        evidence=(thing("f-entry"),),
    )
    yield pen.act(
        TOMAS,
        "cause",
        "",
        cause="process",
        text="The portal's account could start programs on the order database, a right nobody needs since the move in spring.",
        evidence=(thing("f-lsass"), thing("f-upload")),
    )


def lesson(pen: Pen, hole: str) -> Iterator[Beat]:
    """A hole that the drill found: said as a cause, noted, agreed, written as a change, approved by whom the plan names."""
    yield pen.act(
        TOMAS,
        "fact",
        "f-sign-in",
        text=(
            f"At {pen.clock(pen.began[Step.SIGN_IN])} UTC an administrator signed in to the identity provider from the "
            "attacker's address. Nobody was told: " + hole
        ),
        source="Log of the identity provider, read by hand in the review",
    )
    yield pen.act(TOMAS, "cause", "", cause="detection", text=hole, evidence=(thing("f-sign-in"),))
    yield pen.act(
        NOOR,
        "lesson",
        "lesson",
        text="Watch sign-ins to the administration of the identity provider from outside the house",
    )
    yield pen.aside(
        NOOR,
        "agree-lesson",
        "lesson",
        lesson=of("lesson", "lesson"),
        expected=of("lesson", "version"),
        owner=account(TOMAS),
        due="2099-01-01T00:00Z",
    )


def change(pen: Pen, rule: str) -> Iterator[Beat]:
    """The lesson as a change of the plan: a rule, written by one, approved by another."""
    files: tuple[Mapping[str, Value], ...] = ({"path": RULE_PATH, "text": rule},)
    named: Mapping[str, Value] = {"lesson": of("lesson", "lesson")}
    yield pen.aside(TOMAS, "write-change", "lesson", **named, expected=of("lesson", "version"), files=files)
    yield pen.aside(
        CLAIRE,
        "approve-change",
        "lesson",
        **named,
        expected=of("lesson", "version"),
        sha256=of("lesson", "sha256"),
    )


def no_lesson(pen: Pen) -> Iterator[Beat]:
    """The drill found no hole: the plan was right."""
    yield pen.act(
        NOOR, "no-lesson", "", reason="Every log that would have shown something was read by a rule."
    )


def close(pen: Pen) -> Iterator[Beat]:
    """The incident is closed."""
    yield pen.step(NOOR, "review", "Held with eight people; what it taught is a change of the plan.")
    yield Beat(
        pen.now,
        NOOR.key,
        "close",
        {
            "incident": INCIDENT,
            "summary": (
                f"Order data of {grouped(pen.one.customers)} customers was taken through a known hole in the portal. "
                "Found by our own rules, stopped within the hour; the authority and the customers were told in time."
            ),
            "how_learned": "own monitoring",
            "expected": version("state"),
        },
    )
