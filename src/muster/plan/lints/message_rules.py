"""Rules for templates, facts and obligations: words that wait for something nobody will ever say."""

from collections.abc import Iterator
from difflib import get_close_matches

from muster.core.text import shown
from muster.plan.facts import AskedFact, FactKind
from muster.plan.finding import Weight
from muster.plan.layout import BY_FIELD
from muster.plan.lints.spot import Asked, LintRule, Spot, days
from muster.plan.obligations import Anchor, Condition, Obligation, Standing, Unit, Wanted
from muster.plan.templates import PLACE, Audience, Template
from muster.plan.yaml_text import KeyPath

FACTS = BY_FIELD["facts"].path
YES_NO = ("yes", "no")


def templates(asked: Asked) -> Iterator[tuple[str, Template]]:
    """Every template with its file."""
    for name, template in asked.plan.pinned.templates.items():
        yield BY_FIELD["templates"].file(name), template


def obligations(asked: Asked) -> Iterator[tuple[str, Obligation]]:
    """Every obligation with its file."""
    for name, obligation in asked.plan.pinned.obligations.items():
        yield BY_FIELD["obligations"].file(name), obligation


def unknown_place(asked: Asked) -> Iterator[Spot]:
    """PRE-16: a template with a place that no fact can fill can never be sent."""
    facts = asked.plan.pinned.facts.facts
    for file, template in templates(asked):
        for field, text in (("subject", template.subject), ("text", template.text)):
            for place in PLACE.finditer(text):
                if place[1] in facts:
                    continue
                near = get_close_matches(place[1], list(facts), 1)
                mend = f"Did you mean `{near[0]}`?" if near else f"Add the fact to {FACTS}, or take it out."
                below = text.count("\n", 0, place.start())
                yield Spot(file, (field,), f"Nobody has the fact `{shown(place[1])}`.", mend, below)


def broken_place(asked: Asked) -> Iterator[Spot]:
    """Braces that are no place would be sent as they stand."""
    for file, template in templates(asked):
        for field, text in (("subject", template.subject), ("text", template.text)):
            rest = PLACE.sub(lambda place: " " * len(place[0]), text)
            at = min((spot for spot in (rest.find("{{"), rest.find("}}")) if spot >= 0), default=-1)
            if at >= 0:
                below = text.count("\n", 0, at)
                yield Spot(
                    file,
                    (field,),
                    "Two braces that are no place for a fact.",
                    "Write `{{ fact-id }}`.",
                    below,
                )


def missing_audience(asked: Asked) -> Iterator[Spot]:
    """Words for each audience are agreed in a calm hour."""
    there = {template.audience for _, template in templates(asked)}
    for audience in Audience:
        if audience not in there:
            yield Spot(
                BY_FIELD["templates"].path,
                (),
                f"There is no template for the audience `{audience}`.",
                "Add one: templates/NAME.md.",
            )


def lacks_content(asked: Asked) -> Iterator[Spot]:
    """A notice by this template would leave out what the law or contract requires."""
    for file, obligation in obligations(asked):
        for stage_name, stage in obligation.stages.items():
            template = asked.plan.pinned.templates.get(stage.template or "")
            if template is None:
                continue
            for key, content in stage.content.items():
                missing = [fact for fact in content.facts if fact not in template.places]
                if content.wanted is Wanted.REQUIRED and missing:
                    yield Spot(
                        file,
                        ("stages", stage_name, "content", key),
                        f"The template `{stage.template}` does not say `{missing[0]}`, which is required here.",
                        "Add the place to the template.",
                    )


def choice_without_choices(asked: Asked) -> Iterator[Spot]:
    """A question of the kind `choice` with nothing to choose from."""
    for name, fact in asked.plan.pinned.facts.facts.items():
        if fact.kind is FactKind.CHOICE and len(fact.choices) < 2:
            yield Spot(
                FACTS, ("facts", name), f"`{name}` asks for a choice and offers none.", "Add `choices`, two at least."
            )  # fmt: skip


def impossible_condition(asked: Asked) -> Iterator[Spot]:
    """A condition on an answer that the fact can never have: the obligation would never apply."""
    facts = asked.plan.pinned.facts.facts
    for file, obligation in obligations(asked):
        for field, conditions in (
            ("every", obligation.applies.every),
            ("any_of", obligation.applies.any_of),
        ):
            for number, condition in enumerate(conditions):
                for wrong in _impossible(condition, facts.get(condition.fact)):
                    path: KeyPath = ("applies", field, number, "one_of")
                    answers = ", ".join(_answers(facts[condition.fact]))
                    yield Spot(
                        file,
                        path,
                        f"`{condition.fact}` can never be `{shown(wrong)}`.",
                        f"It may be: {answers}.",
                    )


def _answers(fact: AskedFact) -> tuple[str, ...]:
    return YES_NO if fact.kind is FactKind.YES_NO else fact.choices


def _impossible(condition: Condition, fact: AskedFact | None) -> tuple[str, ...]:
    if fact is None or fact.kind not in (FactKind.YES_NO, FactKind.CHOICE):
        return ()
    return tuple(answer for answer in condition.one_of if answer not in _answers(fact))


def always_applies(asked: Asked) -> Iterator[Spot]:
    """Without a trigger fact the clock would run in every incident, or in none."""
    for file, obligation in obligations(asked):
        if not obligation.applies.facts:
            yield Spot(
                file,
                ("applies",),
                "It is not said which facts bring this obligation about.",
                "Add conditions.",
            )


def past_review(asked: Asked) -> Iterator[Spot]:
    """Laws change; a row is compared with its source again by the day it names."""
    for file, obligation in obligations(asked):
        late = (asked.today - obligation.source.next_review).days
        if late > 0:
            yield Spot(
                file,
                ("source", "next_review"),
                f"This row should have been compared with its source {days(late)} ago.",
                f"The role `{obligation.owner}` reads the source, then sets verified_on and next_review.",
            )


def not_in_force(asked: Asked) -> Iterator[Spot]:
    """What it says of itself and its dates must agree."""
    for file, obligation in obligations(asked):
        begun = obligation.effective_from <= asked.today
        over = obligation.effective_to is not None and obligation.effective_to < asked.today
        if obligation.standing is Standing.IN_FORCE and (not begun or over):
            yield Spot(
                file,
                ("standing",),
                "By its dates this obligation is not in force today.",
                "Mend the dates, or say `future` or `repealed`.",
            )
        if obligation.standing is Standing.FUTURE and begun:
            yield Spot(
                file,
                ("standing",),
                "By its dates this obligation is in force by now.",
                "Compare it with its source, then say `in-force`.",
            )


def no_deadline(asked: Asked) -> Iterator[Spot]:
    """A stage is counted in something, or is due at once; and `submitted` names what was submitted."""
    for file, obligation in obligations(asked):
        for name, stage in obligation.stages.items():
            path: KeyPath = ("stages", name)
            if (stage.quantity is None) != (stage.unit is Unit.AT_ONCE):
                yield Spot(
                    file,
                    (*path, "unit"),
                    f"The stage `{name}` has no deadline.",
                    "Give a quantity, or say `unit: at-once` without one.",
                )
            if (stage.after is None) == (stage.anchor is Anchor.SUBMITTED):
                yield Spot(
                    file,
                    (*path, "anchor"),
                    f"The stage `{name}` does not say which filing starts its clock.",
                    "`anchor: submitted` and `after: STAGE` go together.",
                )


RULES: tuple[LintRule, ...] = (
    LintRule("unknown-place", "PRE-16", unknown_place),
    LintRule("broken-place", "PRE-16", broken_place),
    LintRule("missing-audience", "PRE-16", missing_audience),
    LintRule("lacks-content", "PRE-16, PRE-17", lacks_content),
    LintRule("choice-without-choices", "PRE-16", choice_without_choices),
    LintRule("impossible-condition", "PRE-17", impossible_condition),
    LintRule("always-applies", "PRE-17", always_applies),
    LintRule("past-review", "PRE-17", past_review, Weight.HOLE),
    LintRule("not-in-force", "PRE-17", not_in_force),
    LintRule("no-deadline", "PRE-17", no_deadline),
)
