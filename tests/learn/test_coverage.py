"""Coverage counts what fired; what only exists stands beside it, and is not in the layer."""

from typing import Any, cast

from muster.learn.coverage import NO_TACTIC, Firing, coverage, layer


def firing(
    rule: str = "a", *, is_own: bool = True, signals: int = 1, last: str = "2026-11-24T02:00:00Z"
) -> Firing:
    return Firing(rule, is_own, signals, 5 * signals, last, ("T1059.003",), ("execution",))


def test_reality_and_drills_are_apart_and_rules_that_exist_prove_nothing() -> None:
    fired = (firing(), firing("b", signals=2, last="2026-11-25T00:00:00Z"), firing(is_own=False))
    first, second = coverage(fired, [(("T1059.003",), ("execution",)), (("T1003",), ("credential-access",))])
    assert (first.technique, first.loaded, first.own.signals, first.own.events, first.drills.signals) == (
        "T1059.003", 1, 3, 15, 1,
    )  # fmt: skip
    assert (first.own.rules, first.own.last_at) == ({"a", "b"}, "2026-11-25T00:00:00Z")
    assert (second.technique, second.loaded, second.own.signals) == ("T1003", 1, 0)


def test_the_order_is_that_of_an_attack_and_what_names_no_tactic_comes_last() -> None:
    named = [(("T9",), ()), (("T2",), ("impact",)), (("T3", "T1"), ("reconnaissance",))]
    assert [(one.tactic, one.technique) for one in coverage((), named)] == [
        ("reconnaissance", "T1"), ("reconnaissance", "T3"), ("impact", "T2"), (NO_TACTIC, "T9"),
    ]  # fmt: skip


def test_a_layer_has_what_fired_once_each_and_says_when_it_was_a_drill() -> None:
    both = Firing("d", False, 1, 1, "2026-11-24T03:00:00Z", ("T1003",), ("execution", "impact"))
    made = cast("dict[str, Any]", layer(coverage((firing(signals=3), both), [(("T7",), ())]), "Now"))
    assert (made["versions"]["layer"], made["domain"], made["name"]) == ("4.5", "enterprise-attack", "Now")
    assert [(one["techniqueID"], one["score"]) for one in made["techniques"]] == [
        ("T1003", 0),
        ("T1059.003", 3),
    ]
    assert made["techniques"][0]["comment"] == "0 signals, 1 in drills."
    assert made["gradient"]["maxValue"] == 3


def test_an_empty_layer_is_one_too() -> None:
    assert layer((), "Now")["techniques"] == []
