"""The linter for the rules of a plan: what is not loaded, not named, too wide, blind or untested, with file and line.

All of it is a hole or a note, never a problem: a plan with a broken rule may be approved, since every other rule goes on
and the broken one is said every day; what stopped an approval at night would do more harm.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from muster.core.text import shown
from muster.detect import ruleset as rulesets
from muster.detect.pieces import Pieces
from muster.detect.pipeline_choice import NONE, PipelineChoice
from muster.detect.rule import LogSource, Rule
from muster.detect.rule_reading import read_files
from muster.detect.rulebook.delivered import never_delivered
from muster.detect.rulebook.pages import Page, pages
from muster.detect.rulebook.tags import wrong_form
from muster.detect.rulebook.trials import CLAUSE as TESTED
from muster.detect.rulebook.trials import Tried, run
from muster.detect.rulebook.wide import asks_for_a_value
from muster.detect.ruleset import Ruleset
from muster.plan.finding import Finding, Weight, in_order
from muster.plan.layout import is_rule, is_rule_test
from muster.plan.plan import InForce
from muster.plan.plan_vars import plan_vars
from muster.plan.tree import Tree
from muster.prepare.holes import RuleSource

SIGMA = "Sigma 2.1.0"
_FIELDS = {
    "id": ("has no id", "Add one: `python3 -m uuid` makes it; hits and tests are known by it.", Weight.HOLE),
    "author": ("has no author", "Name who wrote it; licences of rules ask for it.", Weight.HOLE),
    "level": ("has no level", "Add `level`: informational, low, medium, high or critical.", Weight.HOLE),
    "status": ("has no status", "Add `status`: experimental, test or stable.", Weight.NOTE),
    "date": ("has no date", "Add `date`, so that what is old is seen.", Weight.NOTE),
}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What a look at the rules of a plan gave. rules: documents that are rules; loaded of them; untested of the loaded."""

    findings: tuple[Finding, ...]
    rules: int = 0
    loaded: int = 0
    tests: int = 0
    failed: int = 0
    untested: int = 0

    def sentence(self) -> str:
        """One line for a terminal; empty for a plan without rules."""
        if not self.rules:
            return ""
        said = f"Rules: {self.loaded} of {self.rules} loaded; {self.tests} tests"
        said += f", {self.failed} failed" if self.failed else ""
        return f"{said}; {self.untested} rules without a test."


def check_rules(tree: Tree, world: InForce | None) -> Rulebook:
    """All findings for the rules in a plan's files. world: the plan's other half, None when it cannot be read."""
    rules = {path: data for path, data in sorted(tree.items()) if is_rule(path)}
    if not rules:
        return Rulebook(())
    if world is not None:
        rules |= plan_vars(world)
    every = tuple(pages(rules))
    ruleset = rulesets.compile(rules, PipelineChoice())
    tried = run(ruleset, {path: data for path, data in tree.items() if is_rule_test(path)})
    findings = [
        *_unloaded(ruleset, every),
        *_named(every),
        *_twice(every),
        *_tags(every),
        *_wide(rules, every),
        *_undelivered(ruleset, every),
        *(_sourceless(ruleset, every, world) if world is not None else ()),
        *(_ignored(ruleset, world) if world is not None else ()),
        *tried.findings,
        *_untested(ruleset, every, tried),
    ]
    loaded = len(ruleset.loaded) + len(ruleset.correlations)
    return Rulebook(
        in_order(findings),
        rules=sum(page.is_rule for page in every) + len(_unread(ruleset, every)),
        loaded=loaded,
        tests=tried.passed + tried.failed,
        failed=tried.failed,
        untested=loaded - len(tried.by_rule),
    )


def _unread(ruleset: Ruleset, every: tuple[Page, ...]) -> set[str]:
    return {one.path for one in ruleset.unloaded} - {page.path for page in every}


def _unloaded(ruleset: Ruleset, every: tuple[Page, ...]) -> Iterator[Finding]:
    for one in ruleset.unloaded:
        line = next(
            (page.line("detection") for page in every if _is(page, one.path, one.rule_id, one.title)), 1
        )
        yield _finding(one.path, line, "rule-not-loaded",
            f"`{shown(one.title or one.path)}` is not loaded ({one.reason.value}): {one.detail.rstrip('.')}.",
            "Mend it, or take it out; until then it finds nothing.")  # fmt: skip


def _is(page: Page, path: str, rule_id: str | None, title: str | None) -> bool:
    return (
        page.path == path
        and (rule_id or "") == page.text("id")
        and (not title or title == page.text("title"))
    )


def _named(every: tuple[Page, ...]) -> Iterator[Finding]:
    for page in every:
        for key, (what, mend, weight) in _FIELDS.items():
            if not page.text(key) and (page.is_rule or key == "id"):
                yield _finding(
                    page.path, page.line("title"), f"rule-{key}", f"`{_title(page)}` {what}.", mend, weight
                )


def _twice(every: tuple[Page, ...]) -> Iterator[Finding]:
    first: dict[str, Page] = {}
    for page in every:
        known = first.setdefault(page.text("id").lower(), page)
        if page.text("id") and known is not page:
            yield _finding(page.path, page.line("id"), "rule-id-twice",
                f"Its id is also that of {known.path}:{known.line('id')}.",
                "Give it one of its own; filters, correlations and ignores cannot tell the two apart.")  # fmt: skip


def _tags(every: tuple[Page, ...]) -> Iterator[Finding]:
    for page in every:
        for tag in page.tags:
            why = wrong_form(tag)
            if why:
                yield _finding(
                    page.path, page.line("tags"), "rule-tag", f"The tag `{shown(tag)}` has no known form.",
                    f"{why[0].upper()}{why[1:]}."
                )  # fmt: skip


def _wide(rules: Mapping[str, bytes], every: tuple[Page, ...]) -> Iterator[Finding]:
    pieces = Pieces()
    for _, rule, condition in read_files(rules, NONE, pieces).conditions(pieces):
        if not asks_for_a_value(condition):
            yield _finding(rule.path, _line(rule, every, "detection"), "rule-too-wide",
                f"`{shown(rule.title)}` asks for no value that must be there: it may meet almost every event.",
                "Add a selection that an ordinary event does not meet.")  # fmt: skip


def _undelivered(ruleset: Ruleset, every: tuple[Page, ...]) -> Iterator[Finding]:
    for one in ruleset.loaded:
        for name, known in never_delivered(one.rule.source, one.fields):
            near = get_close_matches(name, sorted(known), 1)
            mend = f"Did you mean {near[0]}?" if near else "Look at an event of this source for what it has."
            yield _finding(one.rule.path, _line(one.rule, every, "detection"), "rule-field-undelivered",
                f"No event of this log source has the field {shown(name)}.", mend)  # fmt: skip


def _sourceless(ruleset: Ruleset, every: tuple[Page, ...], world: InForce) -> Iterator[Finding]:
    logs = [log for service in world.services.values() for log in service.logs.values()]
    by_source: defaultdict[LogSource, list[Rule]] = defaultdict(list)
    for one in ruleset.rules:
        by_source[one.source].append(one)
    for source, rules in by_source.items():
        named = {"product": source.product, "category": source.category, "service": source.service}
        asked = RuleSource(**named)
        if asked == RuleSource() or any(asked.reads(log) for log in logs):
            continue
        said = ", ".join(f"{field} {shown(value)}" for field, value in named.items() if value)
        more = f", and {len(rules) - 1} more rules" if len(rules) > 1 else ""
        yield _finding(rules[0].path, _line(rules[0], every, "logsource"), "rule-source-unknown",
            f"No service of the plan logs what `{shown(rules[0].title)}`{more} reads ({said}).",
            "Add the log to its service, or take the rules out: they see nothing.", Weight.NOTE, "PRE-19")  # fmt: skip


def _ignored(ruleset: Ruleset, world: InForce) -> Iterator[Finding]:
    named = Counter[str]()
    for rule in (*ruleset.rules, *(one.rule for one in ruleset.correlations)):
        named.update({rule.path, rule.rule_id or rule.path})
    for name, ignore in world.ignores.items():
        if not named[ignore.rule]:
            yield _finding(f"ignores/{name}.yaml", 1, "ignore-rule-unknown",
                f"No loaded rule of the plan is {shown(ignore.rule)}.",
                "Name the id or the file of a rule, or take the ignore out.", Weight.NOTE)  # fmt: skip


def _untested(ruleset: Ruleset, every: tuple[Page, ...], tried: Tried) -> Iterator[Finding]:
    for rule in (*ruleset.rules, *(one.rule for one in ruleset.correlations)):
        if rule.key not in tried.by_rule:
            stem = rule.path.rpartition(".")[0]
            yield _finding(rule.path, _line(rule, every, "title"), "rule-untested",
                f"`{shown(rule.title)}` has no test.",
                f"Write events that it must and must not match into {shown(stem)}.test.yaml.",
                Weight.NOTE, TESTED)  # fmt: skip


def _line(rule: Rule, every: tuple[Page, ...], key: str) -> int:
    number = int(rule.key.removeprefix(rule.path).removeprefix("#") or 1)
    return next((page.line(key) for page in every if page.path == rule.path and page.number == number), 1)


def _title(page: Page) -> str:
    return shown(page.text("title") or page.path)


def _finding(
    path: str, line: int, rule: str, what: str, mend: str, weight: Weight = Weight.HOLE, clause: str = SIGMA
) -> Finding:
    return Finding(file=shown(path), line=line, rule=rule, what=what, mend=mend, clause=clause, weight=weight)
