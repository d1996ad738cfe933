"""Shapes: how systems write their events, and what becomes of each: fields by the names that rules use.

A file is one shape; `registry` is the one list of them. A shape claims an event by a few look-ups and gives its
fields as pairs of name and text. What no shape claims passes through with dotted names and is counted as unknown.
A shape that is no Windows log also says where the event comes from, in the fields `logsource.*` (see `routing`).
The event as it came stands beside the fields, in the column `muster.raw`.
"""
