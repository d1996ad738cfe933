"""Indicators: values that somebody has seen attackers use, read from lists, indexed, and looked for in events.

    list (bytes) --listing.entries--> Indicator | Left      what is understood, and what is left out with its reason
    indicators --index.build--------> Index                 8 bytes an indicator to probe, the rest for confirmation
    feeds, batch --seeking.seek-----> Sought                which values stand in which rows, and what was not reported

Everything here is a pure function of its arguments.
"""
