"""What is loaded, what is not, and that pieces of earlier compilations change nothing."""

from muster.detect import ruleset
from muster.detect.pieces import Pieces, pieces_bytes, pieces_of
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.rule import Reason
from tests.detect.yard import on, rows

FILES = {
    "a.yml": on({"a|contains": "x"}),
    "b.yml": on({"a|re": "x[0-9]+y"}),
    "c.yml": on({"a|re": "(?<=x)y"}),
    "d.yml": b"- nothing",
}
EVENTS = [{"a": "x1y"}, {"a": "y"}, {"b": "x"}]


def test_each_document_is_loaded_or_counted_with_its_reason() -> None:
    made = ruleset.compile(FILES, DEFAULT)
    assert [one.path for one in made.rules] == ["a.yml", "b.yml"]
    assert made.reasons() == {Reason.REGEX: 1, Reason.NOT_A_RULE: 1}


def test_pieces_of_an_earlier_compilation_are_used_and_change_nothing() -> None:
    pieces = Pieces()
    fresh = ruleset.compile(FILES, DEFAULT, pieces)
    again = pieces_of(pieces_bytes(pieces))
    made = ruleset.compile(FILES, DEFAULT, again)
    assert again.made == 0
    assert (made.loaded, made.unloaded, made.gates) == (fresh.loaded, fresh.unloaded, fresh.gates)
    assert rows(made, EVENTS) == rows(fresh, EVENTS) == {"a.yml": [0], "b.yml": [0]}


def test_of_a_changed_rule_only_its_own_pieces_are_made() -> None:
    pieces = Pieces()
    many = {f"r{n}.yml": on({"a|re": f"x{n}[a-z]y"}) for n in range(8)}
    ruleset.compile(many, DEFAULT, pieces)
    changed = {**many, "r3.yml": on({"a|re": "neu[0-9]"})}
    again = pieces_of(pieces_bytes(pieces))
    made = ruleset.compile(changed, DEFAULT, again)
    assert again.made == 2  # the rule, and the databases of its field
    events = [{"a": "x3by"}, {"a": "neu7"}, {"a": "x4by"}]
    assert (
        rows(made, events)
        == rows(ruleset.compile(changed, DEFAULT), events)
        == {"r3.yml": [1], "r4.yml": [2]}
    )


def test_it_is_said_how_far_it_is() -> None:
    said: list[tuple[str, int, int]] = []
    ruleset.compile(FILES, DEFAULT, Pieces(said=lambda *told: said.append(told)))
    assert said == [("rule files read", 4, 4), ("rules translated", 3, 3), ("fields built", 1, 1)]
