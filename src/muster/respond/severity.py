"""The severity of an incident: rated, derived by the table, overridden only with a reason, lowered by command."""

from typing import ClassVar

from pydantic import model_validator

from muster.access.command import Command, IncidentCode, MaybeText, Rule, Version
from muster.access.known import plan_known
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.core.labels import Severity
from muster.plan.builtin import SEVERITY_TABLE
from muster.plan.severity import Ratings, derive
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States
from muster.respond.incident import ReasonGiven, still_open


class SeverityRated(Body):
    """The ratings, the level that the table gave with its rule and why, and the level that holds.

    It holds no words of a person, so that erasing words never changes a severity; the reason of an
    override is an entry of its own that explains this one.
    """

    kind: ClassVar[str] = "severity.rated"
    ratings: Ratings
    derived: Severity
    rule: str
    why: str
    severity: Severity
    overridden: bool = False


class Severities(Slice):
    """First, worst and current level, and how often it was rated."""

    initial: Severity | None = None
    peak: Severity | None = None
    current: Severity | None = None
    version: int = 0


def evolve(severities: Severities, entry: Entry) -> Severities:
    """The levels after one more entry. A withheld rating counts, but its level is not known."""
    if entry.header.kind != SeverityRated.kind:
        return severities
    version = severities.version + 1
    if not isinstance(entry.body, SeverityRated):
        return severities.model_copy(update={"version": version})
    now = entry.body.severity
    peak = now if severities.peak is None or now.worse_than(severities.peak) else severities.peak
    return Severities(initial=severities.initial or now, peak=peak, current=now, version=version)


SEVERITIES = Fold("severity", Severities(), evolve)
KINDS = kinds_of(SeverityRated)


class RateSeverity(Command):
    """Rate the impact; what is left blank is unknown, and doubt counts one step up.

    override: another level than the table gives, with its reason. expected: the version that you saw.
    """

    incident: IncidentCode
    ratings: Ratings = Ratings()
    override: Severity | None = None
    reason: MaybeText = None
    expected: Version

    @model_validator(mode="after")
    def _override_has_a_reason(self) -> "RateSeverity":
        if self.override is not None and self.reason is None:
            raise ValueError(
                "reason: an override needs a reason; say in one line why the table is wrong here"
            )
        return self


def rated(ratings: Ratings, known: Known, override: Severity | None = None) -> SeverityRated:
    """The entry of these ratings under the table of the plan that the incident pinned, else the built-in one."""
    pinned = plan_known(known).pinned
    derived = derive(pinned.severity.table if pinned else SEVERITY_TABLE, ratings)
    return SeverityRated(
        ratings=ratings,
        derived=derived.severity,
        rule=derived.rule,
        why=derived.why,
        severity=override or derived.severity,
        overridden=override is not None,
    )


def permission(command: RateSeverity, states: States, known: Known) -> Verb:
    """Rating is open to responders; what comes out lower than now is for the commander."""
    now = states[command.incident].slice(SEVERITIES).current if command.incident in states else None
    then = rated(command.ratings, known, command.override).severity
    return Verb.LOWER_SEVERITY if now is not None and now.worse_than(then) else Verb.SEVERITY


def rate(states: States, command: RateSeverity, _context: Context, known: Known) -> Decision:
    """severity.rated, and reason.given when there is a reason. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    before = state.slice(SEVERITIES)
    body = rated(command.ratings, known, command.override)
    if before.version != command.expected:
        raise Conflict(
            "Somebody else rated the severity.",
            "expected",
            "Look at the rating again, then decide.",
            theirs=str(before.current),
            yours=str(body.severity),
            version=before.version,
        )
    if command.override is not None and command.override is body.derived:
        raise Refused(f"The table gives {body.derived} already.", "override", "Leave the override out.")
    drafts = [Draft(command.incident, body)]
    if command.reason is not None:
        explains = Ref("explains", command.incident, state.seq + 1)
        drafts.append(Draft(command.incident, ReasonGiven(text=command.reason), (explains,)))
    answer = {"severity": body.severity, "why": body.why, "version": before.version + 1}
    return Decision(tuple(drafts), answer)


def _one(command: RateSeverity) -> tuple[str, ...]:
    return (command.incident,)


RULES = (Rule(Verb.SEVERITY, RateSeverity, rate, _one, permission=permission),)
