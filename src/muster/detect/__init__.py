"""Detect: rules compiled into rulesets, matched over Arrow batches of events.

    rules (bytes) --ruleset.compile--> Ruleset            what is loaded, and what is not, with its reason
    lines (bytes) --events.read-----> Reading             a batch of columns, and the lines nobody could read
    Ruleset, batch --matching.match--> list[Hit]          which rule matched which rows
    Ruleset, hits --grouping.group--> list[Grouped]       what is reported per rule, with the first events' bytes

Everything here is a pure function of its arguments.
"""
