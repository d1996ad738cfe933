"""What a report of hits says of a rule (names, level, author, tags, licence, references) and of assets, within bounds."""

from collections.abc import Iterable
from typing import Any

from muster.detect.assets import Assets
from muster.detect.rule import Level, Rule

MOST_TAGS = 50
MOST_REFERENCES = 10


def rule_words(
    key: str,
    rule_id: str | None,
    title: str | None,
    level: Level | None,
    author: str | None,
    tags: Iterable[str] = (),
    licence: str | None = None,
    references: Iterable[str] = (),
) -> dict[str, Any]:
    """The fields of a hit that come from its rule. What a rule file says is not trusted: one line each, cut."""
    return {
        "rule_key": as_line(key),
        "rule_id": as_line(rule_id or key),
        "title": as_line(title or key),
        "level": level.value if level else "medium",
        "author": " ".join((author or "").split())[:200],
        "tags": [as_line(one) for one in tags if one.strip()][:MOST_TAGS],
        "license": " ".join((licence or "").split())[:200],
        "references": [as_line(one) for one in references if one.strip()][:MOST_REFERENCES],
    }


def words_of(rule: Rule) -> dict[str, Any]:
    """The same of a loaded rule."""
    return rule_words(
        rule.key, rule.rule_id, rule.title, rule.level, rule.author, rule.tags, rule.license, rule.references
    )


def asset_words(found: Assets) -> dict[str, Any]:
    """The fields of a hit that say which hosts its events name."""
    named = [{"name": one.name, "count": one.count} for one in found.named]
    return {"assets": named, "more_assets": found.more} if named else {}


def as_line(text: str) -> str:
    """Names of rules as one line: what a rule file says is not trusted."""
    line = " ".join(text.replace("\0", " ").split())
    return line if len(line) <= 200 else f"{line[:120]}…{line[-79:]}"
