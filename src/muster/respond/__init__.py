"""Respond: signals and triage, severity, incident, command, facts, and what is hidden again."""
