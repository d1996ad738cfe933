"""What ignores keep back: of their rule only, by its fields, up to their last day, and counted."""

from datetime import date

from muster.detect import ruleset as rulesets
from muster.detect.events import read
from muster.detect.ignoring import Ignoring, KeptBack, ignoring, without_ignores
from muster.detect.matching import Hit, match
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rule import RuleKey
from muster.plan.ignores import Ignore
from tests.detect.rulebook.book import RULE, changed

DAY = date(2026, 11, 24)
OTHER = changed("6f0c1e1e-4a2e-4c39-9e4e-1f6a3b0d7c11", "7f0c1e1e-4a2e-4c39-9e4e-1f6a3b0d7c11")
FILES = {"plan/rules/a.yml": RULE.encode(), "plan/rules/b.yml": OTHER}
EVENT = '{"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Image": "C:\\\\cmd.exe", "User": "%s"}\n'
EVENTS = "".join(EVENT % user for user in ("ann", "backup", "BACKUP")).encode()
A, B = RuleKey("plan/rules/a.yml"), RuleKey("plan/rules/b.yml")


def ignore(rule: str = "rules/a.yml", expires: str = "2026-11-24", **selection: str) -> Ignore:
    detection = {"selection": dict(selection), "condition": "selection"} if selection else {}
    return Ignore.model_validate(
        {"rule": rule, "detection": detection, "reason": "r", "owner": "ann", "expires": expires}
    )


def applied(**ignores: Ignore) -> tuple[list[Hit], tuple[KeptBack, ...]]:
    made, ruleset = compiled(**ignores)
    return made.apply(match(ruleset, read(EVENTS, ruleset.needs).batch), DAY)


def compiled(**ignores: Ignore) -> tuple[Ignoring, rulesets.Ruleset]:
    made = ignoring(ignores, FILES)
    return made, rulesets.compile({**FILES, **made.files}, PipelineChoice())


def test_without_any_every_hit_is_left() -> None:
    assert applied() == ([Hit(A, (0, 1, 2)), Hit(B, (0, 1, 2))], ())


def test_by_its_fields_of_its_rule_only_and_counted() -> None:
    left, kept = applied(backup=ignore(User="backup"))
    assert left == [Hit(A, (0,)), Hit(B, (0, 1, 2))]
    assert kept == (KeptBack("backup", A, 2),)


def test_by_the_id_of_the_rule_and_whole() -> None:
    left, kept = applied(loud=ignore("7F0C1E1E-4a2e-4c39-9e4e-1f6a3b0d7c11"))
    assert left == [Hit(A, (0, 1, 2))]
    assert kept == (KeptBack("loud", B, 3),)


def test_two_ignores_share_what_they_keep_back() -> None:
    _, kept = applied(one=ignore(User="backup"), two=ignore(User="ann"))
    assert kept == (KeptBack("one", A, 2), KeptBack("two", A, 1))


def test_an_expired_one_keeps_nothing_back() -> None:
    left, kept = applied(backup=ignore(expires="2026-11-23", User="backup"))
    assert (len(left[0].rows), kept) == (3, ())


def test_one_that_cannot_be_compiled_is_listed_and_keeps_nothing_back() -> None:
    bad = ignore().model_copy(
        update={"detection": {"selection": {"User|re": "(?<=a)b"}, "condition": "selection"}}
    )
    made, ruleset = compiled(bad=bad)
    assert [one.path for one in ruleset.unloaded] == ["plan/ignores/bad.yaml"]
    assert made.apply(match(ruleset, read(EVENTS, ruleset.needs).batch), DAY)[1] == ()


def test_ignores_are_no_rules_and_one_of_a_strange_rule_is_none() -> None:
    made, ruleset = compiled(backup=ignore(User="backup"), lost=ignore("rules/z.yml", User="ann"))
    assert without_ignores(ruleset, made) == 2
    assert list(made.of) == ["plan/ignores/backup.yaml"]
