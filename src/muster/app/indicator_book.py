"""The lists of indicators in force as people see them: what they hold, what was left out, what fired, and one value."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from muster.access.may import visible
from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.rule_files import RuleFiles
from muster.app.views import View
from muster.detect.indicators import entries
from muster.detect.indicators.indicator import Left
from muster.detect.indicators.loading import Loaded, load
from muster.detect.indicators.seeking import Feed, about
from muster.store.append import Ledger
from muster.store.firing import fired

MOST_FIRED = 200
"""Indicators that fired on one page, those of the most signals first."""


class ListView(View):
    """A list in force. kinds: indicators by kind. left_out: entries by reason. signals: of its values, in the own lane."""

    path: str
    format: str
    kinds: dict[str, int]
    excludes: int
    false_alarms: int
    left_out: dict[str, int]
    signals: int


class LeftView(View):
    """What is left out of a list: where it stands, why, and the start of what it says."""

    path: str
    where: str
    reason: str
    text: str


class FiredIndicatorView(View):
    """An indicator that fired: signals of the caller's lane, their matched events, the newest."""

    key: str
    title: str
    signals: int
    events: int
    last_at: str


class StandingView(View):
    """A value in one list, now. Times in UTC, None where the list says none."""

    path: str
    kind: str
    value: str
    label: str
    tlp: str
    life: str
    score: int
    valid_from: str | None
    valid_until: str | None


class LookedUpView(View):
    """A value that was asked for. understood: in its normal form; empty when it is no indicator, then why says it."""

    asked: str
    understood: str
    why: str
    found: tuple[StandingView, ...]


class IndicatorsView(View):
    """All lists in force. named: what was left out, the first 500. threshold: a lower score is not reported."""

    lists: tuple[ListView, ...]
    total: int
    left_out: int
    named: tuple[LeftView, ...]
    fired: tuple[FiredIndicatorView, ...]
    fired_left_out: int
    threshold: int
    looked_up: LookedUpView | None


@dataclass
class IndicatorBook:
    """Reads them for callers; lists that did not change are not read again."""

    reading: Reading
    rules: RuleFiles
    ledger: Ledger
    clock: Callable[[], datetime]
    _known: tuple[str, Loaded] | None = None

    def all(self, caller: Caller, value: str = "") -> IndicatorsView:
        """The lists, and where one value stands when it is asked for. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        loaded = self._loaded()
        hits = self._fired(caller)
        by_list = Counter[str]()
        for one in hits:
            for feed in _naming(loaded, one.key):
                by_list[feed.path] += one.signals
        return IndicatorsView(
            lists=tuple(
                ListView(
                    path=one.path,
                    format=one.format.value if one.format else "not readable",
                    kinds={kind.value: count for kind, count in sorted(one.kinds.items())},
                    excludes=one.excludes,
                    false_alarms=one.false_alarms,
                    left_out={why.value: count for why, count in sorted(one.left.items())},
                    signals=by_list[one.path],
                )
                for one in loaded.lists
            ),
            total=loaded.count,
            left_out=loaded.left,
            named=tuple(
                LeftView(path=path, where=one.where, reason=one.why.value, text=one.text)
                for path, one in loaded.named
            ),
            fired=tuple(hits[:MOST_FIRED]),
            fired_left_out=max(0, len(hits) - MOST_FIRED),
            threshold=loaded.watched.threshold,
            looked_up=self._looked_up(loaded, value.strip()) if value.strip() else None,
        )

    def _loaded(self) -> Loaded:
        version = self.rules.version()
        known = self._known
        if known is None or known[0] != version:
            texts = self.rules.read()
            known = (texts.version, load({path: text.encode() for path, text in texts.indicators.items()}))
            self._known = known
        return known[1]

    def _fired(self, caller: Caller) -> list[FiredIndicatorView]:
        with self.ledger.database.read() as connection:
            rows = [
                row
                for row in fired(connection, visible(caller.actor))
                if row["rule_key"].startswith("indicator:")
            ]
        found: dict[str, FiredIndicatorView] = {}
        for row in sorted(rows, key=lambda row: row["last_at"]):
            before = found.get(row["rule_key"])
            found[row["rule_key"]] = FiredIndicatorView(
                key=row["rule_key"],
                title=row["title"],
                signals=row["signals"] + (before.signals if before else 0),
                events=int(row["events"]) + (before.events if before else 0),
                last_at=row["last_at"],
            )
        return sorted(found.values(), key=lambda one: (-one.signals, one.key))

    def _looked_up(self, loaded: Loaded, asked: str) -> LookedUpView:
        entry = entries.entry(None, asked, "")
        if isinstance(entry, Left):
            return LookedUpView(asked=asked[:200], understood="", why=entry.why.value, found=())
        at = int(self.clock().timestamp())
        found = [
            StandingView(
                path=feed.path,
                kind=one.kind.value,
                value=one.value,
                label=one.label,
                tlp=(one.tlp or feed.tlp).value,
                life=standing.life.value,
                score=standing.score,
                valid_from=_time(one.valid_from),
                valid_until=_time(one.valid_until),
            )
            for feed, one, standing in about(loaded.watched, entry, at)
        ]
        return LookedUpView(asked=asked[:200], understood=entry.value, why="", found=tuple(found))


def _naming(loaded: Loaded, key: str) -> Iterator[Feed]:
    """The lists that name the value of a hit."""
    _, kind, value = (*key.split(":", 2), "", "")[:3]
    for feed in loaded.watched.feeds:
        if any(feed.index.kind(row).value == kind for row in feed.index.rows(value)):
            yield feed


def _time(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None
