"""After a crash: what the clients' diaries say was acknowledged, against what the record and the disk hold."""

import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from muster.respond.facts import FactStated
from muster.respond.incident import IncidentDeclared
from muster.respond.log import LogWritten
from muster.respond.signal import SignalHit, SignalRaised, Source
from muster.store.blobs import Blobs
from tests.crash.diary import Asked, Diary
from tests.crash.place import Place, Recorded


def words_of(entries: Iterable[Recorded]) -> dict[tuple[str, str], list[Recorded]]:
    """Each entry that a client's request made, by its verb and the word that only this request carried."""
    found: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for entry in entries:
        match entry.body:
            case IncidentDeclared(what=word):
                found["declare", word].append(entry)
            case LogWritten(text=word):
                found["log", word].append(entry)
            case FactStated(text=word):
                found["fact", word].append(entry)
            case SignalRaised(title=word, source=Source.WEBHOOK):
                found["signal", word].append(entry)
            case SignalHit():
                found["hits", entry.body.rule.id].append(entry)
            case _:
                pass
    return found


def reckon(place: Place, diaries: list[Diary], *others: tuple[str, str]) -> None:
    """Everything acknowledged is there exactly once, and nothing is there that nobody (nor one of others) asked for."""
    found = words_of(place.entries())
    kept = Blobs(str(place.data / "blobs"), make=False)
    asked = {(one.verb, one.word) for diary in diaries for one in diary.asked}
    for diary in diaries:
        for one in diary.answered:
            if one.verb != "events":
                _stands_once(one, found[one.verb, one.word], kept)
    assert {key for key, entries in found.items() if entries} <= asked | set(others)
    _batches_are_safe(
        place.folder, [one for diary in diaries for one in diary.answered if one.verb == "events"]
    )


def _stands_once(one: Asked, entries: list[Recorded], kept: Blobs) -> None:
    assert len(entries) == 1, f"{one.verb} {one.word} stands {len(entries)} times"
    (entry,), answer = entries, one.answer
    assert answer is not None
    match one.verb:
        case "declare":
            assert (entry.stream, entry.seq) == (answer["incident"], 0)
        case "log" | "fact":
            assert (entry.stream, entry.seq) == (one.fields["incident"], answer["seq"])
        case "signal":
            assert (entry.stream, entry.seq) == (answer["signal"], 0)
        case _:
            (said,) = answer["signals"]
            assert isinstance(entry.body, SignalHit)
            assert (entry.stream, entry.body.evidence is not None) == (said["signal"], said["evidence"])
            if entry.body.evidence is not None:
                assert kept.get(entry.body.evidence.sha256) == one.word.encode()


def _batches_are_safe(folder: Path, batches: list[Asked]) -> None:
    """Acknowledged events lie in the spool, or among those that were matched."""
    safe: dict[str, Path] = {}
    for file in (*folder.glob("*/spool/[!.]*.jsonl.gz"), *folder.glob("*/events/[!.]*.jsonl.gz")):
        safe[file.name.removesuffix(".jsonl.gz").rpartition("_")[2]] = file
    for one in batches:
        assert one.answer is not None
        sha256 = hashlib.sha256(one.lines).hexdigest()
        assert one.answer == {"batch": one.word, "sha256": sha256, "events": 8}
        assert gzip.decompress(safe[sha256].read_bytes()) == one.lines
