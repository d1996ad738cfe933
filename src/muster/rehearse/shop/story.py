"""The script of the answer: a duty engineer and a commander, from the first signal to the close.

The words come from the night's own data. Addresses are defanged; the attacker's archive password stays out.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from muster.core.time import stored
from muster.plan.severity import Activity, Functional, Information, Ratings, Recoverability, YesNo
from muster.rehearse.shop.beats import INCIDENT, Beat, Person, Story, Value, account, signal, thing, version
from muster.rehearse.shop.cast import ORDERS, Cast, cast_of, defanged
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.night import night_of
from muster.respond.facts import Ending
from muster.respond.incident import HowLearned

DUTY = Person("duty", "Robin Vale", "Duty engineer")
COMMANDER = Person("commander", "Noor Lindgren", "Commander on call")
_WRITING = timedelta(seconds=24)
_LOOKING = timedelta(seconds=9)
_SHELL_RULE = "portal_server_starts_shell.yml"


class _Pen:
    """Writes beats: knows the cast, the start, and when each step of the attack began."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.one: Cast = cast_of(seed)
        self.start = start
        self.began: dict[Step, timedelta] = {}
        self.ended: dict[Step, timedelta] = {}
        for event in night_of(seed, start):
            if event.step is not None:
                self.began.setdefault(event.step, event.at - start)
                self.ended[event.step] = event.at - start
        self.now = self.began[Step.SHELL]

    def goes(self, minutes: int) -> None:
        """So many minutes pass; what follows is written then."""
        self.now += timedelta(minutes=minutes)

    def not_before(self, earliest: timedelta) -> None:
        """Time passes until then."""
        self.now = max(self.now, earliest)

    def stated(self, step: Step) -> str:
        """When a step began, to the second, as a person writes it."""
        return stored((self.start + self.began[step]).replace(microsecond=0))

    def clock(self, since: timedelta) -> str:
        """A time of the night for a sentence: 02:14."""
        return (self.start + since).astimezone(UTC).strftime("%H:%M")

    def act(self, who: Person, verb: str, makes: str = "", /, **fields: Value) -> Beat:
        """A beat in the incident, the time of writing it after the one before."""
        self.now += _WRITING
        return Beat(self.now, who.key, verb, {"incident": INCIDENT, **fields}, makes)

    def triage(self, who: Person, verb: str, rule: str, /, **fields: Value) -> Beat:
        """A beat on the signal of a rule, a moment after the one before."""
        self.now += _LOOKING
        return Beat(self.now, who.key, verb, {"signal": signal(rule), **fields})


def story_of(seed: int, start: datetime) -> Story:
    """The script for the night of this seed. Raises ValueError when the start has no zone."""
    pen = _Pen(seed, start)
    parts = (_declare, _command, _look, _data_leaves, _stop, _recover, _close)
    beats = tuple(beat for part in parts for beat in part(pen))
    return Story(seed, start, (DUTY, COMMANDER), beats)


def _severity(pen: _Pen, who: Person, ratings: Ratings, reason: str) -> Beat:
    return pen.act(
        who,
        "severity",
        expected=version("severity"),
        ratings={
            "functional": ratings.functional.value,
            "information": tuple(value.value for value in ratings.information),
            "recoverability": ratings.recoverability.value,
            "activity": ratings.activity.value,
            "safety": ratings.safety.value,
            "critical": ratings.critical.value,
        },
        reason=reason,
    )


def _declare(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.goes(3)
    yield pen.triage(DUTY, "acknowledge", _SHELL_RULE)
    pen.goes(2)
    declared: dict[str, Value] = {
        "what": f"The customer portal on {one.portal.name} runs commands that came in by a web request",
        "signal": signal(_SHELL_RULE),
        "happened_at": pen.stated(Step.EXPLOIT),
    }
    yield Beat(pen.now, DUTY.key, "declare", declared, "incident")
    yield pen.act(DUTY, "offer", role="commander", to=account(COMMANDER))
    yield _severity(
        pen,
        DUTY,
        Ratings(
            functional=Functional.NONE,
            recoverability=Recoverability.SUPPLEMENTED,
            activity=Activity.EFFECT,
            safety=YesNo.NO,
            critical=YesNo.YES,
        ),
        "Somebody runs commands on the portal right now, and the portal is critical. What they reached is unknown.",
    )
    text = (
        f"Checked by hand: tomcat9.exe on {one.portal.name} started cmd.exe as SHOP\\svc-portal. "
        "No release and no maintenance is planned tonight."
    )
    yield pen.act(DUTY, "log", text=text)


def _command(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.goes(2)
    yield pen.act(COMMANDER, "accept", role="commander", expected=version("commander"))
    yield pen.act(COMMANDER, "offer", role="scribe", to=account(DUTY))
    yield pen.act(DUTY, "accept", role="scribe", expected=version("scribe"))
    yield pen.act(
        COMMANDER,
        "state",
        to="active",
        expected=version("state"),
        reason="Command is taken, the work has begun.",
    )
    text = (
        f"Three requests to {one.page} from {defanged(one.attacker)} carried an OGNL expression; "
        f"the third of them, at {pen.clock(pen.ended[Step.EXPLOIT])} UTC, was answered with 200."
    )
    yield pen.act(DUTY, "fact", "f-entry", text=text, source=f"Access log of {one.portal.name}")
    yield pen.triage(DUTY, "attach", "web_expression_in_request.yml", incident=INCIDENT)
    yield pen.triage(DUTY, "attach", "web_probe_for_left_files.yml", incident=INCIDENT)
    text = f"The hole is the known one in the web framework of build {one.build}; release 4.7.1 closes it."
    yield pen.act(DUTY, "assume", "a-hole", text=text)
    text = "Can SHOP\\svc-portal sign in to the order database with more than the portal needs?"
    yield pen.act(COMMANDER, "question", "q-rights", text=text)
    yield _severity(
        pen,
        COMMANDER,
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
    yield pen.act(COMMANDER, "summary", text=text, expected=version("summary"))


def _look(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.not_before(pen.began[Step.MOVE] + timedelta(minutes=2))
    yield pen.triage(DUTY, "attach", "powershell_encoded_hidden.yml", incident=INCIDENT)
    yield pen.triage(DUTY, "attach", "database_password_file_read.yml", incident=INCIDENT)
    yield pen.triage(DUTY, "attach", "lsass_dump_by_comsvcs.yml", incident=INCIDENT)
    yield pen.triage(
        DUTY,
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
    source = f"Sysmon on {one.portal.name}, events 10 and 11"
    yield pen.act(DUTY, "fact", "f-lsass", text=text, source=source)
    text = (
        "Seen first: the portal's database.properties was printed in a shell. "
        "It holds the password of the portal's database account."
    )
    yield pen.act(DUTY, "log", text=text, happened_at=pen.stated(Step.CREDENTIALS))
    yield pen.act(
        DUTY,
        "settle",
        thing=thing("q-rights"),
        expected=version("q-rights"),
        text=(
            f"Yes. svc-portal may start programs on {ORDERS.name} over WMI, and wmic was used to do so. "
            f"Read in the directory's groups at {pen.clock(pen.now)} UTC, and in Sysmon on {ORDERS.name}."
        ),
        ending=Ending.ANSWERED.value,
    )
    yield pen.triage(DUTY, "attach", "wmic_starts_program_elsewhere.yml", incident=INCIDENT)
    yield pen.triage(DUTY, "attach", "shell_started_over_wmi.yml", incident=INCIDENT)


def _data_leaves(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.not_before(pen.ended[Step.LEAVE] + timedelta(minutes=2))
    yield pen.triage(DUTY, "acknowledge", "curl_uploads_file.yml")
    for rule in (
        "database_table_exported.yml",
        "archive_with_password.yml",
        "curl_uploads_file.yml",
        "transfer_tool_leaves_house.yml",
    ):
        yield pen.triage(DUTY, "attach", rule, incident=INCIDENT)
    file = one.archive.rpartition("\\")[2]
    text = (
        f"{one.table} was exported on {ORDERS.name}, packed as {file} behind a password, "
        f"and sent with curl.exe to {defanged(one.drop)}; the first packet left at {pen.clock(pen.began[Step.LEAVE])} UTC."
    )
    yield pen.act(DUTY, "fact", "f-upload", text=text, source=f"Sysmon on {ORDERS.name}, events 1, 3 and 11")
    yield _severity(
        pen,
        COMMANDER,
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
    text = "How many customers have a row in the exported table, and is payment data among it?"
    yield pen.act(COMMANDER, "question", "q-customers", text=text)
    text = (
        "Decision: one coordinated eviction, not piece by piece. Cut the way out first, then both machines, "
        "then the accounts. Both disks are kept as they are. Asked: database lead, network on call; no objection. Legal is told."
    )
    yield pen.act(COMMANDER, "log", text=text)


def _stop(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.goes(6)
    text = f"Network on call: {ORDERS.name} reaches nothing outside any more; {defanged(one.drop)} is blocked for all."
    yield pen.act(DUTY, "log", text=text)
    pen.goes(2)
    text = f"{one.portal.name} is out of the load balancer and isolated. The other portal carries the load; shop is up."
    yield pen.act(DUTY, "log", text=text)
    pen.goes(4)
    text = "SHOP\\svc-portal and SHOP\\svc-sql are disabled, their sessions ended, new accounts with fewer rights in use."
    yield pen.act(DUTY, "log", text=text)
    pen.goes(9)
    yield pen.act(
        DUTY,
        "settle",
        thing=thing("q-customers"),
        expected=version("q-customers"),
        text=(
            f"{_grouped(one.customers)} customers: name, address, orders. No payment data, no passwords. "
            f"Counted by the database lead on a copy of {one.table}."
        ),
        ending=Ending.ANSWERED.value,
    )
    yield pen.act(
        DUTY,
        "settle",
        thing=thing("a-hole"),
        expected=version("a-hole"),
        text="The request works against 4.7.0 in the test house and is refused by 4.7.1.",
        source="Test by the portal team, written down in their run log",
        ending=Ending.CONFIRMED.value,
    )
    text = (
        f"An attacker came in through the web framework of the portal ({one.portal.name}), reached {ORDERS.name} and "
        f"took order data of {_grouped(one.customers)} customers; no payment data. The way out is cut, both machines "
        "are isolated, the accounts used are disabled. The shop is up. Legal has been told."
    )
    yield pen.act(COMMANDER, "summary", text=text, expected=version("summary"))


def _recover(pen: _Pen) -> Iterator[Beat]:
    one = pen.one
    pen.goes(20)
    yield pen.act(
        COMMANDER,
        "state",
        to="recovering",
        expected=version("state"),
        reason="No act of the attacker since the eviction; every way we know is closed.",
    )
    pen.goes(45)
    text = f"Portal 4.7.1 runs on newly built machines; {one.portal.name} and {ORDERS.name} are kept for evidence."
    yield pen.act(DUTY, "log", text=text)
    pen.goes(30)
    text = "All passwords that were on the two machines are changed; the changes are counted: 41 of 41."
    yield pen.act(DUTY, "log", text=text)
    yield pen.act(
        COMMANDER,
        "state",
        to="watching",
        expected=version("state"),
        reason="Service is as before. We watch for 24 hours with the rules of tonight and the two addresses.",
    )


def _close(pen: _Pen) -> Iterator[Beat]:
    pen.goes(24 * 60)
    text = "24 hours watched: no hit of tonight's rules, no contact with either address."
    yield pen.act(DUTY, "log", text=text)
    yield pen.act(
        COMMANDER,
        "state",
        to="review",
        expected=version("state"),
        reason="The watch ended without a finding.",
    )
    pen.goes(90)
    text = (
        "Review held with five people. The portal account had rights nobody needed since the move in spring, and the "
        "order database could reach the outside. Both end as changes of the plan."
    )
    yield pen.act(DUTY, "log", text=text)
    yield pen.act(
        COMMANDER,
        "close",
        summary=(
            f"Order data of {_grouped(pen.one.customers)} customers was taken through a known hole in the portal. "
            "Found by our own rules, stopped within the hour, shop never down. Two changes of the plan follow."
        ),
        how_learned=HowLearned.OWN_MONITORING.value,
        expected=version("state"),
    )


def _grouped(number: int) -> str:
    """34150 as `34 150`, with a narrow space that does not break."""
    return f"{number:,}".replace(",", "\u202f")
