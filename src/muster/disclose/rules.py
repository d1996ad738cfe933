"""All of disclose in one place: its verbs, its kinds of entries, its folds, and kinds without words to hide."""

from muster.access.command import Rule
from muster.disclose import answers, filing, owed, publishing, statement
from muster.record.body import Body, Kind
from muster.record.state import Folds
from muster.respond.work import Work

WORK: dict[str, Work] = {one.word: one for module in (answers, filing, publishing) for one in module.WORK}
KINDS: dict[str, Kind] = {
    name: kind for module in (answers, owed, statement) for name, kind in module.KINDS.items()
}
FOLDS: Folds = {fold.name: fold for fold in (answers.ANSWERS, owed.OWED, statement.STATEMENTS)}
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (*owed.FIXED, *statement.FIXED)


def rules() -> tuple[Rule, ...]:
    """The rules of the registry. Raises ValueError while access does not know one of the words."""
    return tuple(one.rule() for one in WORK.values())
