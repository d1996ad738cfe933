"""A compiled ruleset as bytes and back: programs as JSON, tables as arrays, databases as Hyperscan writes them.

Nothing in it is run when it is read. It is for the very engine that wrote it: who keeps it minds the versions of
everything that it was made with (see `store/ruleset_cache`).
"""

from collections.abc import Sequence
from typing import Any

import orjson

from muster.detect.correlation_json import correlation_of, correlation_written
from muster.detect.field_tests import FieldTests
from muster.detect.gate import Gate
from muster.detect.pieces import Blobs, Unusable, opened, sealed
from muster.detect.program import Either, Every, Except, Node
from muster.detect.rule import LogSource, Reason, RuleKey, Unloaded, rule_of, rule_written
from muster.detect.ruleset import Loaded, Needs, Ruleset


def ruleset_bytes(ruleset: Ruleset) -> bytes:
    """The ruleset as bytes that tell when they were changed."""
    blobs = Blobs()
    sources = {one: place for place, one in enumerate(ruleset.sources)}
    told = [
        [
            [
                one.rule.key,
                one.rule.path,
                rule_written(one.rule),
                _node(one.program),
                one.fields,
                one.late,
                sorted(one.required),
            ]
            for one in ruleset.loaded
        ],
        [[one.product, one.category, one.service] for one in sources],
        [[one.source, _node(one.program), one.rules, sorted(one.fields)] for one in ruleset.gates],
        [[one.path, one.rule_id, one.title, one.reason, one.detail] for one in ruleset.unloaded],
        ruleset.tests.packed(blobs),
        [sorted(ruleset.needs.fields), ruleset.needs.text],
        [
            [one.rule.key, one.rule.path, rule_written(one.rule), correlation_written(one)]
            for one in ruleset.correlations
        ],
        sorted(ruleset.silent),
    ]
    return sealed([orjson.dumps(told), *blobs.sections])


def ruleset_of(data: bytes) -> Ruleset:
    """The ruleset of bytes that `ruleset_bytes` made. Raises `Unusable` for any others."""
    sections = opened(data)
    if not sections:
        raise Unusable
    try:
        return _ruleset(orjson.loads(sections[0]), Blobs(sections[1:]))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as fault:
        raise Unusable from fault


def _ruleset(told: Sequence[Any], blobs: Blobs) -> Ruleset:
    loaded, sources, gates, unloaded, tests, (fields, text), correlations, silent = told
    return Ruleset(
        tuple([_loaded(*one) for one in loaded]),
        tuple([LogSource(*one) for one in sources]),
        tuple(
            [Gate(source, _program(node), tuple(rules), frozenset(of)) for source, node, rules, of in gates]
        ),
        tuple(
            [
                Unloaded(path, rule_id, title, Reason(reason), detail)
                for path, rule_id, title, reason, detail in unloaded
            ]
        ),
        FieldTests.unpacked(tests, blobs),
        Needs(frozenset(fields), bool(text)),
        tuple(
            [correlation_of(rule_of(RuleKey(key), path, rule), one) for key, path, rule, one in correlations]
        ),
        frozenset(map(RuleKey, silent)),
    )


def _loaded(
    key: str,
    path: str,
    rule: Sequence[Any],
    program: Sequence[Any],
    fields: list[str],
    late: list[str],
    required: list[int],
) -> Loaded:
    return Loaded(
        rule_of(RuleKey(key), path, rule), _program(program), tuple(fields), tuple(late), frozenset(required)
    )


def _node(node: Node) -> list[object]:
    if isinstance(node, Except):
        return [_node(node.part)]
    return [isinstance(node, Every), node.numbers, [_node(part) for part in node.parts]]


def _program(told: Sequence[Any]) -> Node:
    if len(told) == 1:
        return Except(_program(told[0]))
    every, numbers, parts = told
    kind = Every if every else Either
    return kind(tuple(numbers), tuple([_program(part) for part in parts]) if parts else ())
