"""Whether a condition asks for some value at all: one that does not meets almost every event of its log source."""

from muster.detect.condition import AllOf, AnyOf, Condition, Gap, Not, Present, Term, Text, Wildcard


def asks_for_a_value(condition: Condition) -> bool:
    """Whether no event can meet it without a value that it names: something must be there, not only be missing."""
    return _must(condition, wanted=True)


def _must(condition: Condition, *, wanted: bool) -> bool:
    """wanted: whether it is asked that the condition holds, or (under a negation) that it does not."""
    if isinstance(condition, Term):
        return wanted and not _is_any(condition)
    if isinstance(condition, Not):
        return _must(condition.part, wanted=not wanted)
    parts = [_must(part, wanted=wanted) for part in condition.parts]
    every = isinstance(condition, AllOf) if wanted else isinstance(condition, AnyOf)
    return any(parts) if every else bool(parts) and all(parts)


def _is_any(term: Term) -> bool:
    test = term.test
    if isinstance(test, Text):
        return not test.text
    if isinstance(test, Wildcard):
        return all(isinstance(part, Gap) for part in test.parts)
    return isinstance(test, Present)
