"""A drill runs the same code as reality: nothing branches on the lane but the door and the clock."""

import ast
from collections.abc import Iterator, Mapping

from lints.house import Finding, House, Source

WORDS = frozenset({"REAL", "in_drill", "is_drill", "is_real", "lane", "lanes"})
PLAIN = (
    ast.Name | ast.Attribute | ast.Compare | ast.UnaryOp
)  # a call may carry the lane without asking for it
ALLOWED: Mapping[str, str] = {
    "src/muster/app/door.py": "in a drill an effect is replaced by a recorded dry run",
    "src/muster/rehearse/clock.py": "a drill has a clock of its own",
    "src/muster/record/lane.py": "defines what a lane is",
}
# Carrying, grouping by and labelling a lane are allowed anywhere. Where that needs a comparison it is listed: the
# file, the function, and why it is no branch of behaviour.
GROUPING: Mapping[tuple[str, str], str] = {
    ("src/muster/access/may.py", "LaneIs.admits"): "shows each lane its own things, in both alike",
    ("src/muster/access/may.py", "may"): "hides the other lane's things, in both alike",
    ("src/muster/store/visible_sql.py", "condition"): "turns the rule of access into SQL, in both alike",
    ("src/muster/store/append.py", "Ledger._write_one"): "refuses to join two lanes, in both alike",
    ("src/muster/store/due.py", "claim"): "takes what is due lane by lane, in all alike",
    ("src/muster/store/due.py", "left_at"): "counts what is due lane by lane, in all alike",
    ("src/muster/store/due.py", "latest_in"): "finds the latest time of a lane, in all alike",
    (
        "src/muster/app/exercised.py",
        "exercised",
    ): "finds the streams of a drill, and is asked for drills only",
    ("src/muster/store/credentials.py", "leave_lane"): "finds the sessions of a lane, in all alike",
    ("src/muster/store/spool.py", "Spool.waits_in"): "looks for events of a lane, in all alike",
    ("src/muster/store/archive.py", "Range.holds"): "chooses the stored events of a lane, in all alike",
    ("src/muster/app/seen_words.py", "Sighted.of"): "chooses what came of a lane, in all alike",
    ("src/muster/cli_drill.py", "_incidents"): "lists the incidents of a lane, in all alike",
    ("src/muster/web/pages/drills.py", "_Drills._one"): "labels the drill that one takes part in",
}


def check(house: House) -> Iterator[Finding]:
    """Look at every question that is asked in Muster, and at every comparison, for a mention of the lane."""
    for source in house.python("src/muster/"):
        if source.path not in ALLOWED:
            yield from _scope(source, source.tree, "")


def _scope(source: Source, scope: ast.AST, function: str) -> Iterator[Finding]:
    """One function or class at a time, because a name means something only within."""
    inner: list[ast.AST] = []
    own: list[ast.AST] = []
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner.append(node)
        else:
            own.append(node)
            waiting.extend(ast.iter_child_nodes(node))
    if (source.path, function) not in GROUPING:
        words = WORDS | _aliases(own)
        lines = {
            question.lineno for node in own for question in _questions(node) if _mentions(question, words)
        }
        for line in sorted(lines):
            yield source.says(
                line, "this asks for the lane: only the door and the clock may (lints/lanes.py)"
            )
    for node in inner:
        name = getattr(node, "name", "")
        yield from _scope(source, node, f"{function}.{name}".lstrip("."))


def _questions(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        yield node.test
    elif isinstance(node, ast.Match):
        yield node.subject
        yield from (case.guard for case in node.cases if case.guard)
    elif isinstance(node, ast.comprehension):
        yield from node.ifs
    elif isinstance(node, ast.Compare):
        yield node
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def _mentions(expression: ast.expr, words: frozenset[str]) -> bool:
    for node in ast.walk(expression):
        if (isinstance(node, ast.Name) and node.id in words) or (
            isinstance(node, ast.Attribute) and node.attr in WORDS
        ):
            return True
    return False


def _aliases(nodes: list[ast.AST]) -> frozenset[str]:
    """Other names of the lane: `drill = state.lane != REAL` is the same question a line earlier."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, PLAIN) and _mentions(node.value, WORDS):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(names)
