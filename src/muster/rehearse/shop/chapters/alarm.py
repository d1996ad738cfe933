"""The alarm: somebody is called, looks, declares, and hands command to whom the plan names."""

from collections.abc import Iterator

from muster.plan.severity import Activity, Functional, Information, Ratings, Recoverability, YesNo
from muster.rehearse.shop.beats import Beat, account, of, signal, version
from muster.rehearse.shop.cast import defanged
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import AMARA, HELENE, INES, JONAS, MIKA, NOOR, ROBIN, TOMAS

SHELL_RULE = "portal_server_starts_shell.yml"


def alarm(pen: Pen) -> Iterator[Beat]:
    """From the first signal to the declared incident with its playbook begun."""
    one = pen.one
    pen.goes(3)
    yield pen.triage(ROBIN, "acknowledge", SHELL_RULE)
    pen.goes(2)
    yield pen.aside(
        ROBIN,
        "declare",
        "incident",
        what=f"The customer portal on {one.portal.name} runs commands that came in by a web request",
        signal=signal(SHELL_RULE),
        happened_at=pen.stated(Step.EXPLOIT),
    )
    yield pen.act(ROBIN, "run", "run", playbook="web-intrusion")
    yield pen.act(ROBIN, "offer", "", role="commander", to=account(NOOR))
    yield pen.severity(
        ROBIN,
        Ratings(
            functional=Functional.NONE,
            recoverability=Recoverability.SUPPLEMENTED,
            activity=Activity.EFFECT,
            safety=YesNo.NO,
            critical=YesNo.YES,
        ),
        "Somebody runs commands on the portal right now, and the portal is critical. What they reached is unknown.",
    )
    yield pen.step(
        ROBIN,
        "confirm",
        f"tomcat9.exe on {one.portal.name} started cmd.exe as SHOP\\svc-portal. Asked the portal team and the pipeline: "
        "no release and no maintenance tonight.",
    )
    yield pen.triage(ROBIN, "attach", "web_expression_in_request.yml", incident={"$": "incident"})
    yield pen.triage(ROBIN, "attach", "web_probe_for_left_files.yml", incident={"$": "incident"})


def command(pen: Pen) -> Iterator[Beat]:
    """The commander is on the train and answers at the second call; then the roles are filled and the work begins."""
    one = pen.one
    pen.goes(8)
    yield pen.act(NOOR, "accept", "", role="commander", expected=version("commander"))
    for role, person in (
        ("deputy", INES),
        ("scribe", MIKA),
        ("operations", JONAS),
        ("communications", AMARA),
        ("legal", HELENE),
    ):
        yield pen.act(NOOR, "offer", "", role=role, to=account(person))
        yield pen.act(person, "accept", "", role=role, expected=version(role))
    yield pen.moves(NOOR, "active", "Command is taken, the work has begun.")
    yield pen.step(NOOR, "real", "Nobody of ours did this.", "stranger")
    yield pen.step(
        HELENE,
        "clocks",
        "No personal data known to be touched yet. The clock of Article 33 starts the moment that changes.",
    )
    yield pen.act(
        NOOR,
        "task",
        "t-save",
        text=f"Save memory, disk and logs of {one.portal.name} before anybody changes it",
        owner=account(TOMAS),
        minutes=30,
        hands_on=True,
    )
    yield pen.act(TOMAS, "take", "t-save", task=of("t-save", "task"), expected=of("t-save", "version"))
    yield pen.act(
        MIKA,
        "fact",
        "f-entry",
        text=(
            f"Three requests to {one.page} from {defanged(one.attacker)} carried an expression; "
            f"the third, at {pen.clock(pen.ended[Step.EXPLOIT])} UTC, was answered with 200."
        ),
        source=f"Access log of {one.portal.name}",
    )
    text = f"The hole is the known one in the web framework of build {one.build}; release 4.7.1 closes it."
    yield pen.act(TOMAS, "assume", "a-hole", text=text)
    text = "Can SHOP\\svc-portal sign in to the order database with more than the portal needs?"
    yield pen.act(NOOR, "question", "q-rights", text=text)
    yield pen.severity(
        NOOR,
        Ratings(
            functional=Functional.NONE,
            information=(Information.NONE,),
            recoverability=Recoverability.SUPPLEMENTED,
            activity=Activity.PRESENCE,
            safety=YesNo.NO,
            critical=YesNo.YES,
        ),
        "Lowered: so far one service account on one portal, customers can shop, no data seen leaving. "
        "We look again when the question about the database is answered.",
    )
    text = (
        f"Suspected intrusion into the customer portal on {one.portal.name}. One service account is affected. "
        "The portal works. We are finding out how far it goes; next update in 30 minutes."
    )
    yield pen.act(MIKA, "summary", "", text=text, expected=version("summary"))
