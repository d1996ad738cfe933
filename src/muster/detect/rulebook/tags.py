"""Tags of rules: their form as the Sigma specification 2.1.0 has it, and the techniques and tactics that they name.

Whether ATT&CK has a technique of that number is not asked: its lists change, and nothing here uses the network.
"""

import re
from collections.abc import Iterable

TACTICS = (
    "reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation",
    "stealth", "defense-impairment", "defense-evasion", "credential-access", "discovery", "lateral-movement",
    "collection", "command-and-control", "exfiltration", "impact", "evasion", "inhibit-response-function",
    "impair-process-control", "network-effects", "remote-service-effects",
)  # fmt: skip
"""The short names of tactics (attack.mitre.org/tactics): enterprise in the order of an attack, then industry, mobile."""
_TAG = re.compile(r"[a-z0-9_-]+\.[a-z0-9][a-z0-9._-]*")
_TECHNIQUE = re.compile(r"attack\.(t[0-9]{4}(?:\.[0-9]{3})?)")
_OTHER = re.compile(r"attack\.(?:[gsmc][0-9]{4}|ds[0-9]{4}|ta[0-9]{4})")


def techniques(tags: Iterable[str]) -> tuple[str, ...]:
    """The techniques that tags name, in capitals: `T1059.003`; each once."""
    found = (_TECHNIQUE.fullmatch(tag.lower()) for tag in tags)
    return tuple(dict.fromkeys(one[1].upper() for one in found if one))


def tactics(tags: Iterable[str]) -> tuple[str, ...]:
    """The tactics that tags name; each once. The older writing with `_` counts."""
    names = (
        tag.lower().removeprefix("attack.").replace("_", "-") for tag in tags if tag.startswith("attack.")
    )
    return tuple(dict.fromkeys(name for name in names if name in TACTICS))


def wrong_form(tag: str) -> str | None:
    """Why a tag has no known form; None when it has one."""
    if not _TAG.fullmatch(tag):
        return "a tag is NAMESPACE.NAME in lower-case letters"
    if not tag.startswith("attack."):
        return None
    name = tag.removeprefix("attack.")
    if _TECHNIQUE.fullmatch(tag) or _OTHER.fullmatch(tag) or name in TACTICS:
        return None
    if name.replace("_", "-") in TACTICS:
        return f"tactics are written with hyphens: attack.{name.replace('_', '-')}"
    return "it is no tactic of ATT&CK, and no number such as attack.t1059.003"
