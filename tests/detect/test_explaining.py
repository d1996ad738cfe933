"""Why a rule matched: what is said holds by the specification's words, and is enough for the rule to match."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.detect import events
from muster.detect.explaining import MOST_REASONS, MOST_WORDS, Explainer, Reason, conditions
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.ruleset import EVERYTHING
from tests.detect.oracle import holds, rule_holds
from tests.detect.yard import lines, on, rule


def why(text: bytes, *items: dict[str, object]) -> list[tuple[Reason, ...]]:
    (condition,) = conditions({"r.yml": text}, DEFAULT).values()
    needs = replace(EVERYTHING, text=True)
    return Explainer(condition).explained(events.read_lines(lines(items), needs).batch)


def test_what_held_is_told_in_words_with_its_place() -> None:
    text = rule(
        {
            "sel": {"Cmd|contains": ["-ENC", "never"], "Image|endswith": "\\PS.exe", "Ip|cidr": "10.0.0.0/8"},
            "filter": {"User": "root"},
            "condition": "sel and not filter",
        }
    )
    (found,) = why(text, {"Cmd": "ps -enc AA", "Image": "C:\\ps.EXE", "Ip": "10.1.2.3", "User": "ann"})
    assert found == (
        Reason("Cmd", "contains “-ENC”", held=True, span=(3, 7)),
        Reason("Image", r"ends with “\PS.exe”", held=True, span=(2, 9)),
        Reason("Ip", "is in the network 10.0.0.0/8", held=True),
        Reason("User", "is “root”", held=False),
    )


def test_every_kind_of_test_has_words() -> None:
    text = on(
        {
            "A|re": "a.c",
            "B": "x*y",
            "C|gte": 7,
            "D|hour": 3,
            "E|exists": True,
            "F|fieldref": "G",
            "H|cased": "Ab",
            "I|startswith": "st",
        }
    )
    event: dict[str, object] = {
        "A": "abc", "B": "x1y", "C": "8", "D": "2026-01-02T03:04:05Z", "E": "", "F": "v", "G": "v", "H": "Ab", "I": "Start",
    }  # fmt: skip
    (found,) = why(text, event)
    assert [(one.field, one.words, one.span) for one in found] == [
        ("A", "matches the expression “a.c”", None),
        ("B", "is like “x*y”", None),
        ("C", "is at least 7", None),
        ("D", "has a time whose hour is 3", None),
        ("E", "is there", None),
        ("F", "is the value of G", None),
        ("H", "is “Ab” in this case of letters", None),
        ("I", "starts with “st”", (0, 2)),
    ]


def test_keywords_are_of_any_field() -> None:
    (found,) = why(rule({"words": ["evil"], "condition": "words"}), {"A": "so Evil"})
    assert [(one.field, one.words) for one in found] == [("any field", "contains “evil”")]


def test_it_stays_small_whatever_a_rule_says() -> None:
    texts = [f"{'a' * number}" for number in range(1, 400)]
    (found,) = why(on({"A|contains": texts}), {"A": "a" * 500})
    assert len(found) == MOST_REASONS
    assert all(len(one.words) <= MOST_WORDS for reasons in why(on({"A|contains": "b" * 900}), {"A": "b" * 900}) for one in reasons)  # fmt: skip


WORDS = st.sampled_from(["a", "B", "ab", "Ä", "x"])
ITEMS = st.dictionaries(st.sampled_from(["F", "G"]), st.text("abBxÄä", max_size=4), min_size=1)
PARTS = st.dictionaries(
    st.sampled_from(["F|contains", "G", "F|startswith", "G|endswith"]), st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3
)  # fmt: skip


@settings(max_examples=25)
@given(PARTS, PARTS, st.sampled_from(["p and not q", "p or q", "not (p and q)", "not p or q"]), ITEMS)
def test_each_reason_holds_and_its_place_is_what_the_rule_says(
    p: dict[str, list[str]], q: dict[str, list[str]], condition: str, event: dict[str, str]
) -> None:
    detection: dict[str, object] = {"p": p, "q": q, "condition": condition}
    (found,) = why(rule(detection), dict(event))
    assert bool(found) is rule_holds(detection, event)
    modifiers = {"contains": "|contains", "starts": "|startswith", "ends": "|endswith", "is": ""}
    for one in found:
        said, text = one.words.split(" ")[0], one.words.split("“")[1].rstrip("”")
        assert holds({f"{one.field}{modifiers[said]}": text}, event) is one.held
        if one.span:
            assert holds({"V": text}, {"V": event[one.field][one.span[0] : one.span[1]]})
