"""What `--stats` says of what was read."""

from muster.cli_detect_account import Account
from muster.detect.events import read_lines
from muster.detect.rule import RuleKey
from tests.detect.yard import compiled, on

LINES = [b'{"a":1}', b"nonsense", b'{"EventID":1,"Channel":"c"}', b"more nonsense", b'{"a":1,"a":2}']


def test_shapes_flaws_with_their_first_place_and_blind_rules() -> None:
    ruleset = compiled(
        on({"eventName": "x"}, title="Cloud", source={"product": "aws", "service": "cloudtrail"})
    )
    account = Account(watch=True)
    for member in ("m", "n"):
        account.take(read_lines(LINES, ruleset.needs, 10, watch=True), "f.zip", member)
    stats = account.stats(ruleset)
    assert (stats["events"], stats["unreadable"]) == (4, 6)
    assert stats["shapes"] == {"unknown": 2, "windows-collector": 2}
    assert stats["unreadable_reasons"] == {"not JSON": 4, "a field is named twice": 2}
    assert stats["unreadable_first"] == {
        "not JSON": {"source": "f.zip", "member": "m", "event": 11},
        "a field is named twice": {"source": "f.zip", "member": "m", "event": 14},
    }
    assert account.first_unreadable == "f.zip: m, event 11: not JSON"
    blind = stats["blind"]
    assert isinstance(blind, dict)
    assert blind["rules_without_source"] == [
        {"product": "aws", "category": None, "service": "cloudtrail", "rules": ["r0.yml"]}
    ]
    assert blind["events_without_rule"][0] == {
        "shape": "unknown", "channel": None, "event_id": None, "product": None, "category": None, "service": None, "events": 2,
    }  # fmt: skip


def test_without_watching_nothing_is_said_of_blindness() -> None:
    ruleset = compiled(on({"a": "x"}))
    account = Account()
    account.take(read_lines(LINES, ruleset.needs), "f", None)
    assert account.stats(ruleset)["blind"] == {}
    assert account.first_unreadable == "f, event 1: not JSON"


def test_rules_that_raised_are_counted_with_their_last_reason() -> None:
    account = Account()
    account.set_aside({RuleKey("a.yml"): "ValueError: one"})
    account.set_aside({RuleKey("a.yml"): "ValueError: two", RuleKey("b.yml"): "E: x"})
    assert account.stats(compiled(on({"a": "x"})))["rules_raised"] == {
        "a.yml": {"batches": 2, "what": "ValueError: two"},
        "b.yml": {"batches": 1, "what": "E: x"},
    }
