"""The guard holds an action back: no evidence yet, and the whole shop hangs on it. Then the evidence is saved."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from muster.plan.severity import Activity, Functional, Information, Ratings, Recoverability, YesNo
from muster.rehearse.shop.beats import Beat, of, signal, thing, version
from muster.rehearse.shop.cast import ORDERS, defanged
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen
from muster.rehearse.shop.people import INES, JONAS, MIKA, NOOR, ROBIN, TOMAS


def held_back(pen: Pen) -> Iterator[Beat]:
    """Operations wants to cut the portal off at once; the deputy agrees; the guard does not."""
    yield pen.act(
        JONAS,
        "propose",
        "cut",
        action="cut off",
        decision="disconnect",
        target_kind="service",
        target="customer-portal",
        purpose="Stop whatever runs on the portal, at once",
        harm="Nobody can order while it is off",
        tip_off="They see at once that we know",
        undo="Put the ports back into their network, two minutes",
        minutes=240,
    )
    yield pen.act(INES, "approve", "", action=of("cut", "action"), sha256=of("cut", "sha256"))
    yield pen.refused(JONAS, "start-action", "held", action=of("cut", "action"), sha256=of("cut", "sha256"))
    yield pen.act(MIKA, "log", "", text=of("held", "what"))
    yield pen.act(
        JONAS,
        "withdraw-action",
        "",
        action=of("cut", "action"),
        expected=2,
        reason="The guard is right: memory first, and one machine is enough.",
    )


def look(pen: Pen) -> Iterator[Beat]:
    """Memory, disk and logs are saved and hashed; what the attacker reached becomes clear."""
    one = pen.one
    pen.not_before(pen.began[Step.MOVE] + timedelta(minutes=2))
    for number, (what, size) in enumerate(
        (("memory image", 17_179_869_184), ("web log of 24 hours", 48_112_640), ("process log", 9_437_184)), 1
    ):
        digest = hashlib.sha256(f"{what} of {one.portal.name}, seed {one.seed}".encode()).hexdigest()
        yield pen.act(
            TOMAS,
            "evidence",
            f"e-{number}",
            sha256=digest,
            size=size,
            name=f"{what} of {one.portal.name}",
            place="Evidence store, write-once",
            of=(one.portal.name,),
        )
    yield pen.act(
        TOMAS,
        "done",
        "t-save",
        task=of("t-save", "task"),
        expected=of("t-save", "version"),
        text="Memory and both logs are saved and hashed; the disk is being copied.",
    )
    yield pen.step(TOMAS, "capture", "Memory, web log and process log are in evidence, hashed on receipt.")
    for rule in (
        "powershell_encoded_hidden.yml",
        "database_password_file_read.yml",
        "lsass_dump_by_comsvcs.yml",
    ):
        yield pen.triage(ROBIN, "attach", rule, incident={"$": "incident"})
    yield pen.triage(
        ROBIN,
        "dismiss",
        "lsass_opened_in_full.yml",
        outcome="duplicate",
        duplicate_of=signal("lsass_dump_by_comsvcs.yml"),
        reason="The same act as the dump by comsvcs.dll: same process, same second, seen by a second rule.",
    )
    text = (
        f"rundll32.exe wrote the memory of LSASS on {one.portal.name} to {one.dump}. "
        "Everybody who was signed in there must be taken as known to the attacker."
    )
    yield pen.act(
        TOMAS, "fact", "f-lsass", text=text, source=f"Sysmon on {one.portal.name}, events 10 and 11"
    )
    yield pen.act(
        TOMAS,
        "settle",
        "",
        thing=thing("q-rights"),
        expected=version("q-rights"),
        text=(
            f"Yes. svc-portal may start programs on {ORDERS.name} over WMI, and wmic was used to do so. "
            f"Read in the directory's groups at {pen.clock(pen.now)} UTC, and in Sysmon on {ORDERS.name}."
        ),
        ending="answered",
    )
    for rule in ("wmic_starts_program_elsewhere.yml", "shell_started_over_wmi.yml"):
        yield pen.triage(ROBIN, "attach", rule, incident={"$": "incident"})
    yield pen.step(TOMAS, "reach", f"The portal's account reaches {ORDERS.name}; the password file was read.")


def data_leaves(pen: Pen) -> Iterator[Beat]:
    """Data leaves: the severity rises, and the picture is told to the commander."""
    one = pen.one
    pen.not_before(pen.ended[Step.LEAVE] + timedelta(minutes=2))
    for rule in (
        "curl_uploads_file.yml",
        "database_table_exported.yml",
        "archive_with_password.yml",
        "transfer_tool_leaves_house.yml",
    ):
        yield pen.triage(ROBIN, "attach", rule, incident={"$": "incident"})
    file = one.archive.rpartition("\\")[2]
    text = (
        f"{one.table} was exported on {ORDERS.name}, packed as {file} behind a password, and sent with curl.exe to "
        f"{defanged(one.drop)}; the first packet left at {pen.clock(pen.began[Step.LEAVE])} UTC."
    )
    yield pen.act(TOMAS, "fact", "f-upload", text=text, source=f"Sysmon on {ORDERS.name}, events 1, 3 and 11")
    yield pen.severity(
        NOOR,
        Ratings(
            functional=Functional.NONE,
            information=(Information.PRIVACY, Information.CREDENTIALS),
            recoverability=Recoverability.EXTENDED,
            activity=Activity.EFFECT,
            safety=YesNo.NO,
            critical=YesNo.YES,
        ),
        "Raised: personal data of customers has left the house, and passwords of administrators may be known.",
    )
    yield pen.step(
        TOMAS,
        "picture",
        "Fact: in by the portal, passwords dumped, orders exported and sent out. Assumed: the known hole. "
        "Open: how many customers.",
    )
    text = "How many customers have a row in the exported table, and is payment data among it?"
    yield pen.act(NOOR, "question", "q-customers", text=text)
