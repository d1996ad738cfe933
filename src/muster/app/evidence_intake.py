"""Hits with their first events: the bytes become blobs before the entries that name them are written."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.doing import Answer, Doing, first_fault, parse
from muster.app.registry import RULES
from muster.core.errors import BadInput
from muster.respond.intake import ReportHits
from muster.store.blobs import Blobs

MOST_EVIDENCE = 512 * 1024


class SentEvidence(BaseModel):
    """The first matched events as they came (base64, each with its line end), and their places in the batch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str
    events: tuple[int, ...]


@dataclass(frozen=True)
class EvidenceIntake:
    """Takes reports of hits."""

    doing: Doing
    blobs: Blobs

    def report_hits(self, fields: Mapping[str, Any], caller: Caller, key: str | None) -> Answer:
        """Does `hits` with evidence sent along. Raises as `do` does; a blob without entry may stay, an entry without
        its blob never does."""
        self.doing.ask(Verb.HITS, caller)
        hits = fields.get("hits")
        if not isinstance(hits, list):
            return self.doing.do(Verb.HITS, fields, caller, key)
        blobs: list[bytes] = []
        named = {**fields, "hits": [self._named(hit, blobs) for hit in cast("list[Any]", hits)]}
        # Nothing is kept for a report that is not allowed or cannot be read.
        parse(RULES[Verb.HITS].command, named)
        for data in blobs:
            self.blobs.put(data)
        return self.doing.do(Verb.HITS, named, caller, key)

    def _named(self, hit: Any, blobs: list[bytes]) -> Any:
        """The hit with its evidence by hash; the bytes are added to those that are to be stored."""
        if not isinstance(hit, dict):
            return hit
        found = cast("dict[str, Any]", hit)
        if found.get("evidence") is None:
            return found
        try:
            sent = SentEvidence.model_validate(found["evidence"])
            data = base64.b64decode(sent.data, validate=True)
        except ValidationError as error:
            raise first_fault(error, ReportHits) from None
        except (binascii.Error, ValueError):
            raise BadInput(
                "The evidence is no base64.", "hits.evidence.data", "Encode the bytes of the events."
            ) from None
        if len(data) > MOST_EVIDENCE:
            raise BadInput(
                "The evidence is too large.", "hits.evidence.data", f"Send at most {MOST_EVIDENCE} bytes."
            )
        blobs.append(data)
        evidence = {"sha256": hashlib.sha256(data).hexdigest(), "events": list(sent.events)}
        return {**found, "evidence": evidence}
