"""Holes of this server: log sources of the plan in force that none of its rules reads."""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.rule_files import RuleFiles
from muster.app.views import View
from muster.app.world import World
from muster.plan.yaml_text import Flaw, read_yaml
from muster.prepare.holes import RuleSource, holes, source_of

_BETWEEN = re.compile(r"^---.*$", re.MULTILINE)
"""Between two documents of YAML."""


class HoleView(View):
    """A log source that no rule reads. place: the beginning of the ids of its plan lines."""

    service: str
    log: str
    what: str
    owner: str
    place: str
    sentence: str


@dataclass
class Holes:
    """Reads holes for callers. What the rules read is looked up again only when a rule changes."""

    reading: Reading
    rules: RuleFiles
    world: World
    _known: tuple[str, Mapping[str, RuleSource]] = ("", MappingProxyType({}))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self, caller: Caller) -> tuple[HoleView, ...]:
        """Every hole; none while no plan is in force. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        version = self.world.now().version
        plan = version.plan if version else None
        if plan is None:
            return ()
        return tuple(
            HoleView(
                service=one.service, log=one.log, what=one.what, owner=one.owner, place=one.place,
                sentence=one.sentence(),
            )
            for one in holes(plan.in_force.services, self.sources().values())
        )  # fmt: skip

    def sources(self) -> Mapping[str, RuleSource]:
        """What each rule in force reads, by the path of its file, and `#2`, `#3` for further ones in it."""
        with self._lock:
            read = self.rules.read()
            if self._known[0] != read.version:
                found = (pair for path, text in read.files.items() for pair in _sources(path, text))
                self._known = (read.version, dict(found))
            return self._known[1]


def _sources(path: str, text: str) -> Iterator[tuple[str, RuleSource]]:
    """Name and log source of each document of a rule file that has one; what cannot be read reads nothing."""
    number = 0
    for document in _BETWEEN.split(text):
        found = source_of(_tree(document))
        if found is not None:
            number += 1
            yield (path if number == 1 else f"{path}#{number}"), found


def _tree(document: str) -> object:
    try:
        return read_yaml(document.encode()).value
    except Flaw:
        return None
