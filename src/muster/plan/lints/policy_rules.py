"""Rules for policy, definitions, severity table, and for what must be looked at or rehearsed again."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from muster.plan.definitions import Term
from muster.plan.finding import Weight
from muster.plan.layout import BY_FIELD
from muster.plan.lints.references import reviewed_parts
from muster.plan.lints.spot import Asked, LintRule, Spot, days

POLICY, DEFINITIONS, SEVERITY = (
    BY_FIELD["policy"].path,
    BY_FIELD["definitions"].path,
    BY_FIELD["severity"].path,
)
REHEARSE_WITHIN_DAYS = 365


def nobody_approves(asked: Asked) -> Iterator[Spot]:
    """A version that nobody can sign can never be in force."""
    if not asked.plan.pinned.policy.approved_by:
        yield Spot(
            POLICY, ("approved_by",), "Nobody may approve this plan.", "Name the role that signs it, `executive` for example."
        )  # fmt: skip


def thin_policy(asked: Asked) -> Iterator[Spot]:
    """Parts that a plan must have by SP 800-61 r2, 2.3.2, may not be there in name only."""
    policy = asked.plan.pinned.policy
    for path, held, what in (
        (("scope", "covers"), policy.scope.covers, "The scope covers nothing."),
        (("metrics",), policy.metrics, "There is no metric."),
        (("roadmap",), policy.roadmap, "There is no next step on the roadmap."),
        (
            ("domains",),
            policy.domains,
            "The company's own domains are not named, so no text can be checked for them.",
        ),
    ):
        if not held:
            yield Spot(POLICY, path, what, "Write at least one.")


def late_milestone(asked: Asked) -> Iterator[Spot]:
    """A step of the roadmap whose day has passed."""
    for name, milestone in asked.plan.pinned.policy.roadmap.items():
        if milestone.by < asked.today:
            yield Spot(
                POLICY,
                ("roadmap", name, "by"),
                f"This step of the roadmap was due {_ago(milestone.by, asked.today)}.",
                "Take it out if it is done, or set a new day.",
            )


def missing_term(asked: Asked) -> Iterator[Spot]:
    """The six words of `Term`."""
    terms = asked.plan.pinned.definitions.terms
    for term in Term:
        if term not in terms:
            yield Spot(
                DEFINITIONS,
                ("terms",),
                f"It is not defined what we call `{term}`.",
                "Add it, with criteria and examples.",
            )


def term_without_example(asked: Asked) -> Iterator[Spot]:
    """Criteria without examples are argued about; examples on one side only draw no line."""
    for term, definition in asked.plan.pinned.definitions.terms.items():
        for field, held, what in (
            ("criteria", definition.criteria, "has no criterion"),
            ("examples", definition.examples, "has no example"),
            ("counter_examples", definition.counter_examples, "has no example of what is none"),
        ):
            if not held:
                yield Spot(DEFINITIONS, ("terms", term.value, field), f"`{term}` {what}.", "Add one.")


def severity_without_rest(asked: Asked) -> Iterator[Spot]:
    """The last rule has no conditions, so that every incident has a level; a rule after such a one never holds."""
    rules = list(asked.plan.pinned.severity.rules.items())
    if not rules or rules[-1][1].when:
        path = ("rules", rules[-1][0]) if rules else ("rules",)
        yield Spot(
            SEVERITY,
            path,
            "The table does not end with a rule for everything else.",
            "Add a last rule without `when`.",
        )
    for (name, cell), (after, _) in pairwise(rules):
        if not cell.when:
            yield Spot(
                SEVERITY,
                ("rules", after),
                f"This rule never holds: `{name}` before it holds always.",
                "Move the rule without `when` to the end.",
            )


def level_without_duties(asked: Asked) -> Iterator[Spot]:
    """A level that the table can give and that obliges nobody to anything."""
    part = asked.plan.pinned.severity
    for level in sorted({cell.severity for cell in part.rules.values()} - set(part.levels)):
        yield Spot(
            SEVERITY,
            ("levels",),
            f"It is not said what {level} obliges us to.",
            "Add it, at least with commander_within_minutes.",
        )


def overdue_review(asked: Asked) -> Iterator[Spot]:
    """SAMM O-IM 3-A: what was not looked at for its time is looked at now."""
    for file, part in reviewed_parts(asked.plan.pinned):
        if part.review_due < asked.today:
            yield Spot(
                file,
                ("reviewed_on",),
                f"The review was due {_ago(part.review_due, asked.today)}.",
                f"The role `{part.owner}` reads it, mends it, and sets reviewed_on.",
            )


def never_rehearsed(asked: Asked) -> Iterator[Spot]:
    """A playbook that nobody has tried for a year is a hope."""
    for name, playbook in asked.plan.pinned.playbooks.items():
        rehearsed = playbook.last_rehearsed
        if rehearsed is None or rehearsed + timedelta(days=REHEARSE_WITHIN_DAYS) < asked.today:
            when = "never rehearsed" if rehearsed is None else f"rehearsed {_ago(rehearsed, asked.today)}"
            yield Spot(
                BY_FIELD["playbooks"].file(name),
                ("last_rehearsed",),
                f"It was {when}.",
                "Rehearse it: `muster drill list`.",
            )


def late_drill(asked: Asked) -> Iterator[Spot]:
    """A drill whose day has passed without being held."""
    for name, drill in asked.plan.in_force.drills.items():
        if drill.overdue(asked.today):
            yield Spot(
                BY_FIELD["drills"].file(name),
                ("next_on",),
                "The day of this drill has passed.",
                "Hold it, then set last_held and next_on.",
            )


def _ago(day: date, today: date) -> str:
    return f"{days((today - day).days)} ago, on {day.isoformat()}"


RULES: tuple[LintRule, ...] = (
    LintRule("nobody-approves", "PRE-02", nobody_approves),
    LintRule("thin-policy", "PRE-01", thin_policy),
    LintRule("late-milestone", "PRE-01", late_milestone, Weight.HOLE),
    LintRule("missing-term", "PRE-04", missing_term),
    LintRule("term-without-example", "PRE-04", term_without_example),
    LintRule("severity-without-rest", "PRE-01, TRI-02", severity_without_rest),
    LintRule("level-without-duties", "PRE-01, TRI-02", level_without_duties),
    LintRule("overdue-review", "PRE-03", overdue_review, Weight.HOLE),
    LintRule("never-rehearsed", "PRE-03", never_rehearsed, Weight.HOLE),
    LintRule("late-drill", "PRE-03", late_drill, Weight.HOLE),
)
