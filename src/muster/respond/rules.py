"""All of respond in one place: its rules by verb, its kinds of entries, its folds."""

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.record.body import Kind
from muster.record.state import Folds
from muster.respond import (
    declare,
    facts,
    incident,
    intake,
    log,
    progress,
    redaction,
    roles,
    rules_of_due,
    secrecy,
    severity,
    signal,
    triage,
)

RULES: dict[Verb, Rule] = rules_of_due.RULES | {
    rule.verb: rule
    for module in (declare, facts, intake, log, progress, redaction, roles, secrecy, severity, triage)
    for rule in module.RULES
}
KINDS: dict[str, Kind] = {
    name: kind
    for module in (signal, incident, log, facts, roles, severity, secrecy, redaction, rules_of_due)
    for name, kind in module.KINDS.items()
}
FOLDS: Folds = {
    fold.name: fold
    for fold in (
        signal.SIGNAL,
        incident.INCIDENT,
        log.SUMMARY,
        facts.FACTS,
        roles.ROLES,
        severity.SEVERITIES,
        secrecy.SIGHT,
        redaction.REDACTIONS,
    )
} | dict(rules_of_due.FOLDS)
