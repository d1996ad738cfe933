"""What writes the script: it knows the cast, the night's start, when each step of the attack began, and what time it is."""

from datetime import UTC, datetime, timedelta

from muster.core.time import stored
from muster.plan.severity import Ratings
from muster.rehearse.shop.beats import INCIDENT, Beat, Person, Value, of, signal, version
from muster.rehearse.shop.cast import Cast, cast_of
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.night import night_of

_WRITING = timedelta(seconds=24)
_LOOKING = timedelta(seconds=9)


class Pen:
    """Writes beats, each a little later than the one before."""

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

    def minute(self, since: timedelta) -> str:
        """A minute as the plan's questions for a time take it: 2026-12-08T01:17Z."""
        return (self.start + since).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

    def act(self, who: Person, verb: str, makes: str = "", /, **fields: Value) -> Beat:
        """A beat in the incident, the time of writing it after the one before."""
        self.now += _WRITING
        return Beat(self.now, who.key, verb, {"incident": INCIDENT, **fields}, makes)

    def refused(self, who: Person, verb: str, makes: str, /, **fields: Value) -> Beat:
        """A beat that must be refused; its answer is kept."""
        self.now += _WRITING
        return Beat(self.now, who.key, verb, {"incident": INCIDENT, **fields}, makes, refused=True)

    def aside(self, who: Person, verb: str, makes: str = "", /, **fields: Value) -> Beat:
        """A beat outside the incident: about the plan, or another stream."""
        self.now += _WRITING
        return Beat(self.now, who.key, verb, fields, makes)

    def triage(self, who: Person, verb: str, rule: str, /, **fields: Value) -> Beat:
        """A beat on the signal of a rule, a moment after the one before."""
        self.now += _LOOKING
        return Beat(self.now, who.key, verb, {"signal": signal(rule), **fields})

    def step(self, who: Person, step: str, text: str, choice: str | None = None) -> Beat:
        """A step of the playbook is done."""
        more: dict[str, Value] = {} if choice is None else {"choice": choice}
        return self.act(who, "finish-step", "", run=of("run", "run"), step=step, text=text, **more)

    def severity(self, who: Person, ratings: Ratings, reason: str) -> Beat:
        """The impact is rated."""
        return self.act(
            who,
            "severity",
            "",
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

    def answer(self, who: Person, fact: str, answer: str, source: str, expected: int = 0) -> Beat:
        """A question of the plan is answered, with the source."""
        return self.act(
            who, "answer-fact", f"fact-{fact}", fact=fact, answer=answer, source=source, expected=expected
        )

    def moves(self, who: Person, to: str, reason: str) -> Beat:
        """The incident moves on."""
        return self.act(who, "state", "", to=to, expected=version("state"), reason=reason)


def grouped(number: int) -> str:
    """34150 as `34 150`, with a narrow space that does not break."""
    return f"{number:,}".replace(",", "\u202f")
