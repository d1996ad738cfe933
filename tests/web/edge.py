"""Requests for the tests at the edge: for every verb the fields of one that fits, on given streams."""

from typing import Any

from muster.access.verbs import VERBS, Use, Verb

NO_DRILL = {"drill": "DRL-000000"}
NOBODY_S_ID = "f" * 32
SHA = "a" * 64
COMMANDS = tuple(verb for verb, facts in VERBS.items() if facts.use is Use.COMMAND)


def fields(
    verb: Verb, *, incident: str = "", signal: str = "", account: str = NOBODY_S_ID, **more: Any
) -> dict[str, Any]:
    """What a request of this verb holds."""
    one = {"incident": incident}
    on = {"stream": incident or signal}
    table: dict[Verb, dict[str, Any]] = {
        Verb.DECLARE: {"what": "The shop is down"} | ({"signal": signal} if signal else {}),
        Verb.LOG: one | {"text": "A line"},
        Verb.FACT: one | {"text": "It is the cache", "source": "Ben looked"},
        Verb.ASSUME: one | {"text": "It is the cache"},
        Verb.QUESTION: one | {"text": "Is it the cache?"},
        Verb.SETTLE: one | {"thing": 4, "expected": 1, "ending": "withdrawn", "text": "No longer"},
        Verb.OFFER: one | {"role": "scribe", "to": account},
        Verb.ACCEPT: one | {"role": "scribe", "expected": 1},
        Verb.DECLINE: one | {"role": "scribe", "reason": "Busy"},
        Verb.SEVERITY: one | {"ratings": {"functional": "high"}, "expected": 1},
        Verb.SUMMARY: one | {"text": "The cache was full", "expected": 0},
        Verb.STATE: one | {"to": "active", "expected": 1},
        Verb.STAND_DOWN: one | {"reason": "A test"},
        Verb.CLOSE: one | {"summary": "The cache", "how_learned": "customer", "expected": 5},
        Verb.REOPEN: one | {"reason": "It is back"},
        Verb.REDACT: on | {"seq": 0, "reason": "A password"},
        Verb.ERASE: on | {"seq": 0},
        Verb.RESTRICT: on | {"secrecy": "open", "expected": 1},
        Verb.REPORT: {"what": "Strange mails"},
        Verb.SIGNAL: {"title": "Disk full"},
        Verb.HITS: {
            "batch": SHA,
            "events": 2,
            "hits": [{"rule_key": "r", "rule_id": "r", "title": "A rule", "rows": [0]}],
        },
        Verb.ACKNOWLEDGE: {"signal": signal},
        Verb.DISMISS: {"signal": signal, "outcome": "not ours", "reason": "Theirs"},
        Verb.ATTACH: {"signal": signal, "incident": incident},
        Verb.INVITE: {"name": "Eve", "sign_in": "eve"},
        Verb.RESET_LINK: {"account": account},
        Verb.DISABLE: {"account": account, "reason": "Left"},
        Verb.ENABLE: {"account": account},
        Verb.DUTIES: {"account": account, "duties": [], "expected": 1},
        Verb.TOKEN: {"name": "A token"},
        Verb.REVOKE: {"token": NOBODY_S_ID},
        Verb.EFFECT: on | {"effect": 4, "became": "dropped", "reason": "Not needed"},
        Verb.ANSWER: on,
        Verb.START_DRILL: {"exercise": "The shop under attack"},
        Verb.PAUSE: NO_DRILL,
        Verb.RESUME: NO_DRILL,
        Verb.SPEED: NO_DRILL | {"speed": "60"},
        Verb.STEP: NO_DRILL | {"seconds": 60},
        Verb.END_DRILL: NO_DRILL,
        Verb.JOIN: NO_DRILL,
        Verb.LEAVE: NO_DRILL,
        Verb.SEND_TEST: {"person": "ana@shop.example"},
    }
    return table[verb] | more
