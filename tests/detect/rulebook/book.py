"""A whole rule, and ways to break it."""

RULE = """\
title: Shell under the web server
id: 6f0c1e1e-4a2e-4c39-9e4e-1f6a3b0d7c11
status: experimental
author: Ann
date: 2026-11-24
tags:
    - attack.execution
    - attack.t1059.003
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\cmd.exe'
    condition: selection
level: high
"""
TESTS = """\
must_match:
  - why: A shell.
    event: {Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\x\\cmd.exe'}
must_not_match:
  - why: Another program.
    event: {Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\x\\notepad.exe'}
"""


def changed(before: str, after: str) -> bytes:
    """The rule with one thing changed."""
    assert before in RULE
    return RULE.replace(before, after).encode()
